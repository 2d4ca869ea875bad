"""Pasting into the body from Word, Google Docs, LibreOffice and web pages."""

import time
from pathlib import Path

import pytest
from django.urls import reverse

from stories.models import Story
from stories.text.html import sanitise
from tests.cast import draft, ed
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM
PASTE = """([html, text]) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", text);
  document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
FROM_WORD = (
    "<p>Harbour to be dredged</p>"
    "<p>The Saltmere harbour is to be <strong>dredged</strong> in <em>May</em>, said the "
    '<a href="https://www.example.org/harbour?page=2">harbour office</a>.[1]</p>'
    "<ul><li><p>the north quay</p><ul><li><p>first its steps</p></li></ul></li><li><p>the south quay</p></li></ul>"
    '<p>In this order:</p><ol data-type="decimal"><li><p>measure</p></li><li><p>dig</p></li></ol>'
    "<blockquote><p>“It was time.”</p><p>“High time.”</p></blockquote>"
    "<p>Quay</p><p>Depth</p><p>North</p><p>4 m</p><p>Until June.</p><p>[1] On Monday.</p>"
)
FROM_GOOGLE = (
    "<p>The lighthouse <strong>is lit</strong><em> again</em>, says "
    '<a href="https://www.example.org/light">its keeper</a>.</p>'
    "<ul><li><p>two lamps</p><ul><li><p>one of them old</p></li></ul></li><li><p>one horn</p></li></ul>"
    '<ol data-type="decimal"><li><p>dusk</p></li></ol>'
)
FROM_LIBREOFFICE = (
    "<p>The <strong>ferry</strong> sails <em>twice</em> a day.</p>"
    '<ol data-type="decimal" start="3"><li><p>at seven</p></li><li><p>at noon</p><ul><li><p>not on Sundays</p></li></ul></li></ol>'
    "<blockquote><p>“Twice is enough.”</p></blockquote><p>H2O and oil</p>"
)
FROM_THE_WEB = (
    "<p>Market moves</p><p>The market last week</p><p>Stalls stand on the <strong>quay</strong> from Monday.</p>"
    "<p>Fish<br>and bread. Subscribe or read more, or write to "
    '<a href="mailto:desk@example.org">the desk</a> 🐟</p>'
    "<ul><li><p>fish</p></li><li><p>bread</p><ul><li><p>rye</p></li></ul></li></ul>"
    "<p>mon 9<br>tue 10</p><p>Two * three * four, and some_thing_else.</p>"
    '<p><a href="https://www.example.org/a?id=7#top">The “rules”</a></p>'
)


@pytest.fixture
def page(visitor):
    visitor.log_in(ed())
    visitor.page.goto(reverse("admin:stories_story_change", args=[draft(body="<p>.</p>").pk]))
    visitor.page.locator(".ProseMirror").press("Control+a")
    yield visitor.page
    visitor.assert_nothing_broke()


def paste(page, html, text="plain"):
    page.evaluate(PASTE, [html, text])
    return page.input_value("[name=body]")


def note(page):
    return page.locator(".paste-note").text_content()


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        (
            "word",
            FROM_WORD,
            "Pasted without 1 heading (its text was kept), tracking in 1 link, 1 picture, 1 table (its text was kept), "
            "1 comment, 1 horizontal line, fonts and colours.",
        ),
        ("google-docs", FROM_GOOGLE, "Pasted without tracking in 1 link, colours and fonts."),
        (
            "libreoffice",
            FROM_LIBREOFFICE,
            "Pasted without colours, fonts, underlines, subscript and strikethrough (the text was kept).",
        ),
        (
            "web-page",
            FROM_THE_WEB,
            "Pasted without 1 heading (its text was kept), 1 picture, 2 links without a usable URL, "
            "2 hidden passages, 1 embedded page, tracking in 1 link, colours and fonts.",
        ),
    ],
)
def test_a_paste_is_cleaned_and_lists_what_was_left_out(page, name, body, said):
    pasted = paste(page, (Path(__file__).parent / "pasted" / f"{name}.html").read_text())
    assert pasted == body
    assert note(page) == said
    assert page.evaluate("[window.hacked, window.tracked]") == [None, None]
    assert sanitise(pasted) == pasted
    page.keyboard.press("Control+z")
    assert page.input_value("[name=body]") == "<p>.</p>"


def test_a_paste_that_lost_nothing_shows_no_note(page):
    assert paste(page, "<p>One <b>two</b></p>") == "<p>One <strong>two</strong></p>"
    assert note(page) == ""


def test_text_copied_from_the_editor_is_unchanged(page):
    ours = '<p data-pm-slice="1 1 []">Half a <strong>sentence</strong></p>'
    assert paste(page, ours) == "<p>Half a <strong>sentence</strong></p>"
    page.keyboard.press("Control+a")
    assert paste(page, f"{ours}<table><tr><td>a</td><td>b</td></tr></table>").endswith("</p><p>a</p><p>b</p>")
    assert note(page) == "Pasted without 1 table (its text was kept)."


def test_a_url_pasted_over_a_selection_makes_a_link(page):
    assert paste(page, "", "https://example.org/a") == '<p><a href="https://example.org/a">.</a></p>'
    page.locator(".ProseMirror").press("Control+z")
    page.keyboard.press("Control+a")
    page.keyboard.type("See ")
    linked = '<p>See <a href="https://example.org/b">https://example.org/b</a></p>'
    assert paste(page, "", "https://example.org/b") == linked


def test_pasting_with_shift_pastes_plain_text(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        """() => navigator.clipboard.write([new ClipboardItem({
          "text/html": new Blob(["<p><b>Bold</b></p>"], { type: "text/html" }),
          "text/plain": new Blob(["Bold *and* plain"], { type: "text/plain" }),
        })])"""
    )
    page.keyboard.press("Control+v")
    assert page.input_value("[name=body]") == "<p><strong>Bold</strong></p>"
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+Shift+v")
    assert page.locator(".ProseMirror").inner_text().strip() == "Bold *and* plain"


def test_a_paste_that_is_too_long_is_refused(page):
    began = time.perf_counter()
    assert paste(page, f"<div>{'<p class=MsoNormal>One word and another.</p>' * 22_000}</div>") == "<p>.</p>"
    assert time.perf_counter() - began < 5  # a tenth of it on a quiet machine
    assert note(page).startswith("Not pasted: the body would have about 616,000 characters with its markup")
    assert paste(page, "", "x" * 99_980) == "<p>.</p>"
    assert note(page).endswith("The limit is 100,000.")
    assert Story.objects.get().body == "<p>.</p>"
