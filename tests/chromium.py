"""A real Chromium, driven by Playwright, that reports scripting errors, refused requests and accessibility faults."""

import shutil
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright

# The headless shell has no window, toolbar or extensions and needs 58 % of Chromium's processor time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
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
# One Playwright call each: what axe returns in whole takes longer to send than to find.
FAULTS = """async (options) => (await axe.run(options)).violations.map(
  ({ id, impact, nodes }) => ({ id, impact, elements: nodes.slice(0, 3).map((node) => node.html) }))"""
PASSWORD = "a long password"
ALL_IMPACTS = ("minor", "moderate", "serious", "critical")
# The rules that a colour scheme can break.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


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
def visitor(chromium: Browser, live_server):
    """Open a browser window that shares nothing with another."""
    context = chromium.new_context(base_url=live_server.url)
    yield Visitor(context, live_server.url)
    context.close()


class Visitor:
    def __init__(self, context: BrowserContext, site: str):
        context.add_init_script(LISTEN)
        context.set_default_timeout(15_000)
        self.site = site
        self.page = context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)

    def log_in(self, user: User) -> None:
        """Give the browser a session. It opens no page: go to one."""
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.site}])

    def log_in_by_form(self, user: User, arrives: str = "**/admin/") -> None:
        user.set_password(PASSWORD)
        user.save()
        self.page.goto("/admin/")
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("[type=submit]")
        self.page.wait_for_url(arrives)

    def assert_nothing_broke(self) -> None:
        found = [*self.page.evaluate("window.violations"), *self.faults]
        assert not found, f"{self.page.url}: {found}"

    def accessibility_faults(self, impacts=ALL_IMPACTS, rules: list[str] | None = None) -> list:
        """Return [(rule, first elements)] that axe finds on the page, by all its rules or by these."""
        options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
        if self.page.evaluate("typeof axe") == "undefined":
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(FAULTS, options)
        return [(fault["id"], fault["elements"]) for fault in found if fault["impact"] in impacts]

    def faults_in_both_schemes(self, impacts=ALL_IMPACTS) -> list:
        """Check by all rules in one scheme, and by the rules of colour in the other. Take a second for each page."""
        self._switch_to("dark")
        faults = self.accessibility_faults(impacts, COLOUR_RULES)
        self._switch_to("light")
        return faults + self.accessibility_faults(impacts)

    def _switch_to(self, scheme: str) -> None:
        self.page.emulate_media(color_scheme=scheme)
        # Colours in transition from one scheme to the other have a contrast that nobody sees.
        self.page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))")

    def assert_accessible_in_both_schemes(self) -> None:
        """Check that nothing broke so far, then run axe. Its own styles break the policy, so forget those."""
        self.assert_nothing_broke()
        faults = self.faults_in_both_schemes(["serious", "critical"])
        assert faults == [], f"{urlsplit(self.page.url).path}: {faults}"
        self.faults.clear()
        self.page.evaluate("window.violations = []")
