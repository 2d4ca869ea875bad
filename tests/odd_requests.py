"""Requests that no browser makes: odd texts, queries, methods and headers, from lists and generated."""

import re
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote

from django.urls import URLPattern, get_resolver
from hypothesis import strategies as st

PLAIN = {
    "year": ["2019", "2026"],
    "month": ["03", "3"],
    "number": ["1", "17"],
    "slug": ["coast", "Shore", "россия", "europe", "ferry-returns-stays", "ferry-sinks", "ferry"],
    "before": ["", "index.php/news/"],
}
EMPTY_AND_INVISIBLE = ["", " ", "\x00", "a\x00b", "\x01\x1b[31m\x7f", "\t\n\r\x0b", "\x85\u2028\u2029", "\u200b\ufeff"]
NOT_QUITE_TEXT = ["\ud800", "\udfff\ud800", "\ufffe\uffff", "\U0010ffff", "a\u0301" * 40, "\u0301coast", "\U000e0041"]
OTHER_SPELLINGS = [
    "COAST",
    "Ｃｏａｓｔ",
    "Сoast",
    "coаst",
    "Ru\u0308ssia",
    "R\u00fcssia",
    "ﬁ",
    "ﷺ" * 50,
    "İıſßK",
    "한\u1112\u1161\u11ab",
]
RIGHT_TO_LEFT = ["\u202etsaoc", "\u2066coast\u2069", "שלום", "مرحبا بالعالم", "\u200fcoast\u200e"]
NUMBERS = [
    "0",
    "00",
    "-1",
    "+1",
    "1_0",
    "01",
    "1.5",
    "1e9",
    "1E400",
    "0x10",
    "NaN",
    "Infinity",
    "１２",
    "²",
    "٣",
    "Ⅷ",
    "9" * 30,
]
QUOTES = [
    "'",
    '"',
    "`",
    "’",
    "\\",
    "\\'",
    "''",
    '""',
    "' OR 1=1 --",
    "a'; DROP TABLE stories_story; --",
    '"coast',
    'a"b"c',
]
PATTERNS = [
    "%",
    "_",
    "%%",
    "%s",
    "%(a)s",
    "{0}",
    "{a.__class__}",
    "{{ 7 }}",
    "{% debug %}",
    "${7}",
    "[a-",
    "(a+)+$",
    "\\1",
]
OPERATORS = [
    "AND", "a OR", "NOT NOT a", "NEAR(a b, 2)", "a*", "*", "^a", "headline:a", "{headline body}: a", "a & !b", "a | b",
    "a <-> b", "a:*", "(a", "a)", "-", "--", "-a -b", "+a", "a-b", '-"', '"" ""', '"a" -"a"', "boat -boat", "«a»", "a,b;c",
]  # fmt: skip
PLACES = [
    "..", ".", "../../etc/passwd", "//elsewhere.example/", "/\\elsewhere.example", "\\\\elsewhere.example", "/",
    "https://elsewhere.example/", "javascript:alert(1)", "elsewhere.example:80", "@elsewhere.example", "a\r\nSet-Cookie: b=c",
    "%0d%0aLocation: //elsewhere.example", "?", "#", "a?b#c", ";a=b", "%2f%2felsewhere.example", "feed.json", "admin/",
]  # fmt: skip
DAYS = [
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-13",
    "1799-12",
    "10000-01-01",
    "soon",
    "2026-W01-1",
]
MARKUP = ["<script>hacked=1</script>", "\"'><img src=x onerror=hacked=1>", "]]>", "<!--", "&amp;#0;", "</title>"]
# Each takes 100 KB in a URL.
LARGE = [
    text * (100_000 // len(quote(text)))
    for text in ("x", "é", "ß", "a ", "-a ", '"a" ', '"', "(", "%", "\u0301", "ﷺ", "\x00", "9")
]
TEXTS = [
    *EMPTY_AND_INVISIBLE, *NOT_QUITE_TEXT, *OTHER_SPELLINGS, *RIGHT_TO_LEFT, *NUMBERS, *QUOTES, *PATTERNS, *OPERATORS,
    *PLACES, *DAYS, *MARKUP, *LARGE,
]  # fmt: skip
PARAMETERS = ["q", "page", "tag", "region", "since", "until", "month", "start", "format", "type", "utm_source", "_", ""]
# Query strings as sent: unencoded or badly encoded.
QUERIES = [
    "%", "%zz", "q=%", "q=%f", "q=%ff%fe", "q=%ED%A0%80", "q=%00", "q=%u0041", "q=%C0%AF", "tag=%80", "page=%EF%BC%92",
    "&&&", "=", "=&=", "q", "q&q", "q=a&q=b", "page=1&page=2", "page=2&page=", "q[]=1", "q;page=2", "?", "??q=a", "#",
    "\xff\xfe", "q=\xe9", "q=\r\nSet-Cookie: b=c", "&".join(f"a{number}=" for number in range(2_000)), "tag=a&" * 900,
    "region=europe&region=asia", "since=2019-01-01&since=", "format=feed&format=x", "page=1e9", "start=-10", "start=1e3",
]  # fmt: skip
METHODS = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "A B",
    "É",
    "",
]
HEADERS = [
    {"HTTP_HOST": "elsewhere.example"}, {"HTTP_HOST": ""}, {"HTTP_HOST": "testserver:99999"}, {"HTTP_HOST": "[::1"},
    {"HTTP_HOST": "a\r\nb"}, {"HTTP_X_FORWARDED_HOST": "elsewhere.example"}, {"HTTP_X_FORWARDED_PROTO": "gopher"},
    {"HTTP_X_FORWARDED_FOR": "\x00, '"}, {"HTTP_ACCEPT_ENCODING": "gzip;q=\xff, *;q=0, " * 50}, {"HTTP_ACCEPT": "\xff"},
    {"HTTP_ACCEPT_LANGUAGE": "xx-" * 500}, {"HTTP_IF_NONE_MATCH": '*, W/"' * 99}, {"HTTP_IF_NONE_MATCH": "\xff"},
    {"HTTP_IF_MODIFIED_SINCE": "Thu, 99 Foo 99999 99:99:99 GMT"}, {"HTTP_IF_UNMODIFIED_SINCE": "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"HTTP_RANGE": "bytes=-1,5-,a-b"}, {"HTTP_COOKIE": "sessionid=; sessionid=\xff; csrftoken=\x00; messages=x"},
    {"HTTP_COOKIE": "sessionid=" + "a" * 5_000}, {"HTTP_COOKIE": "messages=" + quote('[["__json_message",0,25,"a"]]')},
    {"HTTP_AUTHORIZATION": "Basic \xff"}, {"HTTP_REFERER": "\x00://"}, {"HTTP_ORIGIN": "null"}, {"HTTP_EXPECT": "1e9"},
    {"CONTENT_TYPE": "multipart/form-data", "CONTENT_LENGTH": "5"}, {"CONTENT_TYPE": "multipart/form-data; boundary=\xff"},
    {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=none", "CONTENT_LENGTH": "5"}, {"CONTENT_LENGTH": "-1"},
    {"CONTENT_LENGTH": "1e9"}, {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"}, {"HTTP_PURPOSE": "prefetch"},
    {"SERVER_PROTOCOL": "HTTP/0.9"}, {"SCRIPT_NAME": "/a"}, {"wsgi.url_scheme": "gopher"},
]  # fmt: skip


@dataclass(frozen=True)
class Request:
    """A request as WSGI sees it. `path` is decoded, `query` as sent; both may hold any character."""

    path: str
    query: str = ""
    method: str = "GET"
    headers: dict = field(default_factory=dict)

    def environ(self) -> dict:
        return {
            "PATH_INFO": self.path.encode(errors="surrogatepass").decode("latin-1"),
            "QUERY_STRING": self.query,
            "REQUEST_METHOD": self.method,
            "HTTP_HOST": "testserver",
            "wsgi.input": BytesIO(b"a=\xff&"),
        } | self.headers


def public_routes(resolver=None, before="") -> list[str]:
    """Return the routes outside the admin, as urls.py writes them."""
    routes = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            routes.append(route)
        elif pattern.namespace != "admin":
            routes += public_routes(pattern, route)
    return routes


def fill_route(route: str, choose) -> str:
    """Replace each parameter of the route by `choose(name)`."""
    return "/" + re.sub(r"<\w+:(\w+)>", lambda part: choose(part[1]), route)


def build_query(name: str, text: str) -> str:
    return f"{name}={quote(text, errors='surrogatepass')}"


def listed_requests(tokens: list[str], every: int, offset: int):
    """Combine each route with each text, query, method and header, and yield one in `every` of them, from `offset` on."""
    plain = PLAIN | {"token": tokens}
    for number, route in enumerate(public_routes()):
        here = fill_route(route, lambda name, route=route: next(iter(plain_values(route, name, plain))))
        asked = [Request(fill_route(route, lambda name, text=text: text)) for text in TEXTS if "<" in route]
        asked += [Request(here, build_query(name, text)) for text in TEXTS for name in PARAMETERS]
        asked += [Request(here, query) for query in QUERIES]
        asked += [Request(here, method=method, headers=headers) for headers in [{}, *HEADERS] for method in METHODS]
        yield Request(here)
        yield from asked[(3 * number + offset) % every :: every]


def plain_values(route: str, name: str, plain: dict) -> list[str]:
    """Return values that exist at the route, the most usual first."""
    first = {"regions": "europe", "stories": "ferry-returns-stays", "<before": "17"}.get(
        route.split(":")[0].split("/")[0]
    )
    return [*([first] if name == "slug" and first else []), *plain[name]]


def generated_requests(tokens: list[str]):
    """Return a strategy for requests to any route with a few odd parameters, queries, methods and headers."""
    plain = PLAIN | {"token": tokens}
    words = st.sampled_from([text for text in TEXTS if len(text) < 1_000])
    text = st.one_of(words, st.text(st.characters(codec=None), max_size=40), st.tuples(words, words).map("".join))

    ordinary = st.sampled_from([text for texts in plain.values() for text in texts])

    @st.composite
    def request(draw):
        route = draw(st.sampled_from(public_routes()))
        path = fill_route(route, lambda name: draw(st.one_of(st.sampled_from(plain_values(route, name, plain)), text)))
        if draw(st.integers(0, 9)) == 0:
            path = draw(st.sampled_from([path.upper(), path.rstrip("/"), f"/{path}", f"{path}/", draw(text)]))
        asked = st.builds(build_query, st.sampled_from(PARAMETERS), st.one_of(text, ordinary))
        query = "&".join(draw(st.lists(st.one_of(asked, st.sampled_from(QUERIES)), max_size=4)))
        rarely = draw(st.integers(0, 4)) == 0
        return Request(
            path,
            query,
            draw(st.sampled_from(METHODS)) if rarely else "GET",
            draw(st.sampled_from(HEADERS)) if rarely else {},
        )

    return request()
