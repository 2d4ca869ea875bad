"""Edits, and after each the pages it changes, asked of every process of a server."""

from http.client import HTTPConnection
from random import Random

from bench.processes import reached_by
from stories.models import Status, Story, Tag


def figures(port: int, workers: list[int], edits: int) -> dict:
    """{"asked": pages, "kept": pages asked once more, "stale": pages that did not show the edit}."""
    chance, readers = Random(1), readers_of(port, workers)
    tag = Tag.objects.get(slug="harbour")
    story = Story.objects.published().filter(tags=tag).newest_first().first()
    asked = kept = stale = 0
    for number in range(edits):
        for path, words, is_there in edit(chance, number, tag, story):
            for reader in readers:
                page = ask(reader, path)
                stale += (words in page) != is_there
                asked += 1
        again = ask(readers[number % len(readers)], path)
        stale += again != page
        kept += 1
    return {"asked": asked, "kept": kept, "stale": stale}


def edit(chance, number, tag, story):
    """Makes one; gives back [(path, words, whether they must be there)]."""
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


def readers_of(port, workers):
    """A connection to each of the processes that answer at the port."""
    found = {}
    for _ in range(500):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        ask(connection, "/livez")
        pid = reached_by(connection.sock.getsockname()[1], port, workers)
        if pid is not None:
            found.setdefault(pid, connection)
        if len(found) == 4:
            return list(found.values())
    raise RuntimeError(f"of the processes {workers} only {list(found)} answered")


def ask(connection, path) -> str:
    connection.request("GET", path)
    return connection.getresponse().read().decode()
