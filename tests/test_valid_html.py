"""Every public page is valid HTML: nested and closed rightly, with unique ids that references find."""

from collections import Counter
from itertools import pairwise

import html5lib
import pytest
from html5lib.constants import E as ERRORS
from selectolax.lexbor import LexborHTMLParser

from tests.small_site import small_site

pytestmark = pytest.mark.django_db
# Attributes that hold the id of another element, or several.
REFERENCES = ["for", "form", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"]
TEXT_ONLY = "p, h1, h2, h3, summary, label, button, span, a, em, strong, time, title"
BLOCKS = "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul"
NOT_INSIDE = {
    TEXT_ONLY: BLOCKS.split(),
    "a, button": ["a", "button", "input", "select", "textarea", "details", "[tabindex]"],
    "form": ["form"],
    "header": ["main"],
    "label": ["label"],
}
ONLY_INSIDE = {"ul": ["li"], "ol": ["li"], "nav ul": ["li"], "select": ["option"], "dl": ["dt", "dd", "div"]}


@pytest.fixture
def pages(client):
    """Return {name: HTML} of the small site."""
    return {name: client.get(address).content.decode() for name, address in small_site().items()}


def html_faults(html: str) -> list:
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [(place, ERRORS[code] % about) for place, code, about in parser.errors]


def test_a_strict_parser_finds_no_error(pages):
    for name, html in pages.items():
        assert html_faults(html) == [], name


def test_the_parser_is_strict():
    for html in ("<p>&ndash</p>", "<p><em>a</p>", '<p id="a" id="b">c</p>', "<ul></p></ul>", "<section><p>a</div>"):
        assert html_faults(f"<!doctype html><title>a</title>{html}"), html


def test_ids_are_unique_and_references_find_theirs(pages):
    for name, html in pages.items():
        page = LexborHTMLParser(html)
        ids = Counter(element.attributes["id"] for element in page.css("[id]"))
        assert [one for one, times in ids.items() if times > 1 or not one or " " in one] == [], name
        named = {one for attribute in REFERENCES for element in page.css(f"[{attribute}]")
                 for one in element.attributes[attribute].split()}  # fmt: skip
        named |= {link.attributes["href"][1:] for link in page.css("a[href^='#']")}
        assert named <= set(ids), name


def test_elements_are_only_where_the_standard_allows_them(pages):
    for name, html in pages.items():
        page = LexborHTMLParser(html)
        for outer, inner in NOT_INSIDE.items():
            for one in outer.split(", "):
                assert [found.html for what in inner for found in page.css(f"{one} {what}")] == [], (name, one)
        for parent, allowed in ONLY_INSIDE.items():
            children = {child.tag for element in page.css(parent) for child in element.iter()}
            assert children <= set(allowed), (name, parent)


def test_boxes_have_labels_and_links_and_buttons_have_text(pages):
    for name, html in pages.items():
        page = LexborHTMLParser(html)
        for box in page.css("input, select, textarea"):
            assert page.css_first(f'label[for="{box.id}"]').text(strip=True), (name, box.html)
        for one in page.css("main a, main button, nav a"):
            assert one.text(strip=True), (name, one.html)


def test_a_page_has_one_title_one_first_heading_and_a_language(pages):
    for name, html in pages.items():
        page = LexborHTMLParser(html)
        for what in ("head > title", "h1", "main", "html[lang]", "meta[charset]", "meta[name=viewport]"):
            assert len(page.css(what)) == 1, (name, what)
        levels = [int(heading.tag[1]) for heading in page.css("main h1, main h2, main h3")]
        assert all(lower - upper <= 1 for upper, lower in pairwise(levels)), (name, levels)


def test_times_have_no_fractions_of_seconds(pages):
    for name, html in pages.items():
        for moment in LexborHTMLParser(html).css("time"):
            assert "." not in moment.attributes["datetime"], name
