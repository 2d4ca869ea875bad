"""A story as it is drawn, in a list and on its own page. In Python: templates take five times as long for a list's ten.

The standard library's escape is as safe as Django's, which asks of each text whether it is lazy or safe already and
takes five times as long.
"""

from functools import lru_cache
from html import escape

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from stories.paths import site_path

from .navigation import hue

ARTICLE = """\
<article class="story {hue}" aria-labelledby="story-{slug}">
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
BYLINE = ' · <span class="byline">{}</span>'
REGION = '<p class="region">Published in <a href="{}">{}</a></p>'
TAG = '<li><a rel="tag" href="{}">{}</a></li>\n'
TAGS = '<ul class="tags" aria-label="Tags">\n{}</ul>'
CORRECTION = '<p class="correction"><strong>Correction:</strong> {}</p>'
SOURCE = '<a href="{}" rel="external">{}</a>'


def article(story, level):
    """The whole story, a model's or a listed one, under a heading of level 1, or of level 2 that leads to the story's page."""
    drawn = ARTICLE.format(
        slug=escape(story.slug),
        hue=hue(story.region),
        heading=title(story) if level == 1 else heading(story),
        dateline=dateline(story.published_at),
        byline=BYLINE.format(escape(story.byline)) if story.byline else "",
        body=body_with_sources(story),
        region=region_line(story.region.name, story.region.slug),
        tags=tag_list(story.tags_in_order),
    )
    return mark_safe(drawn)  # noqa: S308 (each part is escaped, or was sanitised by models/body.py)


def title(story):
    return TITLE.format(escape(story.slug), escape(story.headline))


def heading(story):
    address = site_path("story", story.slug)
    return HEADING.format(escape(story.slug), escape(address), escape(story.headline))


def dateline(moment):
    """The day of a moment by the newsroom's clocks, as in "3 June 2024"."""
    if not moment:
        return "Not dated yet"
    local = timezone.localtime(moment)
    return mark_safe(f'<time datetime="{local.isoformat(timespec="seconds")}">{local.day} {local:%B %Y}</time>')  # noqa: S308 (of a date)


def body_with_sources(story):
    """The body, "See" with the sources at the end of its last paragraph, as the bulletin always set them, any correction."""
    links = ", ".join(SOURCE.format(escape(source.url), escape(str(source))) for source in story.sources_in_order)
    body = story.body.removesuffix("</p>") if links else story.body
    if links:
        body += f"{'<p>' if body == story.body else ' '}See {links}</p>"
    return body + (CORRECTION.format(escape(story.correction)) if story.correction else "")


@lru_cache(maxsize=100)
def region_line(name, slug):
    return format_html(REGION, site_path("region", slug), name)


def tag_list(tags):
    items = "".join(tag_item(tag.name, tag.slug) for tag in tags)
    return mark_safe(TAGS.format(items)) if items else ""  # noqa: S308 (of items by format_html)


# A page of ten stories has some forty tags, and most are on many stories.
@lru_cache(maxsize=10_000)
def tag_item(name, slug):
    return format_html(TAG, site_path("tag", slug), name)
