"""What templates need that the views don't hand them: the masthead's data, months, and the bars of the chart."""

from functools import lru_cache
from types import SimpleNamespace
from urllib.parse import quote

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html_join
from django.utils.safestring import mark_safe

from stories.listings.story_rows import ListedRegion
from stories.paths import site_path
from stories.public.navigation import get_regions, hue

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


register.filter(hue)


@register.simple_tag(takes_context=True)
def navigation(context):
    """The links of the masthead, the present place marked. One query for a request, if nothing asked for the regions yet."""
    request, term = context["request"], context.get("term")
    regions = _listed(get_regions(request))
    here = term.get_absolute_url() if term else request.path
    places = {site_path("front"), site_path("tags"), *(region.get_absolute_url() for region in regions)}
    return _navigation(regions, here if here in places else None)


# The same on every page, but for the present place.
@lru_cache(maxsize=100)
def _navigation(regions, here):
    return render_to_string("stories/_navigation.html", {"regions": regions, "here": here})


@register.simple_tag
def narrowing(filterset):
    """The boxes that narrow a list."""
    if filterset.is_asked:
        return render_to_string("stories/_filter.html", {"filter": filterset})
    return _blank(type(filterset), _listed(get_regions(filterset.request)))


# Mostly nobody has filled them in, and then they are the same on every list of a kind.
@lru_cache(maxsize=100)
def _blank(kind, regions):
    return render_to_string("stories/_filter.html", {"filter": kind(request=SimpleNamespace(regions=regions))})


def _listed(regions):
    """To be remembered by all that is shown of them, which the models' own equality leaves out."""
    return tuple(ListedRegion(region.name, region.slug, region.pk) for region in regions)


@register.simple_tag
def counts(regions, here, address):
    """The regions, each with the number of stories that its link leads to; in Python, like the chart."""
    return format_html_join("", COUNT, (_count(*region, here, address) for region in regions))


def _count(region, stories, here, address):
    current = mark_safe(' aria-current="page"') if region == here else ""
    return hue(region), address, quote(region.slug), current, region.name, stories, "y" if stories == 1 else "ies"


@register.filter
@lru_cache(maxsize=1_000)
def month(first_day) -> str:
    """As in "June 2024"."""
    return f"{first_day:%B %Y}"


COUNT = (
    '<li class="{}"><a href="{}?region={}"{}>in {} <span class="count">{}'
    '<span class="visually-hidden"> stor{}</span></span></a></li>\n'
)
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
