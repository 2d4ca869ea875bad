"""Template tags for the parts that all pages share: the masthead, the filters of a list, and its counts and chart."""

from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from stories.listings.coverage import Bar, Coverage
from stories.listings.story_rows import ListedRegion
from stories.models import Region, Tag
from stories.paths import site_path
from stories.public.dates import format_month, today
from stories.public.filters import StoryFilter
from stories.public.languages import cache_by_language, language_tag, text_direction
from stories.public.navigation import get_regions, hue

COUNT = (
    '<li class="{}"><a href="{}?region={}"{}>{} <span class="count">{}'
    '<span class="visually-hidden"> {}</span></span></a></li>\n'
)
BAR = (
    '<a href="{url}"{current}><title>{month}: {stories} {noun}</title><path class="slot" d="M{x}0 0h10v40h-10z"/>'
    '<path d="M{x}1 {top}h8V40h-8z"/></a>\n'
)

register = template.Library()
register.simple_tag(language_tag)
register.simple_tag(text_direction)
register.simple_tag(today)
register.filter("month", format_month)
register.filter(hue)


@register.simple_tag
def site_name() -> str:
    return settings.SITE_NAME


@register.simple_tag
def inlined_style() -> SafeString:
    return mark_safe(settings.INLINED_STYLE)  # noqa: S308 (a file of the project)


@register.simple_tag
def inlined_script() -> SafeString:
    return mark_safe(settings.INLINED_SCRIPT)  # noqa: S308 (a file of the project)


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> str:
    """Render the masthead's links, the current one marked. One query, unless the request's regions were read already."""
    request, term = context["request"], context.get("term")
    regions = _listed(get_regions(request))
    here = term.get_absolute_url() if term else request.path
    paths = {site_path("front"), site_path("tags"), *(region.get_absolute_url() for region in regions)}
    return _navigation(regions, here if here in paths else None)


# The same on all pages but for the current link.
@cache_by_language(max_entries=100)
def _navigation(regions: tuple[ListedRegion, ...], here: str | None) -> str:
    return render_to_string("stories/_navigation.html", {"regions": regions, "here": here})


@register.simple_tag
def filter_form(filterset: StoryFilter) -> str:
    """Render the form that filters a list."""
    if filterset.has_input:
        return render_to_string("stories/_filter.html", {"filter": filterset})
    return _blank_form(type(filterset), _listed(get_regions(filterset.request)))


# Mostly nothing is filtered; then the form is the same on all lists of a kind.
@cache_by_language(max_entries=100)
def _blank_form(kind: type[StoryFilter], regions: tuple[ListedRegion, ...]) -> str:
    return render_to_string("stories/_filter.html", {"filter": kind(request=SimpleNamespace(regions=regions))})


def _listed(regions: Iterable[Region]) -> tuple[ListedRegion, ...]:
    """Return regions as keys of a cache: equal only if all that a page shows of them is, unlike the models."""
    return tuple(ListedRegion(region.name, region.slug, region.pk) for region in regions)


@register.simple_tag
def title_end(month: date | None, page: int) -> str:
    """Return what a page's title has after the list's name: its month, and its number from the second page on."""
    ends = [format_month(month)] if month else []
    if page > 1:
        ends.append(gettext("page %(number)s") % {"number": page})
    return "".join(f", {end}" for end in ends)


@register.filter
def link_if(term: Region | Tag, is_link: Any) -> SafeString:
    """Render a region's or tag's name, as a link to its list if asked for."""
    return format_html('<a href="{}">{}</a>', term.get_absolute_url(), term.name) if is_link else escape(term.name)


@register.filter
@cache_by_language(max_entries=1_000)
def stories_noun(number: int) -> str:
    """Return the noun that follows a number of stories."""
    return ngettext("story", "stories", number)


@register.simple_tag
def counts(regions: Iterable[tuple[Region, int]], here: Region | None, path: str) -> SafeString:
    """Render links to a tag's stories in each region, with their numbers. A template would take ten times as long."""
    # Translators: a link to a tag's stories in one region. Leave out "in" where the name would need another case.
    text = gettext("in %(region)s")
    return format_html_join("", COUNT, (_count(text, *region, here, path) for region in regions))


def _count(text: str, region: Region, stories: int, here: Region | None, path: str) -> tuple[Any, ...]:
    current = mark_safe(' aria-current="page"') if region == here else ""
    name = text % {"region": region.name}
    return hue(region), path, quote(region.slug), current, name, stories, stories_noun(stories)


@register.filter
def bars(coverage: Coverage) -> SafeString:
    """Render the chart's bars, each a link, ten wide and at most forty high. A template would take ten times as long."""
    return mark_safe("".join(map(_bar, coverage.bars)))  # noqa: S308 (all but the URL are our own words and numbers)


def _bar(bar: Bar) -> str:
    return BAR.format(
        url=escape(bar.url),
        current=' aria-current="page"' if bar.is_current else "",
        month=format_month(bar.month.first_day),
        stories=bar.month.stories,
        noun=stories_noun(bar.month.stories),
        x=bar.slot,
        top=bar.top,
    )
