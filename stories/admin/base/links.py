"""Links between the screens."""

from django.urls import reverse
from django.utils.html import format_html


def story_count_link(parameter: str, value, count: int):
    """ "12 stories", leading to the list of just these."""
    word = "story" if count == 1 else "stories"
    return format_html(
        '<a href="{}?{}={}">{} {}</a>', reverse("admin:stories_story_changelist"), parameter, value, count, word
    )
