"""Links from one screen to another."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext


def story_count_link(parameter: str, value: object, count: int) -> SafeString:
    """Return a link such as "12 stories" to the story list, filtered by `parameter`."""
    label = ngettext("%(count)s story", "%(count)s stories", count) % {"count": count}
    url = reverse("admin:stories_story_changelist")
    return format_html('<a href="{}?{}={}">{}</a>', url, parameter, value, label)
