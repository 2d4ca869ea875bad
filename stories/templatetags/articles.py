"""Template tags that render a story. The HTML is made in public/article.py."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from stories.listings.story_rows import ListedTerm
from stories.public import article
from stories.public.dates import dateline

register = template.Library()
register.simple_tag(article.article)
register.simple_tag(article.articles)
register.filter(dateline)


@register.filter
def tag_list(tags: list[ListedTerm]) -> SafeString | str:
    return article.tag_list(tags, get_language())
