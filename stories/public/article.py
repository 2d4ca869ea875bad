"""HTML of a story, for lists and for its own page.

Made in Python: a template takes five times as long for the ten stories of a list. So does Django's escape(), which
checks first whether a text is lazy or safe; the standard library's is as safe here.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext

from stories.listings.story_rows import ListedStory, ListedTerm
from stories.models import Source, Story, Tag
from stories.paths import site_path
from stories.text.languages import language_attributes
from stories.text.plain_text import in_one_line

from .dates import dateline
from .languages import cache_by_language
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


def article(story: AnyStory, level: int) -> SafeString:
    """Render the whole story. Its heading has level 1, or level 2 and a link to the story's page."""
    html = ARTICLE.format(
        slug=escape(story.slug),
        hue=hue(story.region),
        language=language_attributes(story.language),
        heading=title(story) if level == 1 else heading(story),
        dateline=dateline(story.published_at),
        byline=BYLINE.format(escape(story.byline)) if story.byline else "",
        body=body_with_sources(story),
        region=region_line(story.region.name, story.region.slug),
        tags=tag_list(story.tags_in_order),
    )
    return mark_safe(html)  # noqa: S308 (each part is escaped, or was sanitised by the models)


def title(story: AnyStory) -> str:
    return TITLE.format(escape(story.slug), escape(story.headline))


def heading(story: AnyStory) -> str:
    return HEADING.format(escape(story.slug), escape(site_path("story", story.slug)), escape(story.headline))


def body_with_sources(story: AnyStory) -> str:
    """Return any standfirst, the body with "See" and the sources in its last paragraph, and any correction."""
    body, links = story.body, ", ".join(map(source_link, story.sources_in_order))
    if links:
        # Translators: links to the sources of a story, at the end of its text.
        see = gettext("See %(links)s") % {"links": links}
        has_paragraph = body.endswith("</p>")
        body = f"{body.removesuffix('</p>')} {see}</p>" if has_paragraph else f"{body}<p>{see}</p>"
    if story.standfirst:
        body = STANDFIRST.format(escape(story.standfirst)) + body
    if story.correction:
        body += CORRECTION.format(gettext("Correction:"), escape(story.correction))
    return body


def summary(story: AnyStory) -> str:
    """Return the standfirst, else the beginning of the body, as plain text: for search engines, feeds and links."""
    return story.standfirst or Truncator(in_one_line(story.body)).chars(MAX_SUMMARY_CHARS)


def source_link(source: Source) -> str:
    return SOURCE.format(escape(source.url), escape(str(source)))


@cache_by_language(max_entries=100)
def region_line(name: str, slug: str) -> SafeString:
    link = format_html(LINK, site_path("region", slug), name)
    # Translators: below a story, with a link to the stories of its region.
    return format_html(REGION, mark_safe(gettext("Published in %(region)s") % {"region": link}))  # noqa: S308 (our own)


def tag_list(tags: Iterable[Tag | ListedTerm]) -> SafeString | str:
    items = "".join(tag_item(tag.name, tag.slug) for tag in tags)
    return mark_safe(TAGS.format(gettext("Tags"), items)) if items else ""  # noqa: S308 (items made by format_html)


# A page of ten stories has some forty tags, and most are on many stories.
@lru_cache(maxsize=10_000)
def tag_item(name: str, slug: str) -> SafeString:
    return format_html(TAG, site_path("tag", slug), name)
