"""Take the screenshots in docs/ again: `.venv/bin/python -m docs.screenshots`, in about a minute.

Serves the demo from a temporary SQLite database and needs Chromium. Pictures of the desk show a few stories more than the
demo has, made here. Look at each picture before you commit it.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).resolve().parent
PORT = 8089
SITE = f"http://127.0.0.1:{PORT}"
# What is shown of readers' pages: file name and path.
READER_PAGES = {
    "front": "/",
    "tag": "/tags/coast/",
    "region": "/regions/british-isles/",
    "story": "/stories/saltmere-ferry-sails-again-after-eleven-weeks/",
    "search": "/search/?q=harbour",
    "tags": "/tags/",
    "missing": "/nothing/",
}
DESKTOP, PHONE, DESK = (1280, 843), (390, 843), (1366, 900)
SCALE, GAP, COLOURS = 0.6, 14, 128


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "newsdesk.settings",
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        }
        os.environ |= {"DEBUG": "1", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("loaddemo", verbosity=0)
        with served(), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
            take_reader_pages(browser)
            take_desk(browser)
            browser.close()


def find_chromium() -> str | None:
    from tests.chromium import find_chromium

    return find_chromium()


@contextmanager
def served() -> Iterator[None]:
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{PORT}"]
    server = subprocess.Popen(command, cwd=DOCS.parent, stderr=subprocess.DEVNULL)  # noqa: S603 (our own)
    try:
        for _ in range(100):
            with suppress(OSError):
                urllib.request.urlopen(f"{SITE}/livez").close()  # noqa: S310 (our own)
                break
            time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait()


def new_page(browser: Browser, size: tuple[int, int], **options: str) -> Page:
    return browser.new_context(base_url=SITE, viewport={"width": size[0], "height": size[1]}, **options).new_page()


def take_reader_pages(browser: Browser) -> None:
    """Take each page four times, in one picture: desktop and phone, light and dark. Then one page in print."""
    for name, path in READER_PAGES.items():
        pictures = {}
        for scheme in ("light", "dark"):
            for size in (DESKTOP, PHONE):
                page = new_page(browser, size, color_scheme=scheme)
                page.goto(path)
                pictures[scheme, size] = shrunk(page.screenshot())
                page.context.close()
        join(pictures).save(DOCS / f"reader-{name}.png", optimize=True)
    page = new_page(browser, (794, 1000))
    page.emulate_media(media="print")
    page.goto(READER_PAGES["tag"])
    to_palette(shrunk(page.screenshot(), 0.75)).save(DOCS / "reader-print.png", optimize=True)


def shrunk(picture: bytes, scale: float = SCALE) -> Image.Image:
    whole = Image.open(BytesIO(picture)).convert("RGB")
    return whole.resize((round(whole.width * scale), round(whole.height * scale)), Image.Resampling.HAMMING)


def join(pictures: dict) -> Image.Image:
    """Return the pictures of {(scheme, size): picture}, a row for each scheme."""
    width, height = pictures["light", DESKTOP].size
    joined = Image.new("RGB", (width + GAP + pictures["light", PHONE].width, 2 * height + GAP), (128, 128, 128))
    for row, scheme in enumerate(("light", "dark")):
        for left, size in ((0, DESKTOP), (width + GAP, PHONE)):
            joined.paste(pictures[scheme, size], (left, row * (height + GAP)))
    return to_palette(joined)


def to_palette(picture: Image.Image) -> Image.Image:
    # The default method drops the regions' colours, which are on few pixels.
    return picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)


def take_desk(browser: Browser) -> None:
    scene = make_scene()
    page = new_page(browser, DESK)
    log_in(page, "ed")
    save(page, "dashboard")
    page.goto("/admin/stories/story/")
    save(page, "story-list")
    page.click("a.quick-edit >> nth=2")
    page.wait_for_selector("dialog[open] [name=headline]")
    save(page, "quick-edit")
    page.goto(f"/admin/stories/story/{scene['in_review']}/change/")
    page.click("[data-shortcut=preview]")
    page.frame_locator(".live-preview iframe").locator("h1").wait_for()
    page.evaluate("scrollTo(0, 0)")
    save(page, "story-form")
    page.click("[data-shortcut=preview]")
    page.goto(f"/admin/stories/story/{scene['revised']}/history/")
    save(page, "versions")
    page.goto(f"/admin/stories/story/{scene['contested']}/change/")
    page.fill("#id_headline", "Letterbox museum looks for a last one")
    scene["save_theirs"]()
    page.click("[name=_continue]")
    page.wait_for_selector(".errornote")
    save(page, "clash")
    page.goto(f"/admin/stories/tag/{scene['tag']}/change/")
    save(page, "tag", full_page=True)


def log_in(page: Page, name: str) -> None:
    from stories.management.commands.loaddemo import PASSWORD

    page.goto("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("h1")


def save(page: Page, name: str, **options: bool) -> None:
    """Take the picture once the page's scripts have run."""
    page.wait_for_load_state("load")
    page.screenshot(path=DOCS / f"{name}.png", **options)


def make_scene() -> dict:
    """Make the stories that the pictures of the desk show, and return what these need of them."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from stories.models import Autosave, Region, Story, Tag

    rosa, ed, olga = (User.objects.get(username=name) for name in ("rosa", "ed", "olga"))
    now = timezone.now()

    def write(headline: str, region: str, by: User, body: str = "More about this on Friday.") -> Story:
        regions = Region.objects.ensure([region])
        story = Story(headline=headline, body=f"<p>{body}</p>", region=regions[region], created_by=by)
        story.save()
        story.tags.set(["Coast", "Ferries"])
        story.sources.replace([["https://www.example.org/saltmere/", "Saltmere Harbour Office"]])
        story.record(by=by)
        return story

    def publish(story: Story, hours: float) -> None:
        story.publish(by=ed, at=now + timedelta(hours=hours))

    for headline, hours in (
        ("Night train to Elvarkamm runs again", 2),
        ("Choir of Cranmarrow looks for basses", 26),
        ("Marlowick bees winter on the town hall roof", 27),
        ("Tidal mill grinds its first flour in a century", 51),
        ("Library of Quellaro stays open until midnight", 98),
        ("Two islands share one fire engine", -1),
    ):
        publish(write(headline, "British Isles", ed), hours)
    write("Young people of Torvelund run a bank of tools", "Europe", rosa)
    write("Glass recycled into a footpath at Brackenhythe", "Praise Reports", rosa).submit(by=rosa)
    write("What the lighthouse keepers knew", "British Isles", ed)

    revised = write(
        "Saltmere harbour gets a second crane", "British Isles", ed, "The harbour office has bought a crane."
    )
    publish(revised, -0.5)
    revised.headline = "Saltmere harbour gets its second crane"
    revised.body = "<p>The harbour office has bought a second crane. It lifts forty tonnes, and arrives on Friday.</p>"
    revised.save()
    revised.tags.add("Work")
    revised.record(by=olga)

    contested = Story.objects.get(headline="Museum of letterboxes looks for one more")
    contested.submit(by=rosa)
    contested.send_back(by=ed, comment="Please name the source of the second figure.")
    Autosave.objects.keep("0" * 32, by=rosa, story=contested)

    def save_theirs() -> None:
        theirs = Story.objects.get(pk=contested.pk)
        theirs.headline = "Museum of letterboxes seeks one more"
        theirs.save()
        theirs.record(by=rosa)

    return {
        "in_review": Story.objects.get(headline__startswith="Seaweed farmers").pk,
        "revised": revised.pk,
        "contested": contested.pk,
        "save_theirs": save_theirs,
        "tag": Tag.objects.get(name="Coast").pk,
    }


if __name__ == "__main__":
    main()
