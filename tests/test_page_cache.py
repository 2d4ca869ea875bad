"""What the page cache keeps, for whom, and how it answers; how fresh it is, is in test_freshness.py."""

import gzip
from threading import Event, Thread
from unittest import TestCase, mock

from newsdesk.page_cache.cache import CachedPage, PageCache, accepts_gzip
from newsdesk.page_cache.cached_pages import CachedPages
from tests.visitor import visit

PUBLIC = [("Content-Type", "text/html"), ("Cache-Control", "public, max-age=0")]


class Site:
    """Stands for Django: counts how often it is asked."""

    def __init__(self, headers=PUBLIC, status="200 OK", text="Ferry returns"):
        self.headers, self.status, self.text, self.asked = headers, status, text, 0

    def __call__(self, environ, start_response):
        self.asked += 1
        start_response(self.status, self.headers)
        return [self.text.encode()]


class SiteVersionTracker:
    is_down, age, latest = False, 0, 1

    def current(self):
        return self.latest


def cache_round(site, most_bytes=1_000_000):
    return PageCache(site, SiteVersionTracker(), most_bytes=most_bytes, outage=60, bypassed=("/static/",))


class KeepingTest(TestCase):
    def times_asked(self, path="/", *, site=None, **request):
        site = site or Site()
        cache = cache_round(site)
        for _ in range(3):
            answer = visit(cache, path, **request)
        self.assertEqual(answer.text, "" if request.get("method") == "HEAD" else site.text)
        return site.asked

    def test_a_public_page_is_rendered_once(self):
        self.assertEqual(self.times_asked(), 1)
        self.assertEqual(self.times_asked(method="HEAD"), 1)

    def test_anything_else_is_asked_for_each_time(self):
        for headers in (
            PUBLIC[:1],
            [("Cache-Control", "private")],
            [*PUBLIC, ("Set-Cookie", "a=b")],
            [*PUBLIC, ("Vary", "Cookie")],
        ):
            self.assertEqual(self.times_asked(site=Site(headers)), 3, headers)
        for status in ("404 Not Found", "301 Moved Permanently", "500 Internal Server Error"):
            self.assertEqual(self.times_asked(site=Site(status=status)), 3, status)

    def test_whoever_carries_a_session_is_asked_for(self):
        for name in ("sessionid", "csrftoken", "messages"):
            self.assertEqual(self.times_asked(cookie=f"seen=1; {name}=abc"), 3, name)
        self.assertEqual(self.times_asked(authorization="Basic abc"), 3)
        self.assertEqual(self.times_asked(cookie="statistics_sessionid_of_another=1"), 1)

    def test_only_reading_is_served_from_memory(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            self.assertEqual(self.times_asked(method=method), 3, method)

    def test_what_no_reader_sends_takes_no_memory(self):
        long = "x" * 10_000
        self.assertEqual(self.times_asked(f"/?q={long}"), 3)
        self.assertEqual(self.times_asked(f"/{long}"), 3)
        self.assertEqual(self.times_asked(x_forwarded_proto=f"https,{long}"), 3)
        with mock.patch("newsdesk.page_cache.cache.accepts_gzip", return_value=False) as accepts:
            self.assertEqual(self.times_asked(accept_encoding=long), 1)
        self.assertLess(len(accepts.call_args.args[0]), 1_000)

    def test_a_bypassed_path_is_not_looked_at(self):
        self.assertEqual(self.times_asked("/static/newsdesk.css"), 3)

    def test_each_address_is_a_page_of_its_own(self):
        site = Site()
        cache = cache_round(site)
        for path in ("/", "/?page=2", "/tags/", "/"):
            visit(cache, path)
        visit(cache, "/", x_forwarded_proto="https")
        self.assertEqual((site.asked, len(cache.pages)), (4, 4))


class AnswerTest(TestCase):
    def setUp(self):
        self.cache = cache_round(Site(text="Ferry returns to Saltmere. " * 50))
        self.plain = visit(self.cache)

    def test_it_is_zipped_for_those_who_take_it(self):
        zipped = visit(self.cache, accept_encoding="br, gzip")
        self.assertEqual(zipped.headers["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(zipped.body), self.plain.body)
        self.assertNotIn("content-encoding", self.plain.headers)
        for answer in (zipped, self.plain):
            self.assertEqual(int(answer.headers["content-length"]), len(answer.body))
            self.assertEqual(answer.headers["vary"], "Accept-Encoding")

    def test_gzip_with_a_weight_of_nought_is_a_no(self):
        for value in ("gzip", "gzip;q=0.5", "*", "br;q=1, GZIP ; q=1"):
            self.assertTrue(accepts_gzip(value), value)
        for value in ("", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "*, gzip;q=0"):
            self.assertFalse(accepts_gzip(value), value)

    def test_who_has_the_page_already_is_told_so(self):
        etag = self.plain.headers["etag"]
        for known in (etag, etag.removeprefix("W/"), f'"another", {etag}', "*"):
            answer = visit(self.cache, if_none_match=known)
            self.assertEqual((answer.status, answer.body), (304, b""), known)
            self.assertEqual(answer.headers["cache-control"], "public, max-age=0")
        self.assertEqual(visit(self.cache, if_none_match='W/"another"').status, 200)

    def test_a_head_has_the_length_and_no_text(self):
        answer = visit(self.cache, method="HEAD")
        self.assertEqual((answer.body, answer.headers["content-length"]), (b"", str(len(self.plain.body))))


class MemoryTest(TestCase):
    def test_the_least_recently_read_goes_first_when_it_is_full(self):
        page = CachedPage.of(1, PUBLIC, b"Ferry returns")
        pages = CachedPages(most_bytes=3 * page.size)
        for key in "abc":
            pages.put(key, page)
        pages.get("a")
        pages.put("d", page)
        self.assertEqual([key for key in "abcd" if pages.get(key)], ["a", "c", "d"])
        self.assertEqual((len(pages), pages.bytes), (3, 3 * page.size))

    def test_a_page_rendered_anew_takes_the_place_of_the_old(self):
        pages = CachedPages(most_bytes=100_000)
        for text in (b"old" * 100, b"new"):
            pages.put("a", page := CachedPage.of(1, PUBLIC, text))
        self.assertEqual((len(pages), pages.bytes), (1, page.size))

    def test_a_page_larger_than_everything_is_not_kept(self):
        cache = cache_round(Site(), most_bytes=10)
        self.assertEqual((visit(cache).text, len(cache.pages), cache.pages.bytes), ("Ferry returns", 0, 0))


class AtOnceTest(TestCase):
    def setUp(self):
        self.site = Site()
        self.cache = cache_round(self.render)
        self.begun, self.may_end, self.answers = Event(), Event(), []

    def render(self, environ, start_response):
        text = self.site.text
        self.begun.set()
        self.may_end.wait(10)
        self.site.asked += 1
        start_response(self.site.status, self.site.headers)
        return [text.encode()]

    def visitors(self, number):
        threads = [Thread(target=lambda: self.answers.append(visit(self.cache).text)) for _ in range(number)]
        for thread in threads:
            thread.start()
        self.begun.wait(10)
        return threads

    def finish(self, threads):
        self.may_end.set()
        for thread in threads:
            thread.join()

    def test_many_who_ask_for_a_cold_page_have_it_rendered_once(self):
        self.finish(self.visitors(8))
        self.assertEqual((self.site.asked, self.answers), (1, ["Ferry returns"] * 8))

    def test_who_comes_after_a_change_does_not_get_what_was_begun_before_it(self):
        early = self.visitors(1)
        self.site.text, self.cache.editions.latest = "Ferry sinks", 2
        late = self.visitors(1)
        self.finish([*early, *late])
        self.assertCountEqual(self.answers, ["Ferry returns", "Ferry sinks"])
        self.assertEqual(visit(self.cache).text, "Ferry sinks")

    def test_a_page_that_can_not_be_kept_is_rendered_for_each(self):
        self.site.headers = []
        self.finish(self.visitors(3))
        self.assertEqual((self.site.asked, self.answers), (3, ["Ferry returns"] * 3))

    def test_a_rendering_that_fails_holds_nobody_up(self):
        self.may_end.set()
        self.site.status = None
        with self.assertRaises(AttributeError):
            visit(self.cache)
        self.site.status = "200 OK"
        self.assertEqual(visit(self.cache).text, "Ferry returns")
