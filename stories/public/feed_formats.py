"""The formats of feeds: RSS 2.0, Atom and JSON Feed 1.1. What stands in one is for feeds.py to say.

Each has the `name`, `path` and `label` of its address and link. To a feed of Django's, it adds `next_url`, where the
stories before these are, and RSS says when a story was last changed.
"""

import json
from datetime import UTC, datetime

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date

EMPTY_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(SyndicationFeed):
    # The heads of lists name the classes themselves.
    do_not_call_in_templates = True

    def latest_post_date(self):
        """Of a feed without stories, not the time of day: it would be another document each time."""
        return super().latest_post_date() if self.items else EMPTY_SINCE

    def link_to_next(self) -> dict | None:
        """RFC 5005."""
        return {"rel": "next", "href": self.feed["next_url"]} if self.feed["next_url"] else None


class Rss(Feed, Rss201rev2Feed):
    name, path, label, media_type = "rss", "feed/", "RSS", "application/rss+xml"

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if link := self.link_to_next():
            handler.addQuickElement("atom:link", "", link)

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))


class Atom(Feed, Atom1Feed):
    name, path, label, media_type = "atom", "feed/atom/", "Atom", "application/atom+xml"

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if link := self.link_to_next():
            handler.addQuickElement("link", "", link)

    def add_item_elements(self, handler, item):
        """The text is the content, where Django has it for a summary."""
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("content", item["description"], {"type": "html"})


class Json(Feed):
    name, path, label, media_type = "json", "feed.json", "JSON Feed", "application/feed+json"
    content_type = media_type

    def write(self, outfile, encoding):
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "next_url": self.feed["next_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "items": [said(self.item(item)) for item in self.items],
        }
        json.dump(said(document), outfile, ensure_ascii=False)

    def item(self, item) -> dict:
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["description"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": item["author_name"] and [{"name": item["author_name"]}],
            "tags": item["categories"],
        }


def said(document: dict) -> dict:
    """Without what is not there, which JSON Feed leaves out; its items may be none."""
    return {name: value for name, value in document.items() if value or name == "items"}


FORMATS = [Rss, Atom, Json]
