"""A crawler that follows every link it may comes to an end: there is no space of filters to get lost in."""

from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from selectolax.lexbor import LexborHTMLParser

from stories.models import Story
from tests.small_site import small_site

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
# At worst, a story is alone in its lists: for each of its tags and for none, with its region, its month, both or neither,
# where a tag in a region has two spellings; and three feeds beside those that are of no month.
LISTS, FEEDS = 6, 9


def crawl(client, start="/") -> dict:
    """{address: the answer}, until there is nothing more to follow."""
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    found, waiting = {}, [HOST + start]
    while waiting:
        address = waiting.pop()
        if address not in found and robots.can_fetch("*", address):
            found[address] = client.get(address.removeprefix(HOST))
            waiting += preview_links(address, found[address])
    return found


def preview_links(address, answer) -> list[str]:
    if not answer["Content-Type"].startswith("text/html"):
        return []
    links = LexborHTMLParser(answer.content.decode()).css("a[href], link[href]")
    places = [urljoin(address, link.attributes["href"]).partition("#")[0] for link in links]
    return [place for place in places if place.startswith(f"{HOST}/") and not place.startswith(f"{HOST}/static/")]


@pytest.fixture
def crawled(client):
    small_site()
    return crawl(client)


def test_the_addresses_that_links_lead_to_are_no_more_than_the_stories_bring(crawled):
    stories = Story.objects.published().prefetch_related("tags")
    most = sum(1 + (LISTS + FEEDS) * (1 + len(one.tags.all())) for one in stories)
    assert len(stories) * 4 < len(crawled) <= most


def test_every_link_leads_to_a_page_in_one_hop(crawled):
    assert {address: answer.status_code for address, answer in crawled.items() if answer.status_code != 200} == {}


def test_no_link_leads_to_a_list_narrowed_by_days_or_to_what_robots_may_not_see(crawled):
    queries = {part.partition("=")[0] for address in crawled for part in urlsplit(address).query.split("&")}
    assert queries <= {"", "page", "tag", "region"}
    assert not [address for address in crawled if urlsplit(address).path.startswith(("/search", "/admin", "/preview"))]


def test_a_page_that_may_be_found_names_itself_as_the_one_address(crawled):
    for address, answer in crawled.items():
        page = LexborHTMLParser(answer.content.decode())
        canonical = page.css_first("link[rel=canonical]")
        assert canonical is None or canonical.attributes["href"] == address
