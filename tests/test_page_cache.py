"""The page cache's rules: which responses it stores, for which requests, and how it answers. Freshness: test_freshness.py."""

import gzip
from threading import Event, Thread
from unittest import TestCase, mock

from newsdesk.page_cache import CachedPage, CachedPages, PageCache, accepts_gzip
from tests.visitor import visit

PUBLIC = [("Content-Type", "text/html"), ("Cache-Control", "public, max-age=0")]


class Site:
    """A WSGI application in place of Django, which counts its calls."""

    def __init__(self, headers=PUBLIC, status="200 OK", text="Ferry returns"):
        self.headers, self.status, self.text, self.calls = headers, status, text, 0

    def __call__(self, environ, start_response):
        self.calls += 1
        start_response(self.status, self.headers)
        return [self.text.encode()]


class SiteVersionTracker:
    is_down, age, latest = False, 0, 1

    def current(self):
        return self.latest


def make_cache(site, max_bytes=1_000_000):
    return PageCache(
        site, SiteVersionTracker(), max_bytes=max_bytes, max_outage_seconds=60, bypassed_paths=("/static/",)
    )


class StoringTest(TestCase):
    def count_calls(self, path="/", *, site=None, **request):
        """Return how many of three equal requests reach the site."""
        site = site or Site()
        cache = make_cache(site)
        for _ in range(3):
            answer = visit(cache, path, **request)
        self.assertEqual(answer.text, "" if request.get("method") == "HEAD" else site.text)
        return site.calls

    def test_a_public_page_is_rendered_once(self):
        self.assertEqual(self.count_calls(), 1)
        self.assertEqual(self.count_calls(method="HEAD"), 1)

    def test_other_responses_are_not_stored(self):
        for headers in (
            PUBLIC[:1],
            [("Cache-Control", "private")],
            [*PUBLIC, ("Set-Cookie", "a=b")],
            [*PUBLIC, ("Vary", "Cookie")],
        ):
            self.assertEqual(self.count_calls(site=Site(headers)), 3, headers)
        for status in ("404 Not Found", "301 Moved Permanently", "500 Internal Server Error"):
            self.assertEqual(self.count_calls(site=Site(status=status)), 3, status)

    def test_a_request_with_a_session_reaches_the_site(self):
        for name in ("sessionid", "csrftoken", "messages"):
            self.assertEqual(self.count_calls(cookie=f"seen=1; {name}=abc"), 3, name)
        self.assertEqual(self.count_calls(authorization="Basic abc"), 3)
        self.assertEqual(self.count_calls(cookie="statistics_sessionid_of_another=1"), 1)

    def test_only_get_and_head_are_served_from_memory(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            self.assertEqual(self.count_calls(method=method), 3, method)

    def test_oversized_requests_take_no_memory(self):
        long = "x" * 10_000
        self.assertEqual(self.count_calls(f"/?q={long}"), 3)
        self.assertEqual(self.count_calls(f"/{long}"), 3)
        self.assertEqual(self.count_calls(x_forwarded_proto=f"https,{long}"), 3)
        with mock.patch("newsdesk.page_cache.cache.accepts_gzip", return_value=False) as accepts:
            self.assertEqual(self.count_calls(accept_encoding=long), 1)
        self.assertLess(len(accepts.call_args.args[0]), 1_000)

    def test_a_bypassed_path_is_not_stored(self):
        self.assertEqual(self.count_calls("/static/newsdesk.css"), 3)

    def test_each_url_is_a_separate_page(self):
        site = Site()
        cache = make_cache(site)
        for path in ("/", "/?page=2", "/tags/", "/"):
            visit(cache, path)
        visit(cache, "/", x_forwarded_proto="https")
        self.assertEqual((site.calls, len(cache.pages)), (4, 4))


class AnswerTest(TestCase):
    def setUp(self):
        self.cache = make_cache(Site(text="Ferry returns to Saltmere. " * 50))
        self.plain = visit(self.cache)

    def test_a_page_is_gzipped_for_clients_that_accept_it(self):
        zipped = visit(self.cache, accept_encoding="br, gzip")
        self.assertEqual(zipped.headers["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(zipped.body), self.plain.body)
        self.assertNotIn("content-encoding", self.plain.headers)
        for answer in (zipped, self.plain):
            self.assertEqual(int(answer.headers["content-length"]), len(answer.body))
            self.assertEqual(answer.headers["vary"], "Accept-Encoding")

    def test_gzip_with_a_weight_of_zero_is_refused(self):
        for value in ("gzip", "gzip;q=0.5", "*", "br;q=1, GZIP ; q=1"):
            self.assertTrue(accepts_gzip(value), value)
        for value in ("", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "*, gzip;q=0"):
            self.assertFalse(accepts_gzip(value), value)

    def test_a_client_that_has_the_page_gets_304(self):
        etag = self.plain.headers["etag"]
        for known in (etag, etag.removeprefix("W/"), f'"another", {etag}', "*"):
            answer = visit(self.cache, if_none_match=known)
            self.assertEqual((answer.status, answer.body), (304, b""), known)
            self.assertEqual(answer.headers["cache-control"], "public, max-age=0")
        self.assertEqual(visit(self.cache, if_none_match='W/"another"').status, 200)

    def test_a_head_response_has_the_length_and_no_body(self):
        answer = visit(self.cache, method="HEAD")
        self.assertEqual((answer.body, answer.headers["content-length"]), (b"", str(len(self.plain.body))))


class MemoryTest(TestCase):
    def test_the_least_recently_used_page_is_dropped_first(self):
        page = CachedPage.from_response(1, PUBLIC, b"Ferry returns")
        pages = CachedPages(max_bytes=3 * page.size)
        for key in "abc":
            pages.put(key, page)
        pages.get("a")
        pages.put("d", page)
        self.assertEqual([key for key in "abcd" if pages.get(key)], ["a", "c", "d"])
        self.assertEqual((len(pages), pages.bytes), (3, 3 * page.size))

    def test_a_newer_page_replaces_the_old_one(self):
        pages = CachedPages(max_bytes=100_000)
        for text in (b"old" * 100, b"new"):
            pages.put("a", page := CachedPage.from_response(1, PUBLIC, text))
        self.assertEqual((len(pages), pages.bytes), (1, page.size))

    def test_a_page_larger_than_the_cache_is_not_stored(self):
        cache = make_cache(Site(), max_bytes=10)
        self.assertEqual((visit(cache).text, len(cache.pages), cache.pages.bytes), ("Ferry returns", 0, 0))


class ConcurrencyTest(TestCase):
    def setUp(self):
        self.site = Site()
        self.cache = make_cache(self.render)
        self.has_begun, self.may_end, self.answers = Event(), Event(), []

    def render(self, environ, start_response):
        text = self.site.text
        self.has_begun.set()
        self.may_end.wait(10)
        self.site.calls += 1
        start_response(self.site.status, self.site.headers)
        return [text.encode()]

    def visitors(self, number):
        threads = [Thread(target=lambda: self.answers.append(visit(self.cache).text)) for _ in range(number)]
        for thread in threads:
            thread.start()
        self.has_begun.wait(10)
        return threads

    def finish(self, threads):
        self.may_end.set()
        for thread in threads:
            thread.join()

    def test_concurrent_requests_for_a_cold_page_render_it_once(self):
        self.finish(self.visitors(8))
        self.assertEqual((self.site.calls, self.answers), (1, ["Ferry returns"] * 8))

    def test_a_request_after_a_change_does_not_get_a_page_begun_before_it(self):
        early = self.visitors(1)
        self.site.text, self.cache.tracker.latest = "Ferry sinks", 2
        late = self.visitors(1)
        self.finish([*early, *late])
        self.assertCountEqual(self.answers, ["Ferry returns", "Ferry sinks"])
        self.assertEqual(visit(self.cache).text, "Ferry sinks")

    def test_an_uncacheable_page_is_rendered_for_each_request(self):
        self.site.headers = []
        self.finish(self.visitors(3))
        self.assertEqual((self.site.calls, self.answers), (3, ["Ferry returns"] * 3))

    def test_a_failed_rendering_blocks_nobody(self):
        self.may_end.set()
        self.site.status = None
        with self.assertRaises(AttributeError):
            visit(self.cache)
        self.site.status = "200 OK"
        self.assertEqual(visit(self.cache).text, "Ferry returns")
