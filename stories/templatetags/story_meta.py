"""What a story's page says of itself to machines: OpenGraph and Twitter cards, and schema.org's words as JSON-LD."""

import json

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import Truncator

from stories.paths import site_path
from stories.text.plain_text import in_one_line

register = template.Library()

SUMMARY_LENGTH = 200
# Inside a script element nothing is unescaped, and "</script>" or "<!--" would end it or worse.
IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}
DATA = '<script type="application/ld+json">{}</script>'


@register.inclusion_tag("stories/_story_meta.html", takes_context=True)
def story_meta(context, story):
    """Of a story with its region and tags read. No query."""
    url = context["request"].build_absolute_uri
    said = {
        "story": story,
        "site": settings.SITE_NAME,
        "address": url(story.get_absolute_url()),
        "summary": Truncator(in_one_line(story.body)).chars(SUMMARY_LENGTH),
        "card": url(site_path("card", story.slug)),
        "logo": url(static("icon-512.png")),
        "changed_at": max(story.published_at, story.updated_at),
        "region_address": url(site_path("region", story.region.slug)),
        "front_address": url(site_path("front")),
    }
    graph = {"@context": "https://schema.org", "@graph": [article_data(**said), breadcrumbs_data(**said)]}
    return said | {"data": format_html(DATA, mark_safe(json.dumps(graph).translate(IN_SCRIPT)))}  # noqa: S308 (escaped)


def article_data(*, story, site, address, summary, card, logo, changed_at, front_address, **rest) -> dict:
    publisher = {"@type": "NewsMediaOrganization", "name": site, "url": front_address, "logo": logo}
    correction = {"correction": {"@type": "CorrectionComment", "text": story.correction}} if story.correction else {}
    return correction | {
        "@type": "NewsArticle",
        "mainEntityOfPage": address,
        "url": address,
        "headline": story.headline,
        "description": summary,
        "image": card,
        "datePublished": story.published_at.isoformat(),
        "dateModified": changed_at.isoformat(),
        "author": {"@type": "Person", "name": story.byline} if story.byline else publisher,
        "publisher": publisher,
        "articleSection": story.region.name,
        "keywords": [tag.name for tag in story.tags_in_order],
        "citation": [source.url for source in story.sources_in_order],
    }


def breadcrumbs_data(*, story, site, address, region_address, front_address, **rest) -> dict:
    steps = [(site, front_address), (story.region.name, region_address), (story.headline, address)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": where}
            for position, (name, where) in enumerate(steps, 1)
        ],
    }
