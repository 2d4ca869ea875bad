"""Links from one screen to another."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


def story_count_link(parameter: str, value: object, count: int) -> SafeString:
    """Return a link such as "12 stories" to the story list, filtered by `parameter`."""
    noun = "story" if count == 1 else "stories"
    url = reverse("admin:stories_story_changelist")
    return format_html('<a href="{}?{}={}">{} {}</a>', url, parameter, value, count, noun)
