"""A story as it is drawn, in a list and on its own page. In Python: templates take five times as long for a list's ten."""

from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from stories.models import address_of

register = template.Library()

ARTICLE = """\
<article class="story" aria-labelledby="story-{slug}">
<header>
{heading}
<p class="dateline">{dateline}{byline}</p>
</header>
<div class="body">{body}</div>
<footer>
<p class="region">Published in <a href="{region_address}">{region}</a></p>
{tags}

</footer>
</article>
"""
TITLE = '<h1 id="story-{}">{}</h1>'
HEADING = '<h2 id="story-{}"><a href="{}">{}</a></h2>'
BYLINE = ' · <span class="byline">{}</span>'
TAG = '<li><a rel="tag" href="{}">{}</a></li>\n'
TAGS = '<ul class="tags" aria-label="Tags">\n{}</ul>'
SOURCE = '<a href="{}" rel="external">{}</a>'


@register.simple_tag
def article(story, level):
    """The whole story, a model's or a listed one, under a heading of level 1, or of level 2 that leads to the story's page."""
    return format_html(
        ARTICLE,
        slug=story.slug,
        heading=title(story) if level == 1 else heading(story),
        dateline=dateline(story.published_at),
        byline=format_html(BYLINE, story.byline) if story.byline else "",
        body=with_sources(story),
        region_address=address_of("region", story.region.slug),
        region=story.region.name,
        tags=tag_list(story.tags_in_order),
    )


def title(story):
    return format_html(TITLE, story.slug, story.headline)


def heading(story):
    return format_html(HEADING, story.slug, address_of("story", story.slug), story.headline)


def dateline(moment):
    """The day of a moment by the newsroom's clocks, as in "3 June 2024"."""
    if not moment:
        return "Not dated yet"
    local = timezone.localtime(moment)
    return mark_safe(f'<time datetime="{local.isoformat()}">{local.day} {local:%B %Y}</time>')  # noqa: S308 (of a date)


def with_sources(story):
    """The body, and "See" with the sources at the end of its last paragraph, as the bulletin always set them."""
    body = mark_safe(story.body)  # noqa: S308 (nothing is stored that models/body.py did not sanitise)
    links = format_html_join(", ", SOURCE, ((source.url, source) for source in story.sources_in_order))
    if not links:
        return body
    see = format_html("See {}", links)
    if body.endswith("</p>"):
        return format_html("{} {}</p>", mark_safe(body.removesuffix("</p>")), see)  # noqa: S308
    return format_html("{}<p>{}</p>", body, see)


def tag_list(tags):
    items = "".join(tag_item(tag.name, tag.slug) for tag in tags)
    return mark_safe(TAGS.format(items)) if items else ""  # noqa: S308 (of items by format_html)


# A page of ten stories has some forty tags, and most are on many stories.
@lru_cache(maxsize=10_000)
def tag_item(name, slug):
    return format_html(TAG, address_of("tag", slug), name)
