"""Template tags for the parts that all pages share: the masthead, the filters of a list, and its counts and chart."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from stories.listings.coverage import Bar, Coverage
from stories.listings.story_rows import ListedRegion
from stories.models import Region, Tag
from stories.paths import site_path
from stories.public.dates import format_month, format_short_month, today
from stories.public.filters import StoryFilter
from stories.public.languages import language_tag, text_direction
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
def masthead(context: Context, *, has_regions: bool = True, has_search: bool = True) -> str:
    """Render the top of a page, the current link marked. One query, unless the request's regions were read already.

    Without regions, none. Then the context needs no request.
    """
    regions, here = None, None
    if has_regions:
        request, term = context["request"], context.get("term")
        regions = _listed(get_regions(request))
        paths = {site_path("front"), site_path("tags"), *(region.get_absolute_url() for region in regions)}
        path = term.get_absolute_url() if term else request.path
        here = path if path in paths else None
    return _masthead(regions, here, has_search, today(), settings.SITE_NAME, get_language())


# The same on all pages of a day, but for the current link.
@lru_cache(maxsize=200)
def _masthead(
    regions: tuple[ListedRegion, ...] | None,
    here: str | None,
    has_search: bool,
    today: str,
    site: str,
    language: str | None,
) -> str:
    context = {"regions": regions, "here": here, "has_search": has_search, "today": today, "site": site}
    return render_to_string("stories/_masthead.html", context)


@register.simple_tag
def filter_form(filterset: StoryFilter) -> str:
    """Render the form that filters a list."""
    if filterset.has_input:
        return render_to_string("stories/_filter.html", {"filter": filterset})
    kind: Any = type(filterset)  # mypy takes classes for unhashable
    return _blank_form(kind, _listed(get_regions(filterset.request)), get_language())


# Mostly nothing is filtered; then the form is the same on all lists of a kind.
@lru_cache(maxsize=100)
def _blank_form(kind: type[StoryFilter], regions: tuple[ListedRegion, ...], language: str | None) -> str:
    return render_to_string("stories/_filter.html", {"filter": kind(request=SimpleNamespace(regions=regions))})


def _listed(regions: Iterable[Region]) -> tuple[ListedRegion, ...]:
    """Return regions as keys of a cache: equal only if all that a page shows of them is, unlike the models."""
    return tuple(ListedRegion(region.name, region.slug, region.pk) for region in regions)


@register.filter
def month(first_day: date) -> str:
    return format_month(first_day, get_language())


@register.filter
def short_month(first_day: date) -> str:
    return format_short_month(first_day, get_language())


@register.simple_tag
def title_end(first_day: date | None, page: int) -> str:
    """Return what a page's title has after the list's name: its month, and its number from the second page on."""
    ends = [month(first_day)] if first_day else []
    if page > 1:
        ends.append(gettext("page %(number)s") % {"number": page})
    return "".join(f", {end}" for end in ends)


@register.filter
def link_if(term: Region | Tag, is_link: Any) -> SafeString:
    """Render a region's or tag's name, as a link to its list if asked for."""
    return format_html('<a href="{}">{}</a>', term.get_absolute_url(), term.name) if is_link else escape(term.name)


@register.filter
def stories_noun(number: int) -> str:
    """Return the noun that follows a number of stories."""
    return _stories_noun(number, get_language())


@lru_cache(maxsize=1_000)
def _stories_noun(number: int, language: str | None) -> str:
    return ngettext("story", "stories", number)


@register.simple_tag
def counts(regions: Iterable[tuple[Region, int]], here: Region | None, path: str) -> SafeString:
    """Render links to a tag's stories in each region, with their numbers. A template would take ten times as long."""
    # Translators: a link to a tag's stories in one region. Leave out "in" where the name would need another case.
    text = gettext("in %(region)s")
    language = get_language()
    rows = []
    for region, stories in regions:
        current = mark_safe(' aria-current="page"') if region == here else ""
        name, noun = text % {"region": region.name}, _stories_noun(stories, language)
        rows.append((hue(region), path, quote(region.slug), current, name, stories, noun))
    return format_html_join("", COUNT, rows)


@register.filter
def bars(coverage: Coverage) -> SafeString:
    """Render the chart's bars, each a link, ten wide and at most forty high. A template would take ten times as long."""
    language = get_language()
    return mark_safe("".join(_bar(bar, language) for bar in coverage.bars))  # noqa: S308 (all but the URL are our own words and numbers)


def _bar(bar: Bar, language: str | None) -> str:
    return BAR.format(
        url=escape(bar.url),
        current=' aria-current="page"' if bar.is_current else "",
        month=format_month(bar.month.first_day, language),
        stories=bar.month.stories,
        noun=_stories_noun(bar.month.stories, language),
        x=bar.slot,
        top=bar.top,
    )
