"""Earlier stories that a new one may repeat: those with one of its sources, and those with similar text.

Few are compared, at any size of the archive: stories with the same source URLs, and stories that contain some long
words of the text, which are rare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db.models import Q, QuerySet
from django.utils import timezone

from stories import search
from stories.models import Source, Story
from stories.text.normalize import normal_form
from stories.text.plain_text import plain

MAX_AGE_DAYS = 90
MAX_SIMILAR = 3
MAX_URLS = 5
# A page that is a source of more stories is not about one event.
MAX_STORIES_PER_SOURCE = 100
GROUPS, WORDS_PER_GROUP, MAX_MATCHES_PER_GROUP = 3, 3, 50
MAX_COMPARED_CHARS = 6_000
# Texts are similar if half of the shorter one's triples of words are in the other. Fewer triples than these prove
# nothing.
MIN_SHARED, MIN_TRIPLES = 0.5, 12

SIMILAR_TEXT = "similar text"

Triple = tuple[str, str, str]


@dataclass(frozen=True)
class SimilarStory:
    """A story, and a text for the editor that says why it was found."""

    story: Story
    why: str


def similar_stories(headline: str, body: str, urls: list[str], *, exclude: int | None = None) -> list[SimilarStory]:
    """Return at most three stories of the last 90 days, those with a common source first. Fifteen queries at most.

    `exclude` is the key of the story itself.
    """
    found = [*_find_by_text(headline, body, exclude), *_find_by_source(urls, exclude)]
    by_key = {similar.story.pk: similar for similar in found}
    newest_first = sorted(by_key.values(), key=lambda similar: _story_date(similar.story), reverse=True)
    return sorted(newest_first, key=lambda similar: similar.why == SIMILAR_TEXT)[:MAX_SIMILAR]


def _story_date(story: Story) -> datetime:
    return story.published_at or story.created_at


def _recent_stories(exclude: int | None) -> QuerySet[Story]:
    since = timezone.now() - timedelta(days=MAX_AGE_DAYS)
    is_recent = Q(published_at__gte=since) | Q(published_at=None, created_at__gte=since)
    return Story.objects.filter(is_recent).exclude(pk=exclude)


def _find_by_source(urls: list[str], exclude: int | None) -> list[SimilarStory]:
    url_by_story: dict[int, str] = {}
    for url in urls[:MAX_URLS]:
        stories = Source.objects.filter(url__in=equivalent_urls(url)).order_by().values_list("story_id", flat=True)
        keys = list(stories[: MAX_STORIES_PER_SOURCE + 1])
        if len(keys) <= MAX_STORIES_PER_SOURCE:
            url_by_story |= dict.fromkeys(keys, url)
    if not url_by_story:
        return []
    return [
        SimilarStory(story, f"same source: {url_by_story[story.pk]}")
        for story in _recent_stories(exclude).filter(pk__in=url_by_story)
    ]


def equivalent_urls(url: str) -> list[str]:
    """Return URLs that lead to the same page; none for a site's front page, which many stories link to.

    An index finds these. It does not find a URL that was stored with campaign parameters (utm_...), unless it is the same.
    """
    parts = urlsplit(url)
    query = urlencode([pair for pair in parse_qsl(parts.query, True) if not pair[0].startswith("utm_")])
    host, path = parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/")
    if not path and not query:
        return []
    return [url] + [
        urlunsplit((scheme, www + host, path + slash, query, ""))
        for scheme in ("https", "http")
        for www in ("", "www.")
        for slash in ("", "/")
    ]


def _find_by_text(headline: str, body: str, exclude: int | None) -> list[SimilarStory]:
    """Return recent stories with a similar text.

    Each search reads the 50 matches with the highest keys. Newer stories may be missed where keys don't follow dates.
    """
    text_words, headline_words = split_text(headline, body), split_text(headline, "")
    keys: set[int] = set()
    for words in [*([headline_words] if len(headline_words) > 1 else []), *rare_groups(text_words)]:
        # By key, which costs nothing: filtered by date at once, the databases would read all recent stories.
        matches = search.filter_stories(Story.objects.order_by("-pk"), " ".join(words))
        keys.update(matches.values_list("pk", flat=True)[:MAX_MATCHES_PER_GROUP])
    candidates = _recent_stories(exclude).filter(pk__in=keys)
    return [SimilarStory(story, SIMILAR_TEXT) for story in candidates if is_similar(headline, text_words, story)]


def split_text(headline: str, body: str) -> list[str]:
    """Return the words of a story in normal form."""
    text = f"{headline[:MAX_COMPARED_CHARS]}\n{plain(body[:MAX_COMPARED_CHARS])}"
    return search.split_words(normal_form(text))


def rare_groups(words: Sequence[str]) -> list[list[str]]:
    """Return three groups of three long words, or none if there are too few.

    A story must have all words of a group. With three groups, one is likely left complete where some words were changed.
    """
    number = GROUPS * WORDS_PER_GROUP
    rare = sorted(set(words), key=lambda word: (-len(word), word))[:number]
    return [rare[start::GROUPS] for start in range(GROUPS)] if len(rare) == number else []


def is_similar(headline: str, words: Sequence[str], story: Story) -> bool:
    """Tell whether the headlines are the same, or the texts share half of the shorter one's triples of words."""
    if normal_form(headline) == normal_form(story.headline):
        return True
    one, other = triples(words), triples(split_text(story.headline, story.body))
    shorter = min(len(one), len(other))
    return shorter >= MIN_TRIPLES and len(one & other) >= MIN_SHARED * shorter


def triples(words: Sequence[str]) -> set[Triple]:
    return set(zip(words, words[1:], words[2:], strict=False))
