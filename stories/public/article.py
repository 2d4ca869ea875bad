"""HTML of a story, for lists and for its own page.

Made in Python: a template takes five times as long for the ten stories of a list. So does Django's escape(), which
checks first whether a text is lazy or safe; the standard library's is as safe here.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from stories.listings.story_rows import ListedStory, ListedTerm
from stories.models import Source, Story, Tag
from stories.paths import site_path
from stories.text.languages import language_attributes
from stories.text.plain_text import in_one_line

from .dates import format_dateline
from .navigation import hue

AnyStory = Story | ListedStory

MAX_SUMMARY_CHARS = 200

ARTICLE = """\
<article class="story {hue}" aria-labelledby="story-{slug}"{language}>
<header>
{heading}
<p class="dateline">{dateline}{byline}</p>
</header>
<div class="body" dir="auto">{body}</div>
<footer>
{region}
{tags}

</footer>
</article>
"""
TITLE = '<h1 id="story-{}">{}</h1>'
HEADING = '<h2 id="story-{}"><a href="{}">{}</a></h2>'
STANDFIRST = '<p class="standfirst">{}</p>'
BYLINE = ' · <span class="byline">{}</span>'
LINK = '<a href="{}">{}</a>'
REGION = '<p class="region">{}</p>'
TAG = '<li><a rel="tag" href="{}">{}</a></li>\n'
TAGS = '<ul class="tags" aria-label="{}">\n{}</ul>'
CORRECTION = '<p class="correction"><strong>{}</strong> {}</p>'
SOURCE = '<a href="{}" rel="external">{}</a>'


class Words(NamedTuple):
    see: str
    correction: str
    tags: str


@lru_cache
def _words(language: str | None) -> Words:
    return Words(
        # Translators: links to the sources of a story, at the end of its text.
        see=gettext("See %(links)s"),
        correction=gettext("Correction:"),
        tags=gettext("Tags"),
    )


def article(story: AnyStory) -> SafeString:
    """Render a story for its own page."""
    return mark_safe(_article(story, title(story), get_language()))  # noqa: S308 (made of safe parts)


def articles(stories: Iterable[AnyStory]) -> SafeString:
    """Render stories for a list, with links to their pages."""
    language = get_language()
    return mark_safe("".join(_article(story, heading(story), language) for story in stories))  # noqa: S308 (safe parts)


def _article(story: AnyStory, heading: str, language: str | None) -> str:
    """Return HTML of which each part is escaped, or was sanitised by the models."""
    return ARTICLE.format(
        slug=escape(story.slug),
        hue=hue(story.region),
        language=language_attributes(story.language),
        heading=heading,
        dateline=format_dateline(story.published_at, language),
        byline=BYLINE.format(escape(story.byline)) if story.byline else "",
        body=body_with_sources(story, language),
        region=region_line(story.region.name, story.region.slug, language),
        tags=tag_list(story.tags_in_order, language),
    )


def title(story: AnyStory) -> str:
    return TITLE.format(escape(story.slug), escape(story.headline))


def heading(story: AnyStory) -> str:
    return HEADING.format(escape(story.slug), escape(site_path("story", story.slug)), escape(story.headline))


def body_with_sources(story: AnyStory, language: str | None) -> str:
    """Return any standfirst, the body with "See" and the sources in its last paragraph, and any correction."""
    body, links = story.body, ", ".join(map(source_link, story.sources_in_order))
    if links:
        see = _words(language).see % {"links": links}
        has_paragraph = body.endswith("</p>")
        body = f"{body.removesuffix('</p>')} {see}</p>" if has_paragraph else f"{body}<p>{see}</p>"
    if story.standfirst:
        body = STANDFIRST.format(escape(story.standfirst)) + body
    if story.correction:
        body += CORRECTION.format(_words(language).correction, escape(story.correction))
    return body


def summary(story: AnyStory) -> str:
    """Return the standfirst, else the beginning of the body, as plain text: for search engines and links."""
    return story.standfirst or Truncator(in_one_line(story.body)).chars(MAX_SUMMARY_CHARS)


def source_link(source: Source) -> str:
    return SOURCE.format(escape(source.url), escape(str(source)))


@lru_cache(maxsize=100)
def region_line(name: str, slug: str, language: str | None) -> SafeString:
    link = format_html(LINK, site_path("region", slug), name)
    # Translators: below a story, with a link to the stories of its region.
    return format_html(REGION, mark_safe(gettext("Published in %(region)s") % {"region": link}))  # noqa: S308 (our own)


def tag_list(tags: Iterable[Tag | ListedTerm], language: str | None) -> SafeString | str:
    items = "".join(tag_item(tag.name, tag.slug) for tag in tags)
    return mark_safe(TAGS.format(_words(language).tags, items)) if items else ""  # noqa: S308 (items made by format_html)


# A page of ten stories has some forty tags, and most are on many stories.
@lru_cache(maxsize=10_000)
def tag_item(name: str, slug: str) -> SafeString:
    return format_html(TAG, site_path("tag", slug), name)
