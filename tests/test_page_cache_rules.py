"""The page cache's HTTP rules, keys and behaviour without a database, each at its boundary."""

from dataclasses import dataclass
from unittest import TestCase

from newsdesk.page_cache.cache import PageCache, fetch_page, make_key, refuse_write
from newsdesk.page_cache.cached_pages import PAGE_OVERHEAD_BYTES, CachedPage, CachedPages
from newsdesk.page_cache.http import accepts_gzip, etag_matches, is_cacheable, make_etag
from tests.visitor import visit

PUBLIC = [("Content-Type", "text/html"), ("Cache-Control", "public, max-age=0")]


@dataclass(frozen=True)
class Version:
    number: int = 1
    is_over: bool = False


class Tracker:
    def __init__(self):
        self.is_down, self.age, self.latest, self.answers = False, 0, Version(), True

    def current(self):
        return self.latest if self.answers else None


class Body(list):
    is_closed = False

    def close(self):
        self.is_closed = True


class Site:
    """A WSGI application that keeps the environments it was given."""

    def __init__(self):
        self.headers, self.asked, self.body = [*PUBLIC], [], None

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        start_response("200 OK", self.headers)
        self.body = Body([b"Ferry ", b"returns"])
        return self.body


def make_cache(site, **options):
    options = {"max_bytes": 100_000, "max_outage_seconds": 60, "bypassed_paths": ("/static/",)} | options
    return PageCache(site, Tracker(), **options)


class HttpRulesTest(TestCase):
    def test_only_a_public_200_for_everyone_is_stored(self):
        public = ("cache-control", "Public, max-age=0")
        for status, headers in (
            ("200 OK", [public]), ("200 OK", [public, ("VARY", "Accept-Encoding")]), ("200 OK", [("CACHE-CONTROL", "PUBLIC")]),
        ):  # fmt: skip
            self.assertTrue(is_cacheable(status, headers), headers)
        for status, headers in (
            ("200 OK", []), ("200 OK", [("Cache-Control", "private")]), ("200 OK", [public, ("Set-Cookie", "a=b")]),
            ("200 OK", [public, ("Vary", "Cookie")]), ("200 OK", [public, ("Vary", "accept-encoding, cookie")]),
            ("206 Partial Content", [public]), ("301 Moved Permanently", [public]), ("2000 OK", [public]),
        ):  # fmt: skip
            self.assertFalse(is_cacheable(status, headers), (status, headers))

    def test_an_etag_is_weak_and_depends_on_the_body(self):
        self.assertRegex(make_etag(b"a"), r'^W/"[0-9a-f]{24}"$')
        self.assertNotEqual(make_etag(b"a"), make_etag(b"b"))
        self.assertEqual(make_etag(b"a"), make_etag(b"a"))

    def test_etags_are_compared_weakly(self):
        for given in ('W/"a"', '"a"', '"b", W/"a"', '"b" , "a" ', "*", '"b",*'):
            self.assertIs(etag_matches('W/"a"', given), True, given)
        for given in (None, "", '"b"', "a", 'w/"a"', '"aW/"'):
            self.assertIs(etag_matches('W/"a"', given), False, given)

    def test_gzip_needs_a_weight_above_zero(self):
        for header in (
            "gzip",
            "GZip",
            "br, gzip",
            "gzip;q=0.001",
            "gzip;q=1",
            "*",
            "br;q=0, *",
            "identity;q=0,gzip ; q=0.5",
        ):
            self.assertIs(accepts_gzip(header), True, header)
        for header in ("", "br", "gzip;q=0", "gzip;q=0.000", "gzip ; Q = 0.0 ", "*;q=0", "*, gzip;q=0", "gzipped"):
            self.assertIs(accepts_gzip(header), False, header)


class RequestTest(TestCase):
    def setUp(self):
        self.site = Site()
        self.cache = make_cache(self.site)

    def count_calls(self, path="/", method="GET", **headers):
        before = len(self.site.asked)
        for _ in range(2):
            visit(self.cache, path, method, **headers)
        return len(self.site.asked) - before

    def test_personal_cookies_and_passwords_bypass_the_cache(self):
        for cookie in ("sessionid=a", "a=b; sessionid=c", "a=b;csrftoken=c", "messages=x"):
            self.assertEqual(self.count_calls(cookie=cookie), 2, cookie)
        self.assertEqual(self.count_calls(authorization="Basic eA=="), 2)
        for cookie in ("", "theme=dark", "mysessionid=a", "sessionid"):
            self.assertLessEqual(self.count_calls(cookie=cookie), 1, cookie)

    def test_a_key_may_have_two_thousand_characters(self):
        room = 2_000 - len("http") - len("testserver") - len("/")
        self.assertEqual(self.count_calls("/?" + "q" * room), 1)
        self.assertEqual(self.count_calls("/?" + "q" * (room + 1)), 2)

    def test_scheme_host_path_and_query_make_the_key(self):
        environ = {"wsgi.url_scheme": "http", "PATH_INFO": "/a/"}
        self.assertEqual(make_key(environ), ("http", None, "/a/", None))
        more = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_HOST": "h", "QUERY_STRING": "q"}
        self.assertEqual(make_key(environ | more), ("https", "h", "/a/", "q"))

    def test_the_site_is_asked_for_a_whole_page(self):
        visit(self.cache, method="HEAD", if_none_match="*", if_modified_since="x", accept_language="de")
        [environ] = self.site.asked
        self.assertEqual(environ["REQUEST_METHOD"], "GET")
        self.assertEqual(environ["HTTP_ACCEPT_LANGUAGE"], "de")
        self.assertFalse({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"} & environ.keys())
        self.assertTrue(self.site.body.is_closed)

    def test_an_unstored_answer_to_head_has_no_body_and_is_closed(self):
        self.site.headers = [("Content-Type", "text/html")]
        self.assertEqual(visit(self.cache, method="HEAD").body, b"")
        self.assertTrue(self.site.body.is_closed)
        self.assertEqual(visit(self.cache).body, b"Ferry returns")

    def test_wsgi_write_is_refused(self):
        def application(environ, start_response):
            start_response("200 OK", [])(b"x")

        with self.assertRaisesRegex(NotImplementedError, "^Django never calls WSGI's write()"):
            fetch_page(application, {})
        self.assertRaises(NotImplementedError, refuse_write, b"")

    def test_a_very_long_accept_encoding_is_cut(self):
        self.assertEqual(visit(self.cache, accept_encoding=" " * 196 + "gzip").headers["content-encoding"], "gzip")
        self.assertNotIn("content-encoding", visit(self.cache, accept_encoding=" " * 197 + "gzip").headers)


class AnswerTest(TestCase):
    def test_headers_are_kept_but_those_that_depend_on_the_answer(self):
        site = Site()
        site.headers += [("X-A", "b"), ("Content-Length", "1"), ("VARY", "accept-encoding"), ("etag", "x")]
        first, second = (visit(make_cache(site)) for _ in range(2))
        headers = {
            "content-type": "text/html",
            "cache-control": "public, max-age=0",
            "x-a": "b",
            "vary": "Accept-Encoding",
        }
        self.assertEqual(first.headers, headers | {"etag": make_etag(b"Ferry returns"), "content-length": "13"})
        self.assertEqual((second.headers, second.body), (first.headers, first.body))

    def test_gzipped_pages_are_equal_for_equal_bodies(self):
        one, other = (CachedPage.from_response(Version(), PUBLIC, b"Ferry") for _ in range(2))
        self.assertEqual(one, other)
        self.assertEqual(one.gzipped_body[4:8], bytes(4))  # no time stamp
        self.assertEqual((one.size, one.body_length), (len(one.gzipped_body) + PAGE_OVERHEAD_BYTES, 5))


class OutageTest(TestCase):
    def setUp(self):
        self.site = Site()
        self.cache = make_cache(self.site)
        visit(self.cache)
        self.tracker = self.cache.tracker
        self.tracker.answers = False
        self.site.asked.clear()

    def is_served_from_memory(self):
        answer = visit(self.cache)
        if self.site.asked:
            self.site.asked.clear()
            self.assertNotIn("warning", answer.headers)
            return False
        self.assertEqual(answer.headers["warning"], '111 newsdesk "Revalidation Failed"')
        self.assertEqual(answer.headers["age"], str(int(self.tracker.age)))
        return True

    def test_a_page_is_served_for_the_time_allowed(self):
        for age, served in ((0, True), (59.9, True), (60, True), (60.1, False)):
            self.tracker.age = age
            self.assertEqual(self.is_served_from_memory(), served, age)

    def test_only_the_page_of_the_latest_version_is(self):
        self.tracker.latest = Version(2)
        self.assertFalse(self.is_served_from_memory())
        self.assertEqual(visit(self.cache, "/unknown/").status, 200)

    def test_a_version_that_is_over_is_not(self):
        object.__setattr__(self.tracker.latest, "is_over", True)
        self.assertFalse(self.is_served_from_memory())

    def test_django_is_told_when_the_database_is_known_to_be_down(self):
        for is_down in (False, True):
            self.tracker.is_down = is_down
            visit(self.cache, "/unknown/")
            self.assertIs(self.site.asked.pop().get("newsdesk.database_is_down", False), is_down)


class MemoryTest(TestCase):
    def test_pages_that_just_fit_are_kept(self):
        page = CachedPage.from_response(Version(), PUBLIC, b"Ferry")
        pages = CachedPages(2 * page.size)
        for key in "ab":
            pages.put(key, page)
        self.assertEqual((len(pages), pages.bytes), (2, 2 * page.size))
        pages.put("c", page)
        self.assertEqual([pages.get(key) is page for key in "abc"], [False, True, True])
        smaller = CachedPages(2 * page.size - 1)
        for key in "ab":
            smaller.put(key, page)
        self.assertEqual((len(smaller), smaller.get("a")), (1, None))

    def test_a_replaced_page_becomes_the_newest(self):
        page = CachedPage.from_response(Version(), PUBLIC, b"Ferry")
        pages = CachedPages(2 * page.size)
        for key in "abac":
            pages.put(key, page)
        self.assertEqual([pages.get(key) is page for key in "abc"], [True, False, True])
