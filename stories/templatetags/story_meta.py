"""Metadata of a story's page: OpenGraph, Twitter cards, and schema.org's JSON-LD."""

import json
from datetime import datetime
from typing import Any, cast

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from stories.models import Story
from stories.paths import site_path
from stories.public.article import summary

register = template.Library()

# Inside a script element nothing is unescaped, and "</script>" or "<!--" would end it or worse.
IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}
DATA = '<script type="application/ld+json">{}</script>'


@register.inclusion_tag("stories/_story_meta.html", takes_context=True)
def story_meta(context: Context, story: Story) -> dict[str, Any]:
    """Render the metadata of a story. No query if its region and tags were prefetched."""
    url = context["request"].build_absolute_uri
    published_at = cast(datetime, story.published_at)  # readers see no story without a date
    values = {
        "story": story,
        "site": settings.SITE_NAME,
        "url": url(story.get_absolute_url()),
        "summary": summary(story),
        "card": url(site_path("card", story.slug)),
        "logo": url(static("icon-512.png")),
        "published_at": published_at,
        "changed_at": max(published_at, story.updated_at),
        "region_url": url(site_path("region", story.region.slug)),
        "front_url": url(site_path("front")),
    }
    graph = {"@context": "https://schema.org", "@graph": [article_data(**values), breadcrumbs_data(**values)]}
    return values | {"data": format_html(DATA, mark_safe(json.dumps(graph).translate(IN_SCRIPT)))}  # noqa: S308 (escaped)


def article_data(
    *,
    story: Story,
    site: str,
    url: str,
    summary: str,
    card: str,
    logo: str,
    published_at: datetime,
    changed_at: datetime,
    front_url: str,
    **rest: Any,
) -> dict[str, Any]:
    """Return a NewsArticle, see https://schema.org/NewsArticle."""
    publisher = {"@type": "NewsMediaOrganization", "name": site, "url": front_url, "logo": logo}
    correction = {"correction": {"@type": "CorrectionComment", "text": story.correction}} if story.correction else {}
    return correction | {
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "url": url,
        "headline": story.headline,
        "description": summary,
        "image": card,
        "datePublished": published_at.isoformat(),
        "dateModified": changed_at.isoformat(),
        "author": {"@type": "Person", "name": story.byline} if story.byline else publisher,
        "publisher": publisher,
        "articleSection": story.region.name,
        "keywords": [tag.name for tag in story.tags_in_order],
        "citation": [source.url for source in story.sources_in_order],
    }


def breadcrumbs_data(
    *, story: Story, site: str, url: str, region_url: str, front_url: str, **rest: Any
) -> dict[str, Any]:
    steps = [(site, front_url), (story.region.name, region_url), (story.headline, url)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": item}
            for position, (name, item) in enumerate(steps, 1)
        ],
    }
