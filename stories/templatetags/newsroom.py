"""What templates need that the views don't hand them: the masthead's data, months, and the bars of the chart."""

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import mark_safe

from stories.navigation import regions_of

register = template.Library()


@register.simple_tag
def site_name():
    return settings.SITE_NAME


@register.simple_tag
def inlined_style():
    return mark_safe(settings.INLINED_STYLE)  # noqa: S308 (a file of our own)


@register.simple_tag
def inlined_script():
    return mark_safe(settings.INLINED_SCRIPT)  # noqa: S308 (a file of our own)


@register.filter
def hue(region) -> str:
    """The class of its colour, of which there are eight. By its key: neighbours differ, and it stays when they move."""
    return f"hue-{region.pk % 8}"


@register.simple_tag(takes_context=True)
def regions(context):
    """The regions of the masthead. One query for a request."""
    return regions_of(context["request"])


@register.filter
def month(first_day) -> str:
    """As in "June 2024"."""
    return f"{first_day:%B %Y}"


BAR = (
    '<a href="{address}"{current}><title>{month}: {stories}</title><path class="slot" d="M{x}0 0h10v40h-10z"/>'
    '<path d="M{x}1 {top}h8V40h-8z"/></a>\n'
)


@register.filter
def bars(coverage):
    """The chart's bars, each a link, ten wide and at most forty high. In Python: a template takes ten times as long."""
    return mark_safe("".join(_bar(bar) for bar in coverage.bars))  # noqa: S308 (only the address could hold any markup)


def _bar(bar):
    stories = bar.month.stories
    return BAR.format(
        address=escape(bar.address),
        current=' aria-current="page"' if bar.is_current else "",
        month=month(bar.month.first_day),
        stories=f"{stories} story" if stories == 1 else f"{stories} stories",
        x=bar.slot,
        top=bar.top,
    )
