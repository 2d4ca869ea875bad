"""Journeys in a real Chromium. No page may violate the Content-Security-Policy."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from stories.admin.story.boxes import read_boxes
from stories.models import Autosave, Status, Story, Tag, TagChange, restore_snapshot, take_snapshot
from tests.cast import draft, ed, region, rosa, story
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM


def add_tag(page, text, key="Enter"):
    page.locator(".tag-box input").press_sequentially(text)
    page.wait_for_selector(".tag-box-options:not([hidden]) [role=option]")
    page.locator(".tag-box input").press(key)


@pytest.mark.both_databases
def test_a_writer_writes_tags_previews_and_submits_a_story(visitor):
    page = visitor.page
    region("Europe")
    story("Older", tags=["Coast"])
    visitor.log_in(rosa())
    page.goto(reverse("admin:stories_story_add"))
    page.fill("#id_headline", "Ferry returns to Saltmere")
    page.locator(".ProseMirror").press_sequentially("The ferry is back. ")
    page.keyboard.press("Control+b")
    page.keyboard.type("At last.")
    page.select_option("#id_region", label="Europe")
    add_tag(page, "coa")
    add_tag(page, "Ferries", ",")
    page.fill("#id_sources-url-1", "https://www.example.org/ferry")
    visitor.assert_nothing_broke()
    page.click("[name=_preview]")
    page.wait_for_selector(".preview-note")
    assert "The ferry is back. At last. See example.org" in page.inner_text("article")
    visitor.assert_nothing_broke()
    page.click("text=Back to the form")
    page.click("[value=submit]")
    page.wait_for_selector("text=was changed successfully")
    made = Story.objects.get(headline="Ferry returns to Saltmere")
    assert made.status == Status.IN_REVIEW
    assert made.body == "<p>The ferry is back. <strong>At last.</strong></p>"
    assert [tag.name for tag in made.tags_in_order] == ["Coast", "Ferries"]
    assert made.slug == "ferry-returns-to-saltmere"
    visitor.assert_nothing_broke()


@pytest.mark.both_databases
def test_an_editor_publishes_it_and_a_reader_finds_it(visitor):
    page = visitor.page
    waiting = story("Ferry returns", status=Status.IN_REVIEW, tags=["Coast"])
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_story_change", args=[waiting.pk]))
    page.click("[value=publish]")
    page.wait_for_selector("text=was changed successfully")
    page.goto("/tags/coast/")
    page.click("text=Ferry returns")
    page.wait_for_url("**/stories/ferry-returns/")
    visitor.assert_nothing_broke()


def test_the_tag_box_works_with_the_keyboard_and_loses_nothing(visitor):
    page = visitor.page
    for name in ("Coast", "Coastguard", "North Coast"):
        Tag.objects.create(name=name)
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_story_add"))
    box = page.locator(".tag-box input")
    add_tag(page, "coa", "ArrowDown")
    box.press("Enter")
    add_tag(page, "coast")
    box.press_sequentially("coa")
    page.wait_for_selector(".tag-box-options:not([hidden]) [role=option]")
    box.press_sequentially("stal erosion")
    box.press("Enter")  # before the suggestions for the longer text
    assert page.locator("textarea[name=tags]").input_value() == "Coastguard\nCoast"
    box.fill("")
    box.press_sequentially("Half a tag")
    page.click("[name=_save]")
    page.wait_for_selector(".tag-box-options:not([hidden]) [role=option]")
    assert "is not added yet" in page.inner_text(".tag-box-status")
    box.fill("")
    box.press("Backspace")
    assert page.locator("textarea[name=tags]").input_value() == "Coastguard"
    visitor.assert_nothing_broke()


@pytest.mark.parametrize("width", [390, 1366])
def test_every_page_is_accessible_and_keeps_the_policy(visitor, width):
    page = visitor.page
    one = story("Ferry returns to Saltmere", tags=["Coast", "Ships"])
    one.sources.create(url="https://www.example.org/ferry", label="Harbour Office")
    for number in range(21):
        story(f"Story {number}", tags=["Coast"])
    page.set_viewport_size({"width": width, "height": 800})
    for url in (
        "/",
        "/tags/",
        "/tags/coast/?page=2",
        "/regions/europe/?tag=coast",
        "/stories/ferry-returns-to-saltmere/",
        "/search/?q=story",
    ):
        page.goto(url)
        assert visitor.faults_in_both_schemes() == [], url
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), url
        visitor.assert_nothing_broke()


def test_every_admin_screen_keeps_the_policy_and_is_accessible(visitor):
    page = visitor.page
    one, gone, editor = story("Ferry returns", tags=["Coast"]), draft("Gone", tags=["Shore"]), ed()
    restore_snapshot(one, take_snapshot(one) | {"headline": "Ferry stays"})
    one.record(by=editor, before=(take_snapshot(gone), gone.status), comment="Better so.")
    Autosave.objects.keep("a" * 32, by=editor, story=one, typed=read_boxes(QueryDict("headline=Half+a+head")))
    Tag.objects.ensure(["Coasts"])
    TagChange.objects.merge(Tag.objects.get(name="Shore"), one.tags.get(), by=editor)
    gone.delete(by=editor)
    visitor.log_in(editor)
    for name, arguments in (
        ("index", []), ("stories_story_changelist", []), ("stories_story_add", []), ("stories_story_change", [one.pk]),
        ("stories_story_history", [one.pk]), ("stories_story_delete", [one.pk]), ("stories_tag_changelist", []),
        ("stories_tag_change", [one.tags.get().pk]), ("stories_tag_split", [one.tags.get().pk]), ("stories_region_changelist", []), ("stories_region_change", [one.region_id]),
        ("stories_story_deleted", []), ("stories_tag_changes", []),
    ):  # fmt: skip
        page.goto(reverse(f"admin:{name}", args=arguments))
        page.wait_for_load_state("networkidle")
        visitor.assert_nothing_broke()  # first, because axe adds inline styles
        assert visitor.faults_in_both_schemes(["serious", "critical"]) == [], name
        visitor.faults.clear()


def test_the_skip_link_leads_to_the_stories(visitor):
    page = visitor.page
    story("Ferry returns")
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.both_databases
def test_unsaved_changes_are_restored_after_a_crash(visitor):
    one = draft("Ferry returns")
    visitor.log_in(ed())
    page = visitor.page
    page.goto(reverse("admin:stories_story_change", args=[one.pk]))
    page.locator(".ProseMirror").press_sequentially("Typed and never saved. ")
    page.wait_for_selector("text=Unsaved changes backed up at")
    page.goto("about:blank")
    page.goto(reverse("admin:stories_story_change", args=[one.pk]))
    visitor.assert_nothing_broke()
    page.click("text=Restore changes")
    page.wait_for_selector(".ProseMirror >> text=Typed and never saved.")
    page.click("[name=_save]")
    page.wait_for_selector("text=was changed successfully")
    assert "Typed and never saved." in Story.objects.get().body
    visitor.assert_nothing_broke()


def test_sources_without_labels_are_restored_each_in_its_row(visitor):
    page = visitor.page
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_story_add"))
    page.fill("#id_sources-url-1", "https://www.example.org/one")
    page.fill("#id_sources-url-2", "https://www.example.org/two")
    page.fill("#id_sources-label-2", "Two")
    page.wait_for_selector("text=Unsaved changes backed up at")
    page.goto(reverse("admin:stories_story_add"))
    page.click("text=Restore changes")
    page.wait_for_url("**restore=*")
    rows = [[box.input_value() for box in row.locator("input").all()] for row in page.locator(".source-row").all()]
    assert rows == [["https://www.example.org/one", ""], ["https://www.example.org/two", "Two"], ["", ""]]


def test_an_unfinished_tag_is_restored(visitor):
    page = visitor.page
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_story_add"))
    page.locator(".tag-box input").press_sequentially("Harbou")
    page.fill("#id_headline", "Ferry returns")
    page.wait_for_selector("text=Unsaved changes backed up at")
    page.goto(reverse("admin:stories_story_add"))
    page.click("text=Restore changes")
    page.wait_for_url("**restore=*")
    assert page.locator(".tag-box-chips li").inner_text().split() == ["Harbou", "×"]


def test_the_sticky_buttons_hide_no_field_and_have_room_for_a_comment(visitor):
    page = visitor.page
    page.set_viewport_size({"width": 1366, "height": 600})
    visitor.log_in(ed())
    one = story(status=Status.IN_REVIEW)
    page.goto(reverse("admin:stories_story_change", args=[one.pk]))
    bar = page.locator(".submit-row")
    page.focus("#id_tags")
    for _ in range(4):
        page.keyboard.press("Tab")
        box = page.locator(":focus").bounding_box()
        assert box["y"] + box["height"] <= bar.bounding_box()["y"]
    assert bar.locator("[name=comment]").bounding_box()["width"] > 250


def test_enter_in_the_headline_saves_and_discards_nothing(visitor):
    one, editor = draft("Ferry returns"), ed()
    Autosave.objects.keep("a" * 32, by=editor, story=one, typed=read_boxes(QueryDict("headline=Half+a+head")))
    visitor.log_in(editor)
    page = visitor.page
    page.goto(reverse("admin:stories_story_change", args=[one.pk]))
    page.fill("#id_headline", "Ferry stays")
    page.press("#id_headline", "Enter")
    page.wait_for_selector("text=was changed successfully")
    assert Autosave.objects.get(token="a" * 32).typed["headline"] == "Half a head"


def test_changes_typed_offline_are_sent_later(visitor):
    page = visitor.page
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_story_add"))
    page.context.set_offline(True)
    page.fill("#id_headline", "Typed on a train")
    page.wait_for_selector("text=backed up in this browser")
    page.context.set_offline(False)
    visitor.faults.clear()  # the browser logs the failed request
    page.goto(reverse("admin:stories_story_add"))
    page.click("text=Restore changes")
    assert page.input_value("#id_headline") == "Typed on a train"
    visitor.assert_nothing_broke()


def test_a_conflict_shows_both_texts_and_saving_keeps_mine(visitor):
    one, editor = draft("Ferry returns"), ed()
    visitor.log_in(editor)
    page = visitor.page
    page.goto(reverse("admin:stories_story_change", args=[one.pk]))
    Story.objects.update(headline="Ferry delayed", byline="Another")
    page.fill("#id_headline", "Ferry cancelled")
    page.click("[name=_save]")
    page.wait_for_selector(".conflicts")
    assert "delayed" in page.inner_text(".conflicts")
    assert page.input_value("#id_byline") == "Another"
    visitor.assert_accessible_in_both_schemes()
    page.click("[name=_save]")
    page.wait_for_selector("text=was changed successfully")
    assert Story.objects.get().headline == "Ferry cancelled"


@pytest.mark.both_databases
def test_merging_two_tags_can_be_undone(visitor):
    page = visitor.page
    for headline, tag in (("Old", "Kiev"), ("New", "Kyiv")):
        story(headline, tags=[tag])
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_tag_changelist"))
    page.check("#action-toggle")
    page.select_option("[name=action]", "merge")
    page.click("[name=index]")
    assert "2 stories have at least one of these tags, drafts included; 0 have more than one" in page.inner_text(
        ".merge"
    )
    visitor.assert_accessible_in_both_schemes()
    page.check("label:has-text('Kyiv') input")
    page.click("[value='Merge tags']")
    page.click("text=Undo")
    visitor.assert_nothing_broke()
    page.goto("/tags/kiev/")
    assert page.url.endswith("/tags/kyiv/")
    page.goto(reverse("admin:stories_tag_changes"))
    page.click("text=Undo change")
    page.wait_for_selector("text=Undone: “Kiev” merged into “Kyiv”")
    page.goto("/tags/kiev/")
    assert page.url.endswith("/tags/kiev/")
    assert page.inner_text("article h2") == "Old"
    page.goto(reverse("admin:stories_tag_split", args=[Tag.objects.get(name="Kiev").pk]))
    page.click("[value='Preview changes']")  # the browser must submit the form without a new tag
    page.wait_for_selector("text=This field is required.")
    visitor.assert_nothing_broke()


@pytest.mark.both_databases
def test_an_old_version_and_a_deleted_story_are_restored(visitor):
    page = visitor.page
    one, editor = draft("Ferry returns"), ed()
    before = take_snapshot(one), one.status
    restore_snapshot(one, before[0] | {"headline": "Ferry sinks"})
    one.record(by=editor, before=before)
    visitor.log_in(editor)
    page.goto(reverse("admin:stories_story_history", args=[one.pk]))
    page.click("text=Restore this version")
    page.wait_for_selector("text=Version 1 restored.")
    assert Story.objects.get().headline == "Ferry returns"
    page.click("text=Delete")
    page.click("[type=submit][value*=Yes]")
    page.click("text=Deleted stories")
    page.click("text=Recover as draft")
    page.wait_for_selector("text=recovered as a draft")
    assert Story.objects.get().pk == one.pk
    visitor.assert_nothing_broke()


def test_retagging_many_stories_has_a_preview_and_can_be_undone(visitor):
    page = visitor.page
    story("Old", tags=["Kiev"])
    story("New", tags=["Kyiv"])
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_story_changelist"))
    page.check("#action-toggle")
    page.select_option("[name=action]", "retag")
    page.click("[name=index]")
    page.fill("[role=combobox]#id_add", "Coast")
    page.press("[role=combobox]#id_add", ",")
    page.check("label:has-text('Kiev') input")
    page.click("[value='Preview changes']")
    assert "2 stories get “Coast”" in page.inner_text(".preview-of-change")
    assert "1 story loses “Kiev”" in page.inner_text(".preview-of-change")
    visitor.assert_accessible_in_both_schemes()
    page.click("[value='Apply changes']")
    assert {tuple(map(str, one.tags_in_order)) for one in Story.objects.all()} == {("Coast",), ("Kyiv", "Coast")}
    page.click("text=Undo")
    page.click("text=Undo change")
    page.wait_for_selector("text=Undone: 2 stories changed in bulk")
    assert {tuple(map(str, one.tags_in_order)) for one in Story.objects.all()} == {("Kiev",), ("Kyiv",)}
    visitor.assert_nothing_broke()


def test_a_new_tag_that_looks_like_an_old_one_is_asked_about_once(visitor):
    page = visitor.page
    Tag.objects.ensure(["Harbour", "Lighthouse"])
    one = draft("Lighthouse to be lit")
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_story_change", args=[one.pk]))
    page.click("text=+ Lighthouse")
    page.locator("#id_tags").press_sequentially("Harbuor")
    page.wait_for_selector("text=did you mean this?")
    page.press("#id_tags", "ArrowUp")  # from the first to the last, which makes a new tag
    page.press("#id_tags", "Enter")
    page.click("[name=_save]")
    page.wait_for_selector("text=was changed successfully")
    assert [str(tag) for tag in Story.objects.get().tags_in_order] == ["Lighthouse", "Harbuor"]
    visitor.assert_nothing_broke()


def test_the_form_counts_words_and_checks_the_publish_date(visitor):
    page = visitor.page
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_story_add"))
    page.locator(".ProseMirror").press_sequentially("The ferry is back.")
    page.wait_for_selector("text=4 words, about 1 minute to read.")
    for day, time, zone, said in (
        (
            "26/10/2025",
            "01:30",
            "UTC+1",
            "The clocks show this time twice: the first one is used. This is in the past.",
        ),
        ("30/03/2098", "01:30", "UTC+1", "The clocks skip this time: the story will appear an hour later."),
        ("05/01/2099", "09:00", "UTC", ""),
    ):
        page.fill("[name=published_at_0]", day)
        page.fill("[name=published_at_1]", time)
        page.wait_for_function("said => document.querySelector('.schedule-hint').textContent === said", arg=said)
        assert page.inner_text(".field-published_at .help").strip() == f"London time, {zone}"
    visitor.assert_nothing_broke()
    assert visitor.accessibility_faults(["serious", "critical"]) == []
