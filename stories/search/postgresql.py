"""Search by the column `search`, see the last migration that made it: what it does to a text, `expression` does to a query."""

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from .words import without_accents, words_of

HAS = "story.search @@ to_tsquery('simple', %s)"
NEWEST = """
    SELECT story.id, headline, live_at, region_id FROM stories_story AS story
    WHERE {has} AND {limits} ORDER BY live_at DESC, story.id DESC LIMIT {most}
"""


def matching(queryset, query):
    """PostgreSQL knows how common a word is, and finds the way itself."""
    has = HAS.replace("story.", "stories_story.")
    return queryset.filter(RawSQL(has, [expression(query)], output_field=BooleanField()))  # noqa: S611 (made of words only)


def newest(query, limits, most: int):
    """The statement and its parameters."""
    conditions, parameters = zip(*limits.places("story"), *limits.tags("story.id"), strict=True)
    return NEWEST.format(has=HAS, limits=" AND ".join(conditions), most=most), [expression(query), *parameters]


def stopped_early(query, limits) -> bool:
    """Never: it looks at all of them."""
    return False


def expression(query) -> str:
    wanted = [phrase_of(words) for words in query.wanted]
    if query.is_open:
        wanted[-1] += ":*"
    return " & ".join([*wanted, *(f"!({phrase_of(words)})" for words in query.unwanted)])


def phrase_of(words) -> str:
    # Without its accents, a letter may be several, with signs between them.
    words = [part for word in words for part in words_of(without_accents(word))]
    return " <-> ".join(f"'{word}'" for word in words) or "''"
