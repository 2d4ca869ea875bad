"""A crawl of every link: it ends, because filters can't be combined without limit."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from django.test import Client, TestCase
from selectolax.lexbor import LexborHTMLParser

from stories.models import Story
from tests.small_site import small_site

HOST = "http://testserver"
# For each tag of a story and for none: six lists (by region, month, both or neither; a tag in a region has two URLs),
# and three feeds for each list without a month.
LISTS, FEEDS = 6, 9


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    text: str


def crawl(start: str = "/") -> dict[str, Answer]:
    """Return {URL: its answer} of all that links lead to."""
    robots, client = RobotFileParser(), Client()
    robots.parse(client.get("/robots.txt").text.splitlines())
    found, waiting = {}, [HOST + start]
    while waiting:
        url = waiting.pop()
        if url not in found and robots.can_fetch("*", url):
            response = client.get(url.removeprefix(HOST))
            found[url] = Answer(response.status_code, response["Content-Type"], response.text)
            waiting += linked_urls(url, found[url])
    return found


def linked_urls(url: str, answer: Answer) -> list[str]:
    if not answer.kind.startswith("text/html"):
        return []
    links = LexborHTMLParser(answer.text).css("a[href], link[href]")
    urls = [urljoin(url, link.attributes["href"]).partition("#")[0] for link in links]
    return [url for url in urls if url.startswith(f"{HOST}/") and not url.startswith(f"{HOST}/static/")]


class CrawlTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        small_site()
        cls.crawled = crawl()

    def test_stories_limit_how_many_urls_links_lead_to(self):
        stories = Story.objects.published().prefetch_related("tags")
        limit = sum(1 + (LISTS + FEEDS) * (1 + len(one.tags.all())) for one in stories)
        self.assertTrue(len(stories) * 4 < len(self.crawled) <= limit)

    def test_every_link_leads_to_a_page_in_one_hop(self):
        self.assertEqual({url: answer.status for url, answer in self.crawled.items() if answer.status != 200}, {})

    def test_no_link_leads_to_a_filter_by_days_or_past_robots_txt(self):
        queries = {part.partition("=")[0] for url in self.crawled for part in urlsplit(url).query.split("&")}
        self.assertLessEqual(queries, {"", "page", "tag", "region"})
        hidden = ("/search", "/admin", "/preview")
        self.assertEqual([url for url in self.crawled if urlsplit(url).path.startswith(hidden)], [])

    def test_an_indexable_page_names_itself_as_canonical(self):
        for url, answer in self.crawled.items():
            canonical = LexborHTMLParser(answer.text).css_first("link[rel=canonical]")
            self.assertTrue(canonical is None or canonical.attributes["href"] == url, url)
