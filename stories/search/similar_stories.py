"""Earlier stories that one being written may repeat: they have one of its sources, or closely alike text.

Few are compared, whatever the archive's size: those with the same addresses, and those that the search finds by some
long words of the text, for these are rare.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db.models import Q
from django.utils import timezone

from stories import search
from stories.models import Source, Story
from stories.text.normalize import normal_form
from stories.text.plain_text import plain

DAYS = 90
MOST_NAMED = 3
# A page that more stories have as a source than this is of no one event.
MOST_WITH_A_SOURCE = 100
MOST_ADDRESSES = 5
GROUPS, WORDS_IN_A_GROUP, MOST_IN_A_GROUP = 3, 3, 50
# Characters of a text that are compared.
LONGEST = 6_000
# Of the shorter text's runs of three words, how many stand in the other; and how many it must have to tell anything.
ALIKE, FEWEST_RUNS = 0.5, 12


@dataclass(frozen=True)
class SimilarStory:
    story: Story
    why: str


def similar_stories(headline: str, body: str, urls: list[str], *, but: int | None = None) -> list[SimilarStory]:
    """At most three stories of the last 90 days, those with a source in common first; `but` is the story itself.

    Fifteen queries at most.
    """
    found = {near.story.pk: near for near in [*alike(headline, body, but), *with_same_source(urls, but)]}
    newest_first = sorted(found.values(), key=lambda near: story_date(near.story), reverse=True)
    return sorted(newest_first, key=lambda near: near.why == ALIKE_TEXT)[:MOST_NAMED]


ALIKE_TEXT = "alike text"


def story_date(story):
    return story.published_at or story.created_at


def recent(but):
    since = timezone.now() - timedelta(days=DAYS)
    dated = Q(published_at__gte=since) | Q(published_at=None, created_at__gte=since)
    return Story.objects.filter(dated).exclude(pk=but)


def with_same_source(urls, but):
    url_by_story = {}
    for url in urls[:MOST_ADDRESSES]:
        stories = Source.objects.filter(url__in=spellings(url)).order_by().values_list("story_id", flat=True)
        keys = list(stories[: MOST_WITH_A_SOURCE + 1])
        if len(keys) <= MOST_WITH_A_SOURCE:
            url_by_story |= dict.fromkeys(keys, url)
    if not url_by_story:
        return []
    return [
        SimilarStory(story, f"same source: {url_by_story[story.pk]}")
        for story in recent(but).filter(pk__in=url_by_story)
    ]


def spellings(url: str) -> list[str]:
    """Addresses that lead to the same page; none of a site's front page, which many stories name.

    An index finds these, but not an address that was stored with a campaign's marks (utm_...), unless it is the same.
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


def alike(headline, body, but):
    """Of stories that have a long text in common, newer ones than these fifty may be missed where keys do not follow dates."""
    mine, title = split_words(headline, body), split_words(headline, "")
    keys = set()
    for words in [*([title] if len(title) > 1 else []), *groups(mine)]:
        # By their keys, which costs nothing: to look for recent ones at once would make the databases walk those.
        matching = search.matching(Story.objects.order_by("-pk"), " ".join(words))
        keys.update(matching.values_list("pk", flat=True)[:MOST_IN_A_GROUP])
    candidates = recent(but).filter(pk__in=keys)
    return [SimilarStory(story, ALIKE_TEXT) for story in candidates if are_alike(headline, mine, story)]


def split_words(headline, body) -> list[str]:
    return search.split_words(normal_form(f"{headline[:LONGEST]}\n{plain(body[:LONGEST])}"))


def groups(words) -> list[list[str]]:
    """Of each, all words must be in a story; so one of them is likely left whole where another word was changed."""
    most = GROUPS * WORDS_IN_A_GROUP
    rare = sorted(set(words), key=lambda word: (-len(word), word))[:most]
    return [rare[start::GROUPS] for start in range(GROUPS)] if len(rare) == most else []


def are_alike(headline, mine, story) -> bool:
    if normal_form(headline) == normal_form(story.headline):
        return True
    one, other = runs(mine), runs(split_words(story.headline, story.body))
    shorter = min(len(one), len(other))
    return shorter >= FEWEST_RUNS and len(one & other) >= ALIKE * shorter


def runs(words) -> set:
    return set(zip(words, words[1:], words[2:], strict=False))
