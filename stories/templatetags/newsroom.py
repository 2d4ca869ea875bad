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


BAR = (
    '<a href="{}"{}><title>{}: {} {}</title><path class="slot" d="M{x}0 0h10v40h-10z"/>'
    '<path d="M{x}1 {top}h8V40h-8z"/></a>\n'
)


@register.filter
def bars(coverage):
    """The chart's bars, each a link, ten wide and at most forty high. In Python: a template takes six times as long."""
    return mark_safe("".join(_bar(bar) for bar in coverage.bars))  # noqa: S308 (of bars by format_html)


def _bar(bar):
    stories = bar.month.stories
    current = mark_safe(' aria-current="page"') if bar.is_current else ""
    words = month(bar.month.first_day), stories, "story" if stories == 1 else "stories"
    return format_html(BAR, bar.address, current, *words, x=bar.slot, top=bar.top)


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
