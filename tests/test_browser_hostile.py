"""The hostile texts in a real Chromium: none runs, none asks another host, none is even stopped by the policy only."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from tests.cast import olga
from tests.chromium import IN_CHROMIUM
from tests.hostile_stories import HostileStory
from tests.hostile_texts import TEXTS
from tests.inputs import IS_LONG
from tests.small_site import small_site

pytestmark = IN_CHROMIUM
SOME = TEXTS if IS_LONG else TEXTS[::8]
ADMIN = ["index", "stories_story_changelist", "stories_tag_changelist", "stories_region_changelist"]


@pytest.fixture
def look(visitor):
    """Return a function that opens a URL and fails if a script ran, was refused, or asked another host."""
    hosts = set()
    visitor.page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))

    def look(address, kind="domcontentloaded"):
        visitor.page.goto(address, wait_until=kind)
        assert visitor.page.evaluate("top.hacked") is None, address
        assert hosts == {urlsplit(visitor.page.url).netloc}, address
        visitor.assert_nothing_broke()

    return look


def test_no_text_runs_where_readers_come(look):
    stories = [HostileStory(text) for text in SOME]
    for page in range(2, len(stories) * 2 // 10 + 1):
        look(f"/?page={page}")
    for address in ("/", "/tags/", "/search/?q=hacked", "/search/?q=%3Cimg%20src%3Dx%20onerror%3Dtop.hacked%3D1%3E"):
        look(address)
    for one in stories[::4]:
        for address in one.pages().values():
            look(address)


def test_no_text_runs_at_the_desk(look, visitor):
    stories = [HostileStory(text) for text in SOME]
    visitor.log_in(olga())
    for name in ADMIN:
        look(reverse(f"admin:{name}"), "load")
    for one in stories[::4]:
        for name in ("change", "history"):
            look(reverse(f"admin:stories_story_{name}", args=[one.story.pk]), "load")
        look(reverse("admin:stories_tag_change", args=[one.tag.pk]), "load")


def test_no_text_runs_in_the_live_preview(look, visitor):
    one = HostileStory(SOME[0])
    visitor.log_in(olga())
    look(reverse("admin:stories_story_change", args=[one.story.pk]), "load")
    visitor.page.keyboard.press("Control+Shift+KeyL")
    frame = visitor.page.frame_locator("iframe[title='The story as readers will see it']")
    for text in SOME[::3]:
        visitor.page.fill("#id_byline", text.replace("\n", " ")[:200])
        frame.locator(".byline").wait_for()
        assert visitor.page.evaluate("window.hacked") is None, text
    visitor.assert_nothing_broke()


def test_every_public_page_is_accessible_on_a_phone(visitor):
    visitor.page.set_viewport_size({"width": 390, "height": 800})
    for kind, address in small_site().items():
        visitor.page.goto(address)
        assert visitor.faults_in_both_schemes() == [], kind
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), kind
