"""Template tags that render a story. The HTML is made in public/article.py."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from stories.listings.story_rows import ListedTerm
from stories.public import article
from stories.public.dates import dateline
from stories.text import languages

register = template.Library()
register.simple_tag(article.article)
register.simple_tag(article.articles)
register.filter(dateline)


@register.filter
def language_attributes(code: str) -> SafeString:
    return mark_safe(languages.language_attributes(code))  # noqa: S308 (of known languages only)


@register.filter
def tag_list(tags: list[ListedTerm]) -> SafeString | str:
    return article.tag_list(tags, get_language())
