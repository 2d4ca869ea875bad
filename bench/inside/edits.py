"""Edit stories and, after each edit, request the changed pages from every process of a server."""

from http.client import HTTPConnection
from random import Random

from bench.processes import find_owner
from stories.models import Status, Story, Tag


def figures(port: int, workers: list[int], edits: int) -> dict:
    """Return numbers of pages: {"asked": requested, "repeated": requested again, "stale": not showing the edit}."""
    chance, readers = Random(1), connect_to_workers(port, workers)
    tag = Tag.objects.get(slug="harbour")
    story = Story.objects.published().filter(tags=tag).newest_first().first()
    asked = repeated = stale = 0
    for number in range(edits):
        for path, words, is_there in edit(chance, number, tag, story):
            for reader in readers:
                page = ask(reader, path)
                stale += (words in page) != is_there
                asked += 1
        again = ask(readers[number % len(readers)], path)
        stale += again != page
        repeated += 1
    return {"asked": asked, "repeated": repeated, "stale": stale}


def edit(chance: Random, number: int, tag: Tag, story: Story) -> list[tuple[str, str, bool]]:
    """Make one edit. Return [(path, text, whether the page must contain the text)]."""
    tag_page, story_page = f"/tags/{tag.slug}/", story.get_absolute_url()
    kind = chance.choice(["headline", "body", "withdraw", "tag", "region", "source"])
    words = f"Edit {number} of the {kind}"
    story.refresh_from_db()
    if kind in {"headline", "body"}:
        setattr(story, kind, words if kind == "headline" else f"<p>{words}</p>")
        story.save()
        return [(path, words, story.status == Status.PUBLISHED) for path in (tag_page, story_page)]
    if kind == "withdraw":
        is_there = story.status != Status.PUBLISHED
        story.status = Status.PUBLISHED if is_there else Status.WITHDRAWN
        story.save()
        return [(tag_page, story_page, is_there)]
    if kind == "tag":
        tag.description = words
        tag.save()
        return [(tag_page, words, True)]
    if kind == "region":
        region = story.region
        region.description = words
        region.save()
        return [(region.get_absolute_url(), words, True)]
    story.sources.update_or_create(position=0, defaults={"url": "https://example.org/", "label": words})
    return [(tag_page, words, story.status == Status.PUBLISHED)]


def connect_to_workers(port: int, workers: list[int]) -> list[HTTPConnection]:
    """Return connections to the four processes that share the port. Raise RuntimeError if one can't be reached."""
    found: dict[int, HTTPConnection] = {}
    for _ in range(500):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        ask(connection, "/livez")
        pid = find_owner(connection.sock.getsockname()[1], port, workers)
        if pid is not None:
            found.setdefault(pid, connection)
        if len(found) == 4:
            return list(found.values())
    raise RuntimeError(f"of the processes {workers} only {list(found)} answered")


def ask(connection: HTTPConnection, path: str) -> str:
    connection.request("GET", path)
    return connection.getresponse().read().decode()
