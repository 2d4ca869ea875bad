"""The cost of a first visit in a real Chromium: bytes on the wire, requests and layout shifts."""

from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler

from tests.cast import story
from tests.chromium import IN_CHROMIUM
from tests.test_freshness import process

pytestmark = IN_CHROMIUM
# The ten packets that a server may send before the first is acknowledged (RFC 6928), less their headers.
ROUND_TRIP = 14_600
PAGES = [
    "/",
    "/tags/community/",
    "/tags/community/?page=2",
    "/regions/europe/",
    "/archive/2026/10/",
    "/tags/",
    "/search/?q=community",
    "/nothing/",
]
SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 100);
})"""


@pytest.fixture
def site(settings):
    """Start a server with a page cache. Return its URL."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(process())
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_every_page_comes_in_one_round_trip_and_stays_in_place(site, page):
    call_command("loaddemo", verbosity=0)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    sizes, requests = [], []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: requests.append(request.url))  # an icon may load after the text
    for address in PAGES:
        sizes.clear()
        page.goto(site + address)
        assert page.evaluate(SHIFTS) == 0, address  # by then, the browser has told of the whole page
        assert 1_000 < sizes[0] <= ROUND_TRIP, (address, sizes)
    assert [url for url in requests if not url.endswith("favicon.svg")] == [site + address for address in PAGES]


def test_a_story_and_a_search_contact_no_other_host(site, page):
    story("Ferry returns", tags=["Coast"])
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(site)
    page.click(".story h2 a")
    page.fill("#masthead-search", "ferry")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=ferry")
    assert hosts == {urlsplit(site).netloc}
