"""A story as it is drawn, in a list and on its own page. In Python: templates take five times as long for a list's ten."""

from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from stories.models import address_of

from .newsroom import hue

register = template.Library()

ARTICLE = """\
<article class="story {hue}" aria-labelledby="story-{slug}">
<header>
{heading}
<p class="dateline">{dateline}{byline}</p>
</header>
<div class="body">{body}</div>
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
SOURCE = '<a href="{}" rel="external">{}</a>'


@register.simple_tag
def article(story, level):
    """The whole story, a model's or a listed one, under a heading of level 1, or of level 2 that leads to the story's page."""
    return format_html(
        ARTICLE,
        slug=story.slug,
        hue=hue(story.region),
        heading=title(story) if level == 1 else heading(story),
        dateline=dateline(story.published_at),
        byline=format_html(BYLINE, story.byline) if story.byline else "",
        body=with_sources(story),
        region=region_line(story.region.name, story.region.slug),
        tags=tag_list(story.tags_in_order),
    )


def title(story):
    return format_html(TITLE, story.slug, story.headline)


def heading(story):
    return format_html(HEADING, story.slug, address_of("story", story.slug), story.headline)


@register.filter
def dateline(moment):
    """The day of a moment by the newsroom's clocks, as in "3 June 2024"."""
    if not moment:
        return "Not dated yet"
    local = timezone.localtime(moment)
    return mark_safe(f'<time datetime="{local.isoformat()}">{local.day} {local:%B %Y}</time>')  # noqa: S308 (of a date)


def with_sources(story):
    """The body, and "See" with the sources at the end of its last paragraph, as the bulletin always set them."""
    links = format_html_join(", ", SOURCE, ((source.url, source) for source in story.sources_in_order))
    body = story.body.removesuffix("</p>") if links else story.body
    if links:
        body += f"{'<p>' if body == story.body else ' '}See {links}</p>"
    return mark_safe(body)  # noqa: S308 (nothing is stored that models/body.py did not sanitise)


@lru_cache(maxsize=100)
def region_line(name, slug):
    return format_html(REGION, address_of("region", slug), name)


@register.filter
def tag_list(tags):
    items = "".join(tag_item(tag.name, tag.slug) for tag in tags)
    return mark_safe(TAGS.format(items)) if items else ""  # noqa: S308 (of items by format_html)


# A page of ten stories has some forty tags, and most are on many stories.
@lru_cache(maxsize=10_000)
def tag_item(name, slug):
    return format_html(TAG, address_of("tag", slug), name)
