"""A source's label, proposed from the page that it leads to. Pages are fetched from public IP addresses only."""

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from unittest import mock

from django.core.cache import cache
from django.test import SimpleTestCase, TestCase
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.admin.story.link_titles import MAX_FETCHES_PER_MINUTE
from stories.link_titles import Page, Unreachable, fetch, fetching, label_for
from stories.link_titles.fetching import is_public
from stories.link_titles.page_title import MAX_LABEL_CHARS
from tests.cast import rosa

LABEL = reverse("admin:stories_story_link_title")
PAGE = b"<title>Ferry timetable | Harbour Office</title><meta property=og:site_name content='Harbour Office'>"


def answer(body=PAGE, kind="text/html", status="200 OK", more=""):
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body


def redirect(url):
    return answer(b"", status="302 Found", more=f"Location: {url}\r\n")


@contextmanager
def site(*answers):
    """Start a server that gives these answers, one a request, and resolve every host to it. Yield the requests."""
    asked, ends = [], threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def serve():
            for said in answers:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection, suppress(OSError):  # the client may have gone
                    asked.append(connection.recv(10_000).decode("latin-1"))
                    for part in said if isinstance(said, list) else [said]:
                        connection.sendall(part)
                        ends.wait(0.05 if isinstance(said, list) else 0)

        thread = threading.Thread(target=serve)
        thread.start()
        resolve = mock.Mock(return_value=[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))])
        with (
            mock.patch.object(fetching.socket, "getaddrinfo", resolve),
            mock.patch.dict(fetching.PORTS, http=port),
            mock.patch.object(fetching, "is_public", lambda ip: ip == "127.0.0.1"),
        ):
            yield asked
        ends.set()
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def resolving_to(*ips):
    return mock.patch.object(fetching.socket, "getaddrinfo", return_value=[(0, 0, 0, "", (ip, 80)) for ip in ips])


class UrlTest(SimpleTestCase):
    def test_private_and_special_ips_are_not_public(self):
        for ip in ("93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"):
            self.assertTrue(is_public(ip), ip)
        for ip in (
            *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
            *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "100.100.100.200"),
            *("192.0.0.192", "168.63.129.16"),
            *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff0e::1", "2001:db8::1"),
            *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:0:7f00:1::"),
            *("64:ff9b:1::a00:1",),
        ):
            self.assertFalse(is_public(ip), ip)

    def test_no_connection_is_made_to_ips_that_are_not_public(self):
        with mock.patch.object(fetching.socket, "create_connection") as connect:
            for host in (
                *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "localhost", "0"),
                *("[::1]", "[::ffff:7f00:1]", "169.254.169.254", "[fe80::1]", "10.1.2.3"),
            ):
                with self.subTest(host), self.assertRaises(Unreachable):
                    fetch(f"http://{host}/")
        connect.assert_not_called()

    def test_other_schemes_ports_and_user_names_are_rejected(self):
        with resolving_to("8.8.8.8"), mock.patch.object(fetching.socket, "create_connection") as connect:
            for url in (
                *(
                    "ftp://example.org/",
                    "file:///etc/passwd",
                    "gopher://example.org/",
                    "//example.org/",
                    "http:///x",
                    "",
                ),
                *("http://example.org:22/", "http://example.org:443/", "https://example.org:80/", "http://x:99999/"),
                *("http://rosa@example.org/", "http://example.org@127.0.0.1/", "http://example.org/a b"),
                *("http://example.org/\r\nHost: x", "http://[::1/", "http://exämple.org/"),
            ):
                with self.subTest(url), self.assertRaises(Unreachable):
                    fetch(url)
        connect.assert_not_called()

    def test_one_private_ip_among_public_ones_is_rejected(self):
        connecting = mock.patch.object(fetching.socket, "create_connection")
        with resolving_to("8.8.8.8", "10.0.0.1"), connecting as connect, self.assertRaises(Unreachable):
            fetch("http://example.org/")
        connect.assert_not_called()

    def test_a_host_is_resolved_once_and_the_connection_goes_to_a_checked_ip(self):
        twice = [[(0, 0, 0, "", (ip, 80))] for ip in ("8.8.8.8", "127.0.0.1")]
        with (
            mock.patch.object(fetching.socket, "getaddrinfo", side_effect=twice) as resolve,
            mock.patch.object(fetching.socket, "create_connection", side_effect=ConnectionRefusedError) as connect,
            self.assertRaises(Unreachable),
        ):
            fetch("http://rebinding.example.org/")
        self.assertEqual((resolve.call_count, connect.call_args[0][0]), (1, ("8.8.8.8", 80)))


class FetchTest(SimpleTestCase):
    def test_the_request_has_no_cookie_or_referer_and_no_injected_header(self):
        with site(answer()) as asked, self.settings(SITE_NAME="Saltmere Nëws\r\nX: y"):
            self.assertEqual(fetch("http://example.org/ferry?a=b#top").text, PAGE)
        self.assertTrue(asked[0].startswith("GET /ferry?a=b HTTP/1.1\r\nHost: example.org\r\n"))
        self.assertIn("User-Agent: Saltmere NwsX: y (Newsdesk;", asked[0])
        for never in ("Cookie", "Referer", "\r\nX: y"):
            self.assertNotIn(never, asked[0])

    def test_a_proxy_in_the_environment_is_not_used(self):
        with site(answer()), mock.patch.dict("os.environ", http_proxy="http://10.0.0.1:3128"):
            self.assertEqual(fetch("http://example.org/").text, PAGE)

    def test_redirects_are_followed_three_times(self):
        with site(*[redirect("/next")] * 3, answer()) as asked:
            self.assertEqual(fetch("http://example.org/").text, PAGE)
        self.assertIn("GET /next ", asked[-1])
        with site(*[redirect("/next")] * 4) as asked, self.assertRaises(Unreachable):
            fetch("http://example.org/")
        self.assertEqual(len(asked), 4)

    def test_a_redirect_to_a_private_ip_is_not_followed(self):
        for target in ("http://10.0.0.1/", "//10.0.0.1/", "http://example.org:22/", "file:///etc/passwd"):
            with self.subTest(target), site(redirect(target)) as asked:
                fetching.socket.getaddrinfo.side_effect = lambda host, port, *_, **__: [
                    (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if host == "example.org" else host, port))
                ]
                with self.assertRaises(Unreachable):
                    fetch("http://example.org/")
                self.assertEqual(len(asked), 1)

    def test_the_size_is_limited(self):
        with site(answer(b"x" * 2 * fetching.MAX_BYTES)):
            self.assertEqual(len(fetch("http://example.org/").text), fetching.MAX_BYTES)

    def test_anything_but_an_uncompressed_page_is_rejected(self):
        for said in (
            answer(kind="application/pdf"),
            answer(status="404 Not Found"),
            answer(more="Content-Encoding: gzip\r\n"),
            b"SSH-2.0-OpenSSH\r\n",
            b"",
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200,
            answer(b"zz\r\n", more="Transfer-Encoding: chunked\r\n"),
        ):
            with self.subTest(said[:40]), site(said), self.assertRaises(Unreachable):
                fetch("http://example.org/")

    def test_a_slow_page_is_given_up(self):
        drops = [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 20]
        with mock.patch.object(fetching, "MAX_SECONDS", 0.3), site(drops), self.assertRaises(Unreachable) as given_up:
            fetch("http://example.org/")
        self.assertIsInstance(given_up.exception.__cause__, TimeoutError)

    def test_the_certificate_is_verified(self):
        context = mock.patch.object(fetching.ssl, "create_default_context", wraps=ssl.create_default_context)
        with site(b"no TLS here"), context as made, self.assertRaises(Unreachable):
            fetch("https://example.org/")
        made.assert_called_once_with()  # the default context verifies certificate and host name


class LabelTest(SimpleTestCase):
    def test_it_is_publisher_and_title(self):
        for page, label in {
            PAGE: "Harbour Office: Ferry timetable",
            b"<title> Ferry\n\x01 timetable </title>": "Ferry timetable",
            b"<meta property=og:title content=Ferry><title>x</title>": "Ferry",
            b"<meta property=og:site_name content=Office>": "Office",
            b"<meta property=og:site_name content=Office><title>Office: Ferry</title>": "Office: Ferry",
            b"<meta property=og:site_name content=Post><title>The Outpost</title>": "Post: The Outpost",
            b"<title>&lt;b&gt; &amp; more</title>": "<b> & more",
            b"<p>No title</p>": "",
        }.items():
            self.assertEqual(label_for(Page(page, None)), label, page)

    def test_a_long_label_is_cut(self):
        label = label_for(Page(b"<title>" + b"ferry " * 100, None))
        self.assertTrue(label.endswith("…") and len(label) <= MAX_LABEL_CHARS)

    def test_the_charset_comes_from_the_server_or_else_from_the_page(self):
        page = b"<meta charset=iso-8859-1><title>caf\xe9 \x96</title>"
        self.assertEqual(label_for(Page(page, None)), "café –")
        self.assertEqual(label_for(Page(page, "utf-8")), "caf\ufffd \ufffd")
        for nonsense in ("hex", "klingon", "windows-9", "undefined", "\0", "unicode_escape"):
            self.assertTrue(label_for(Page(PAGE, nonsense)), nonsense)

    @settings(deadline=None)
    @given(
        st.binary(), st.sampled_from([None, "utf-16", "utf-7", "unicode_escape", "idna", "punycode", "hex", "x" * 99])
    )
    def test_any_bytes_are_accepted(self, text, charset):
        for page in (text, b"<title>" + text, b"<meta property=og:title content='" + text):
            self.assertLessEqual(len(label_for(Page(page, charset))), MAX_LABEL_CHARS)


class LinkTitleOnTheFormTest(TestCase):
    def setUp(self):
        cache.clear()
        self.client.force_login(rosa())

    def label(self, url="example.org/ferry"):
        return self.client.post(LABEL, {"url": url})

    def test_it_gives_the_label(self):
        with site(answer()), mock.patch.dict(fetching.PORTS, https=1):
            self.assertEqual(
                self.label("http://example.org/ferry").json(), {"label": "Harbour Office: Ferry timetable"}
            )

    def test_an_unreachable_page_gives_an_empty_label(self):
        for address in ("", "http://", "\0", "ftp://example.org", "http://127.0.0.1/", "x" * 5_000):
            self.assertEqual(self.label(address).json(), {"label": ""}, address)
        with mock.patch.object(fetching.socket, "getaddrinfo", side_effect=socket.gaierror):
            self.assertEqual(self.label().json(), {"label": ""})

    def test_fetches_are_limited(self):
        with mock.patch("stories.admin.story.link_titles.fetch", return_value=Page(PAGE, None)) as fetched:
            statuses = [self.label().status_code for _ in range(MAX_FETCHES_PER_MINUTE + 2)]
        self.assertEqual(statuses[-3:], [200, 429, 429])
        self.assertEqual(fetched.call_count, MAX_FETCHES_PER_MINUTE)
