"""Similar stories and suggested labels of sources on the story form, in a real Chromium."""

from unittest import mock

import pytest
from django.core.cache import cache
from django.urls import reverse

from stories.link_titles import Page, Unreachable
from tests.cast import draft, ed, story
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM
PAGE = Page(b"<title>Timetable</title><meta property=og:site_name content=Harbour>", None)
FETCH = "stories.admin.story.link_titles.fetch"
IS_SEEN = """link => {
  const { left, top } = link.getBoundingClientRect();
  return document.elementFromPoint(left + 5, top + 5) === link;
}"""


@pytest.fixture
def page(visitor):
    cache.clear()
    visitor.log_in(ed())
    visitor.page.goto(reverse("admin:stories_story_add"))
    return visitor.page


def paste(page, url):
    page.fill("#id_sources-url-1", url)
    page.press("#id_sources-url-1", "Tab")


def test_similar_stories_are_shown_while_typing_and_after_saving(visitor, page):
    earlier = story("Ferry returns to Saltmere")
    page.fill("#id_headline", "Ferry returns to Saltmere")
    link = page.locator(".similar-stories a")
    link.wait_for()
    assert link.evaluate(IS_SEEN), "the bar of buttons hides it"
    assert link.get_attribute("href") == reverse("admin:stories_story_change", args=[earlier.pk])
    assert link.get_attribute("target") == "_blank"
    visitor.assert_accessible_in_both_schemes()
    page.fill("#id_headline", "Something else")
    link.wait_for(state="detached")
    page.goto(reverse("admin:stories_story_change", args=[draft("Ferry returns to Saltmere").pk]))
    link.wait_for()
    assert "(similar text)" in page.inner_text(".similar-stories")
    visitor.assert_nothing_broke()


def test_a_label_is_filled_in_and_undone(visitor, page):
    label = page.locator("#id_sources-label-1")
    with mock.patch(FETCH, return_value=PAGE) as fetched:
        paste(page, "https://example.org/a")
        page.wait_for_selector("text=Label filled in from the page")
        assert label.input_value() == "Harbour: Timetable"
        page.click(".link-title-line button")
        assert label.input_value() == ""
        paste(page, "https://example.org/b")
        page.wait_for_selector("text=Label filled in from the page")
        visitor.assert_accessible_in_both_schemes()
        label.press("Escape")
        assert label.input_value() == ""
        assert [call.args[0] for call in fetched.call_args_list] == ["https://example.org/a", "https://example.org/b"]


def test_a_typed_label_is_never_overwritten(visitor, page):
    label = page.locator("#id_sources-label-1")
    page.route("**/link-title/", lambda route: (label.fill("My own words"), route.continue_()))
    with mock.patch(FETCH, return_value=PAGE), page.expect_response("**/link-title/"):
        paste(page, "https://example.org/a")
    page.wait_for_function("!document.querySelector('.link-title-line').textContent")
    assert label.input_value() == "My own words"
    visitor.assert_nothing_broke()


def test_a_message_says_if_there_is_no_title(visitor, page):
    with mock.patch(FETCH, side_effect=Unreachable):
        paste(page, "https://example.org/a")
        page.wait_for_selector("text=Couldn't read the page title")
    assert page.input_value("#id_sources-label-1") == ""
    visitor.assert_nothing_broke()


def test_a_new_source_row_has_empty_fields_and_unique_ids(page):
    page.fill("#id_sources-url-1", "https://example.org/a")
    page.fill("#id_sources-url-2", "https://example.org/b")
    ids = page.locator(".source-row input").evaluate_all("inputs => inputs.map((input) => input.id)")
    assert ids == [f"id_sources-{part}-{number}" for number in (1, 2, 3) for part in ("url", "label")]
    assert page.input_value("#id_sources-url-3") == ""
