"""Keyboard shortcuts of the story form: save, submit, publish, preview."""

from django.urls import reverse

from stories.models import Status, Story
from tests.cast import draft, ed, rosa, story
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM


def open_form(visitor, user, one):
    visitor.log_in(user)
    visitor.page.goto(reverse("admin:stories_story_change", args=[one.pk]))
    visitor.page.wait_for_selector("[aria-keyshortcuts='Control+S']")
    return visitor.page


def test_control_s_saves_and_stays_on_the_form(visitor):
    one = draft()
    page = open_form(visitor, ed(), one)
    page.locator(".ProseMirror").press("Control+Home")
    page.keyboard.type("At last: ")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=You may edit it again below")
    assert Story.objects.get().body == "<p>At last: The ferry is back.</p>"
    assert Story.objects.get().status == Status.DRAFT
    visitor.assert_nothing_broke()


def test_control_enter_publishes_without_a_line_break(visitor):
    page = open_form(visitor, ed(), draft())
    page.locator(".ProseMirror").press("Control+Enter")
    page.wait_for_selector("text=was published")
    assert Story.objects.get().status == Status.PUBLISHED
    assert Story.objects.get().body == "<p>The ferry is back.</p>"
    visitor.assert_nothing_broke()


def test_control_enter_submits_a_writers_draft(visitor):
    writer = rosa()
    page = open_form(visitor, writer, draft(created_by=writer))
    page.press("#id_headline", "Control+Enter")
    page.wait_for_selector("text=was submitted for review")
    assert Story.objects.get().status == Status.IN_REVIEW
    visitor.assert_nothing_broke()


def test_control_enter_does_nothing_to_a_published_story(visitor):
    page = open_form(visitor, ed(), story())
    page.press("#id_headline", "Control+Enter")
    page.press("#id_headline", "Control+s")
    page.wait_for_selector("text=You may edit it again below")
    assert Story.objects.get().status == Status.PUBLISHED
    visitor.assert_nothing_broke()


def test_pressing_twice_saves_once_and_an_unfinished_tag_saves_nothing(visitor):
    page = open_form(visitor, ed(), draft())
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.is_navigation_request() else None)
    page.locator(".tag-box input").press_sequentially("Half a tag")
    page.keyboard.press("Control+s")
    assert "is not added yet" in page.inner_text(".tag-box-status")
    page.locator(".tag-box input").fill("")
    page.evaluate(
        """() => { for (const key of ["s", "s", "Enter"]) document.querySelector("#id_headline").dispatchEvent(
          new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true, cancelable: true })) }"""
    )
    page.wait_for_selector("text=You may edit it again below")
    assert len([url for url in sent if url.endswith("/change/")]) == 2  # sent, and the form again
    assert Story.objects.get().status == Status.DRAFT
    visitor.assert_nothing_broke()


def test_a_shortcut_shows_and_hides_the_preview(visitor):
    page = open_form(visitor, ed(), draft())
    page.locator(".ProseMirror").press("Control+Shift+L")
    page.frame_locator(".live-preview iframe").locator("text=The ferry is back.").wait_for()
    page.keyboard.press("Control+Shift+L")
    assert page.locator(".live-preview").is_hidden()
    visitor.assert_nothing_broke()


def test_shortcuts_are_listed_and_inactive_behind_the_list(visitor):
    page = open_form(visitor, ed(), draft())
    page.press("#id_headline", "?")
    assert page.locator("#shortcuts").is_hidden()
    page.locator("#id_headline").blur()
    page.keyboard.press("?")
    assert page.locator("#shortcuts dt").all_text_contents() == ["CtrlS", "CtrlEnter", "CtrlShiftL", "?"]
    page.keyboard.press("Control+Enter")
    visitor.assert_accessible_in_both_schemes()
    page.keyboard.press("Escape")
    assert page.locator("#shortcuts").is_hidden()
    assert page.get_attribute("[value=publish]", "title") == "Ctrl+Enter"
    assert Story.objects.get().status == Status.DRAFT
