"""A story's way through the newsroom in a real Chromium, preview links, and a server that goes down."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.urls import reverse

from stories.models import Story
from tests.cast import draft, ed, region, rosa
from tests.chromium import IN_CHROMIUM, Visitor
from tests.test_browser import add_tag

pytestmark = IN_CHROMIUM
ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def another(visitor, chromium):
    """Yield another visitor, with a separate browser."""
    context = chromium.new_context(base_url=visitor.site)
    yield Visitor(context, visitor.site)
    context.close()


def test_a_story_goes_from_first_draft_to_the_reader(visitor, chromium):
    page = visitor.page
    region("Europe")
    visitor.log_in(rosa())
    page.goto(reverse("admin:stories_story_add"))
    page.fill("#id_headline", "Ferry returns")
    page.locator(".ProseMirror").press_sequentially("The ferry is back.")
    page.select_option("#id_region", label="Europe")
    add_tag(page, "Ferries", ",")
    page.click("[data-shortcut=preview]")
    seen = page.frame_locator(".live-preview iframe")
    seen.locator("h1:text('Ferry returns')").wait_for()
    page.press(".ProseMirror", "Control+End")
    page.locator(".ProseMirror").press_sequentially(" At last.")
    seen.locator("text=At last.").wait_for()
    assert seen.locator(".tags").inner_text().strip() == "Ferries"
    assert "ProseMirror" in page.evaluate("document.activeElement.className")
    visitor.assert_accessible_in_both_schemes()
    page.click("[value=submit]")
    page.wait_for_selector("text=was submitted for review")
    with another(visitor, chromium) as editor:
        desk = editor.page
        editor.log_in(ed())
        desk.goto(reverse("admin:stories_story_change", args=[Story.objects.get().pk]))
        desk.fill("[name=comment]", "Since when?")
        desk.click("[value=send_back]")
        desk.wait_for_selector("text=was sent back")
        page.goto(reverse("admin:stories_story_change", args=[Story.objects.get().pk]))
        assert "Since when?" in page.inner_text(".move-comment")
        page.press(".ProseMirror", "Control+Home")
        page.locator(".ProseMirror").press_sequentially("Since Monday: ")
        page.click("[value=submit]")
        page.wait_for_selector("text=was submitted for review")
        desk.goto(reverse("admin:stories_story_change", args=[Story.objects.get().pk]))
        desk.click("[value=publish]")
        desk.wait_for_selector("text=was published")
        editor.assert_nothing_broke()
    page.goto("/tags/ferries/")
    assert "Since Monday: The ferry is back. At last." in page.inner_text("article")
    visitor.assert_nothing_broke()


def test_no_script_runs_in_the_live_preview(visitor):
    page = visitor.page
    visitor.log_in(ed())
    page.goto(reverse("admin:stories_story_add"))
    page.click("[data-shortcut=preview]")
    page.evaluate("window.hacked = 0")
    hostile = '<img src=x onerror="parent.hacked=1"><svg onload="parent.hacked=1"><a href=\'javascript:parent.hacked=1\'>x</a>'
    page.fill("#id_headline", hostile)
    page.evaluate("body => { document.querySelector('[name=body]').value = body }", hostile)
    page.press("#id_headline", "End")
    page.frame_locator(".live-preview iframe").locator("h1:text('onerror')").wait_for()
    assert page.evaluate("window.hacked") == 0
    visitor.assert_nothing_broke()


def test_a_preview_link_shows_a_draft_until_it_is_revoked(visitor, chromium):
    page = visitor.page
    one, editor = draft("Lighthouse"), ed()
    visitor.log_in(editor)
    page.goto(reverse("admin:stories_story_change", args=[one.pk]))
    page.fill("#id_headline", "Typed, not saved")
    page.click("text=Create link")
    url = page.locator("[aria-label=Link]").input_value()
    assert page.input_value("#id_headline") == "Typed, not saved"
    visitor.assert_accessible_in_both_schemes()
    with another(visitor, chromium) as stranger:
        stranger.page.goto(url)
        assert stranger.page.inner_text("h1") == "Lighthouse"
        assert stranger.page.context.cookies() == []
        assert stranger.accessibility_faults() == []
        stranger.faults.clear()
        page.click("text=Revoke link")
        page.wait_for_selector(".share >> text=revoked")
        stranger.page.goto(url)
        assert stranger.page.inner_text("h1") == "This preview is closed"


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextmanager
def server(port):
    """Start a server process on the tests' database."""
    name = connection.settings_dict["NAME"]
    server_url = os.environ["DATABASE_URL"].rpartition("/")[0]
    database = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"{server_url}/{name}"
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    variables = {"DEBUG": "1", "DATABASE_URL": database}
    process = subprocess.Popen(command, env=os.environ | variables, cwd=ROOT, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/livez")
                break
            except OSError:
                time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def test_changes_typed_while_the_server_is_down_are_restored(chromium):
    port, one = free_port(), draft("Lighthouse")
    site = f"http://127.0.0.1:{port}"
    context = chromium.new_context(base_url=site)
    visitor = Visitor(context, site)
    visitor.log_in(ed())
    page = visitor.page
    with server(port) as process:
        page.goto(reverse("admin:stories_story_change", args=[one.pk]))
        page.locator(".ProseMirror").press_sequentially("Typed before. ")
        page.wait_for_selector("text=Unsaved changes backed up at")
        process.kill()
        page.locator(".ProseMirror").press_sequentially("Typed after. ")
        page.wait_for_selector("text=backed up in this browser")
    page.goto("about:blank")  # the page is lost too
    with server(port):
        page.goto(reverse("admin:stories_story_change", args=[one.pk]))
        page.locator("text=Restore changes").last.click()
        page.wait_for_selector(".ProseMirror >> text=Typed before. Typed after.")
    context.close()
