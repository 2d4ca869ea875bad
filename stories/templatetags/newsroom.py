"""What templates need that the views don't hand them: the masthead's data, and the end of a story's body."""

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from stories.navigation import regions_of

register = template.Library()


@register.simple_tag
def site_name():
    return settings.SITE_NAME


@register.simple_tag(takes_context=True)
def regions(context):
    """The regions of the masthead. One query for a request."""
    return regions_of(context["request"])


@register.filter
def month(first_day) -> str:
    """As in "June 2024"."""
    return f"{first_day:%B %Y}"


@register.simple_tag
def dateline(moment):
    """The day of a moment by the newsroom's clocks, as in "3 June 2024". By hand: Django's filters take ten times as long."""
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local.day} {local:%B %Y}")


@register.filter
def with_sources(story):
    """The body, and "See" with the sources at the end of its last paragraph, as the bulletin always set them."""
    body = mark_safe(story.body)  # noqa: S308 (nothing is stored that models/body.py did not sanitise)
    links = format_html_join(", ", '<a href="{}" rel="external">{}</a>', ((s.url, s) for s in story.sources.all()))
    if not links:
        return body
    see = format_html("See {}", links)
    if body.endswith("</p>"):
        return format_html("{} {}</p>", mark_safe(body.removesuffix("</p>")), see)  # noqa: S308
    return format_html("{}<p>{}</p>", body, see)
