"""A story with one text in every field, and checks that its pages get no further elements from it."""

import re
from datetime import timedelta

from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from stories.models import PreviewLink, Region, Story, Tag
from stories.text.normalize import printable
from tests.cast import person, story

HARMLESS = "Ferry returns"
LINK = "https://example.org/ferry"
IN_BODY = {"p", "strong", "em", "ul", "ol", "li", "blockquote", "br", "a", "mark"}
ATTRIBUTES_IN_BODY = {"a": {"href", "rel"}, "ol": {"start", "type", "data-type"}}
ATTRIBUTES_ANYWHERE = {"title", "lang"}
# Browsers skip invisible characters in a scheme.
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f]")
SCHEMES = {"http", "https", "mailto"}


class HostileStory:
    """A story with the text in every field, as forms clean it, a second one next to it, and a preview link."""

    def __init__(self, text: str, link: str = LINK):
        self.text = text
        self.typed = typed = printable(text)
        # Names without a letter or digit are refused.
        self.name = f"x{typed}"[:100]
        for model in (Region, Tag):
            term = model.objects.ensure([self.name])[self.name]
            model.objects.filter(pk=term.pk).update(description=typed)
        self.region, self.tag = Region.objects.get(pk=self._term(Region).pk), self._term(Tag)
        self.story = self._story(minutes=1)
        self.beside = self._story(minutes=2)
        self.story.sources.create(url=link, label=typed[:200])
        self.preview = PreviewLink.objects.make(
            self.story, by=person(f"writer of {self.story.pk}"), lasts=timedelta(days=1)
        )

    def _term(self, model):
        return model.objects.ensure([self.name])[self.name]

    def _story(self, minutes) -> Story:
        return story(
            f"x{self.typed}"[:255],
            body=self.text,
            byline=self.typed[:200],
            tags=[self.name],
            region=self.region,
            at=timezone.now() - timedelta(minutes=minutes),
        )

    def pages(self) -> dict[str, str]:
        """Return {kind of page: path}."""
        return {
            "front": "/",
            "story": self.story.get_absolute_url(),
            "tag": self.tag.get_absolute_url(),
            "region": self.region.get_absolute_url(),
            "tags": "/tags/",
            "preview": self.preview.get_absolute_url(),
        }


def skeleton(page: LexborHTMLParser) -> list:
    """Return [(element, its attributes)] in order, without the contents of bodies."""
    for body in page.css(".body"):
        body.inner_html = ""
    return [(element.tag, sorted(element.attributes)) for element in page.css("*")]


def strange_in_bodies(html: str) -> list:
    """Return elements, attributes and links in a body or a feed's text that a body may not have."""
    page = LexborHTMLParser(html)
    elements = page.css(".body *")
    strange = [element.tag for element in elements if element.tag not in IN_BODY]
    strange += [
        attribute
        for element in elements
        for attribute in set(element.attributes) - ATTRIBUTES_IN_BODY.get(element.tag, set()) - ATTRIBUTES_ANYWHERE
    ]
    links = [link.attributes["href"] or "" for link in page.css(".body a[href]")]
    return strange + [link for link in links if link_scheme(link) not in {None, *SCHEMES}]


def link_scheme(link: str) -> str | None:
    found = SCHEME.match(UNSEEN.sub("", link))
    return found and found[1].lower()
