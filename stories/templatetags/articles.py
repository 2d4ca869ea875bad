"""Template tags that render a story. The HTML is made in public/article.py."""

from django import template

from stories.public.article import article, tag_list
from stories.public.dates import dateline

register = template.Library()
register.simple_tag(article)
register.filter(dateline)
register.filter(tag_list)
