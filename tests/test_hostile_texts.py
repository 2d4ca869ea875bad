"""Hostile texts in every field: each page has the same elements as with harmless words."""

import json
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from stories.models import Source, Story
from stories.text.html import sanitise
from stories.text.xml import strip_illegal
from tests.hostile_stories import HARMLESS, HostileStory, skeleton, strange_in_bodies
from tests.hostile_texts import LINKS, TEXTS, made_up
from tests.inputs import INPUTS, IS_LONG, try_many
from tests.k2_pages import html_item, html_page, json_lines, record
from tests.test_valid_html import html_faults

pytestmark = pytest.mark.django_db
SOME = TEXTS if IS_LONG else TEXTS[::4]


@pytest.fixture
def look(client, record_property):
    """Return a function that makes a hostile story, and gives it with {kind of page: HTML}. It is rolled back."""
    tried = []

    def look(text, **fields):
        tried.append(text)
        with transaction.atomic():
            hostile = HostileStory(text, **fields)
            found = {kind: client.get(address).content.decode() for kind, address in hostile.pages().items()}
            transaction.set_rollback(True)
        return hostile, found

    yield look
    record_property("inputs", len(tried))


@pytest.fixture
def assert_harmless(look):
    _, harmless = look(HARMLESS)
    skeletons = {kind: skeleton(LexborHTMLParser(html)) for kind, html in harmless.items()}

    def assert_harmless(text, **fields):
        hostile, pages = look(text, **fields)
        for kind, html in pages.items():
            assert strange_in_bodies(html) == [], (kind, text)
            assert skeleton(LexborHTMLParser(html)) == skeletons[kind], (kind, text)
        assert html_faults(pages["story"]) == [], text
        return hostile, pages

    return assert_harmless


def test_a_text_in_any_field_leaves_every_page_its_elements(assert_harmless):
    for text in SOME:
        hostile, pages = assert_harmless(text)
        page = LexborHTMLParser(pages["story"])
        assert page.css_first("h1").text() == hostile.story.headline
        data = json.loads(page.css_first("script[type='application/ld+json']").text())
        assert data["@graph"][0]["headline"] == hostile.story.headline


def test_generated_texts_leave_every_page_its_elements(assert_harmless):
    @settings(try_many, max_examples=max(20, INPUTS // 10))
    @given(made_up())
    def stays_a_text(text):
        assert_harmless(text)

    stays_a_text()


def test_a_link_is_refused_or_leads_where_it_says(assert_harmless):
    for link in LINKS:
        try:
            address = Source._meta.get_field("url").formfield().clean(link)
            Source(url=address).clean_fields(exclude=["story"])
        except ValidationError:
            continue
        _, pages = assert_harmless(HARMLESS, link=address)
        shown = LexborHTMLParser(pages["story"]).css_first(".body a[rel=external]").attributes["href"]
        assert shown == address and address.startswith("https://"), link


def test_a_search_for_it_shows_it_and_no_element_more(client, record_property):
    HostileStory(HARMLESS)
    known = {
        (tag, tuple(attributes))
        for address in ("/search/?q=ferry", "/search/?q=fery", "/search/?q=zzzz", "/tags/?q=x", "/tags/?q=zz")
        for tag, attributes in skeleton(LexborHTMLParser(client.get(address).content.decode()))
    }
    for text in TEXTS:
        for address in ("/search/", "/tags/"):
            page = LexborHTMLParser(client.get(address, {"q": text}).content.decode())
            assert {(tag, tuple(attributes)) for tag, attributes in skeleton(page)} <= known, (address, text)
            assert len(page.css("script")) == 1, (address, text)
    record_property("inputs", 2 * len(TEXTS))


def test_feeds_and_sitemaps_hold_it_as_text(client):
    for text in SOME:
        with transaction.atomic():
            hostile = HostileStory(text)
            rss, atom, news = (
                ElementTree.fromstring(client.get(address).content)  # noqa: S314 (our own)
                for address in ("/feed/", "/feed/atom/", "/sitemap-news.xml")
            )
            items = json.loads(client.get("/feed.json").content)["items"]
            transaction.set_rollback(True)
        title = strip_illegal(hostile.story.headline)
        # XML reads every end of a line as one character.
        titles = [rss.findtext("channel/item/title"), atom.findtext("{*}entry/{*}title"), items[0]["title"]]
        titles.append(news.findtext("{*}url/{*}news/{*}title"))
        assert [one.split() for one in titles] == [title.split()] * 4, text
        assert strange_in_bodies(f'<div class="body">{items[0]["content_html"]}</div>') == [], text


def test_imported_texts_are_as_harmless(client, tmp_path):
    for number, text in enumerate(SOME):
        names = {"headline": f"x{text}", "byline": text[:90], "region": f"x{text}"[:60], "tags": [f"x{text}"[:60]]}
        line = record(
            slug=f"from-json-{number}", body=text, sources=[{"url": "https://example.org/", "label": text}], **names
        )
        (tmp_path / "stories.jsonl").write_text(json_lines(line))
        (tmp_path / "page.html").write_text(
            html_page(html_item(text, headline=f"x{text}", href=f"/item/{number + 1}-x"))
        )
        for file in sorted(tmp_path.iterdir()):
            with suppress(SystemExit):  # some are refused
                call_command("importstories", str(file), newest="2026-06-20", verbosity=0)
    assert Story.objects.count() > len(SOME) / 2
    for one in Story.objects.all():
        html = client.get(one.get_absolute_url()).content.decode()
        assert strange_in_bodies(html) == []
        assert html_faults(html) == []


def test_every_parser_reads_a_sanitised_body_the_same(record_property):
    tried = []

    @try_many
    @given(st.one_of(made_up(), st.sampled_from(TEXTS)))
    def stays_within(text):
        tried.append(text)
        body = sanitise(text)
        whole = f'<!doctype html><title>a</title><div class="body">{body}</div><footer>a</footer>'
        assert html_faults(whole) == [], text
        assert LexborHTMLParser(whole).css_first("body > .body + footer") is not None, text
        assert strange_in_bodies(whole) == [], text

    stays_within()
    record_property("inputs", len(tried))
