"""A real Chromium, driven by Playwright, with an ear for what goes wrong on a page."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import sync_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
PASSWORD = "a long password"


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium found"),
]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, live_server):
    """Somebody with a browser of their own."""
    context = chromium.new_context(base_url=live_server.url)
    yield Visitor(context)
    context.close()


class Visitor:
    def __init__(self, context):
        context.add_init_script(LISTEN)
        context.set_default_timeout(15_000)
        self.page = context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)

    def log_in(self, user: User, arrives="**/admin/"):
        user.set_password(PASSWORD)
        user.save()
        self.page.goto("/admin/")
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("[type=submit]")
        self.page.wait_for_url(arrives)

    def assert_nothing_broke(self):
        found = [*self.page.evaluate("window.violations"), *self.faults]
        assert not found, f"{self.page.url}: {found}"

    def accessibility_faults(self, impacts=("minor", "moderate", "serious", "critical")) -> list:
        """[(rule, first elements)] of what axe finds on the page."""
        found = Axe().run(self.page).response["violations"]
        return [
            (fault["id"], [node["html"] for node in fault["nodes"]][:3])
            for fault in found
            if fault["impact"] in impacts
        ]

    def assert_accessible_in_both_schemes(self):
        """And nothing broke so far: axe adds styles of its own, so that is asked first, and forgotten afterwards."""
        self.assert_nothing_broke()
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            # Colours that are on their way from one scheme to the other have a contrast that nobody sees.
            self.page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))")
            faults = self.accessibility_faults(["serious", "critical"])
            assert faults == [], f"{self.page.url}, {scheme}: {faults}"
        self.faults.clear()
        self.page.evaluate("window.violations = []")
