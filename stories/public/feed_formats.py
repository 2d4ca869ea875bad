"""Formats of feeds: RSS 2.0, Atom and JSON Feed 1.1. Their content comes from feeds.py.

Each has a `name`, a `path` below the list's, and a `label` for links. They add to Django's feeds `next_url`, the URL of
the feed's next page, and to RSS the time of a story's last change.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO, Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

EMPTY_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(SyndicationFeed):
    # Templates get these classes themselves, not instances.
    do_not_call_in_templates = True
    name = path = label = media_type = ""
    content_type: str

    def latest_post_date(self) -> datetime:
        """Return a fixed date for a feed without stories: Django's is the current time, which changes the ETag."""
        return super().latest_post_date() if self.items else EMPTY_SINCE

    def next_link(self) -> dict[str, str] | None:
        """Return the attributes of the link to the next page (RFC 5005)."""
        return {"rel": "next", "href": self.feed["next_url"]} if self.feed["next_url"] else None


class Rss(Feed, Rss201rev2Feed):
    name, path, label, media_type = "rss", "feed/", "RSS", "application/rss+xml"

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if link := self.next_link():
            handler.addQuickElement("atom:link", "", link)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))


class Atom(Feed, Atom1Feed):
    name, path, label, media_type = "atom", "feed/atom/", "Atom", "application/atom+xml"

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if link := self.next_link():
            handler.addQuickElement("link", "", link)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write the text as the content. Django writes it as the summary, which is HTML."""
        super().add_item_elements(handler, item | {"description": escape(item["summary"]) or None})
        handler.addQuickElement("content", item["description"], {"type": "html"})


class Json(Feed):
    name, path, label, media_type = "json", "feed.json", "JSON Feed", "application/feed+json"
    content_type = media_type

    def write(self, outfile: IO[str], encoding: str) -> None:
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "next_url": self.feed["next_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "items": [without_empty(self.json_item(item)) for item in self.items],
        }
        json.dump(without_empty(document), outfile, ensure_ascii=False)

    def json_item(self, item: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["summary"],
            "content_html": item["description"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": item["author_name"] and [{"name": item["author_name"]}],
            "tags": item["categories"],
        }


def without_empty(document: dict[str, Any]) -> dict[str, Any]:
    """Drop empty values, as JSON Feed does, but not the list of items."""
    return {name: value for name, value in document.items() if value or name == "items"}


FORMATS: list[type[Feed]] = [Rss, Atom, Json]
