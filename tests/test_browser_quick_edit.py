"""Quick edit in a real Chromium: with the keyboard, over a filtered list, and with conflicts."""

from django.urls import reverse

from stories.models import Story, take_snapshot
from tests.cast import draft, ed, region
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM
LIST = reverse("admin:stories_story_changelist")


def test_four_fields_are_changed_with_the_keyboard_without_leaving_the_list(visitor):
    page, keys = visitor.page, visitor.page.keyboard
    region("British Isles")
    one = draft("Ferry returns", tags=["Coast"])
    draft("Another", tags=["Ferries"])
    visitor.log_in(ed())
    page.goto(f"{LIST}?state=draft&tag=coast")
    page.evaluate("window.stays = true")
    page.focus("a.quick-edit")
    keys.press("Enter")
    page.wait_for_selector("dialog[open]")
    visitor.assert_accessible_in_both_schemes()
    keys.press("Control+A")
    keys.type("Ferry leaves")
    while page.evaluate("document.activeElement.getAttribute('role')") != "combobox":
        keys.press("Tab")
    keys.type("ferr")
    page.wait_for_selector(".tag-box-options:not([hidden]) [role=option]")
    keys.press("Escape")
    assert page.locator("dialog[open]").count() == 1  # only the suggestions are closed
    keys.type("i")
    page.wait_for_selector(".tag-box-options:not([hidden]) [role=option]")
    keys.press("Enter")
    keys.press("Tab")
    keys.type("British")
    # The keys for a date depend on the browser's language.
    page.fill("[name=published_at_0]", "2100-02-01")
    page.fill("[name=published_at_1]", "09:30")
    keys.press("Enter")
    page.wait_for_selector("text=“Ferry leaves” was saved.")
    saved = {"headline": "Ferry leaves", "region": "British Isles", "tags": ["Coast", "Ferries"]}
    dated = {"published_at": "2100-02-01T09:30+00:00", "body": take_snapshot(one)["body"]}
    assert take_snapshot(Story.objects.get(pk=one.pk)).items() >= (saved | dated).items()
    row = page.inner_text("#result_list tbody tr")
    for said in ("Ferry leaves", "British Isles", "Coast, Ferries", "1 Feb 2100, 09:30"):
        assert said in row
    assert page.evaluate("window.stays && document.activeElement.textContent") == "Quick edit"
    assert "state%3Ddraft" in page.get_attribute("#result_list tbody th a", "href")
    visitor.assert_accessible_in_both_schemes()


def test_a_conflict_of_two_editors_shows_both_texts(visitor):
    page = visitor.page
    draft("Ferry returns")
    visitor.log_in(ed())
    page.goto(LIST)
    page.click("a.quick-edit")
    page.fill("dialog [name=headline]", "Ferry cancelled")
    Story.objects.update(headline="Ferry delayed", byline="Another")
    page.click("dialog [type=submit]")
    page.wait_for_selector("dialog .conflicts")
    assert "delayed" in page.inner_text(".conflicts")
    visitor.assert_accessible_in_both_schemes()
    page.click("dialog [type=submit]")
    page.wait_for_selector("text=“Ferry cancelled” was saved.")
    assert (Story.objects.get().headline, Story.objects.get().byline) == ("Ferry cancelled", "Another")
    visitor.assert_nothing_broke()


def test_input_is_kept_after_errors_offline_and_on_closing(visitor):
    page = visitor.page
    draft("Ferry returns")
    visitor.log_in(ed())
    page.goto(LIST)
    page.click("a.quick-edit")
    page.fill("dialog [name=headline]", "")
    page.click("dialog [type=submit]")
    page.wait_for_selector("dialog >> text=This field is required")
    page.fill("dialog [name=headline]", "Typed on a train")
    page.context.set_offline(True)
    page.click("dialog [type=submit]")
    page.wait_for_selector("text=can't reach the server")
    page.context.set_offline(False)
    visitor.faults.clear()  # the browser logs the failed request
    page.once("dialog", lambda asked: asked.dismiss())
    page.click("dialog .quick-close")
    assert page.input_value("dialog [name=headline]") == "Typed on a train"
    page.click("dialog [type=submit]")
    page.wait_for_selector("text=“Typed on a train” was saved.")
    visitor.assert_nothing_broke()
