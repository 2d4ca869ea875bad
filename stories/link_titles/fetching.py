"""Fetch a public web page for an editor who pasted its URL.

The editor chooses the URL, so it must not lead this server to hosts that only the server can reach. A host is resolved
once, all its IP addresses must be public, and the connection goes to one of these. A name that resolves differently a
moment later gains nothing. Each redirect is checked in the same way. Size and total time are limited.
"""

import io
import re
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

MAX_SECONDS = 5.0
MAX_BYTES = 256 * 1024
MAX_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
CONTENT_TYPES = {"text/html", "application/xhtml+xml"}
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
# Networks that Python takes for global, although they aren't public.
NOT_PUBLIC = [
    ip_network(network)
    for network in (
        # IPv6 for IPv4, also for private addresses: mapped, compatible, 6to4, Teredo, two of NAT64.
        *("::ffff:0:0/96", "::/96", "2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48"),
        # Site-local, which is deprecated.
        "fec0::/10",
        # Services of cloud providers.
        *("192.0.0.0/24", "168.63.129.16/32"),
    )
]
# The system's resolver has no timeout. These threads wait for it instead of the request's.
RESOLVER = ThreadPoolExecutor(4, "resolver")


class Unreachable(Exception):
    """The page can't be fetched, or must not be."""


@dataclass(frozen=True)
class Page:
    """The first 256 KB of a page, and the charset that its server declares."""

    text: bytes
    charset: str | None


def fetch(url: str) -> Page:
    """Fetch a page, following redirects. Raises Unreachable, and nothing else."""
    deadline = time.monotonic() + MAX_SECONDS
    try:
        for _ in range(MAX_REDIRECTS + 1):
            found = request(url, deadline)
            if isinstance(found, Page):
                return found
            url = found
    except (OSError, HTTPException, ValueError) as error:  # timeouts and unknown hosts too
        raise Unreachable(str(error)) from error
    raise Unreachable("too many redirects")


def request(url: str, deadline: float) -> Page | str:
    """Send one request. Return the page, or the URL that it redirects to."""
    parts = parse_url(url)
    with connect(parts, deadline) as connection:
        connection.sendall(build_request(parts))
        # HTTPResponse only ever calls makefile() of its socket.
        response_source: Any = DeadlineReader(connection, deadline)
        with HTTPResponse(response_source, method="GET") as response:
            response.begin()
            if response.status in REDIRECT_STATUSES:
                return urljoin(url, iri_to_uri(response.headers.get("Location", "")))
            if response.status != 200 or response.headers.get_content_type() not in CONTENT_TYPES:
                raise Unreachable("not a page")
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise Unreachable("compressed, although the request allows no compression")
            return Page(response.read(MAX_BYTES), response.headers.get_content_charset())


def parse_url(url: str) -> SplitResult:
    """Split the URL. Raises Unreachable unless it is HTTP or HTTPS, on the usual port and without user name."""
    parts = urlsplit(url)
    if not re.fullmatch("[!-~]+", url) or parts.scheme not in PORTS or not parts.hostname:
        raise Unreachable("not a web URL")
    if "@" in parts.netloc or parts.port not in {None, PORTS[parts.scheme]}:
        raise Unreachable("the URL has a user name or an unusual port")
    return parts


def connect(parts: SplitResult, deadline: float) -> socket.socket:
    """Connect to the first of the host's IP addresses that answers, with TLS for HTTPS."""
    host, port = parts.hostname or "", PORTS[parts.scheme]
    failure: OSError | None = None
    for ip in resolve(host, port, deadline):
        try:
            connection = socket.create_connection((ip, port), time_left(deadline))
        except OSError as error:
            failure = error
            continue
        if parts.scheme == "http":
            return connection
        try:
            connection.settimeout(time_left(deadline))
            return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise
    raise failure or Unreachable("no such host")


def resolve(host: str, port: int, deadline: float) -> list[str]:
    """Return the host's IP addresses. Raises Unreachable unless all are public."""
    lookup = RESOLVER.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    ips = [str(entry[4][0]) for entry in lookup.result(time_left(deadline))]
    if not all(map(is_public, ips)):
        raise Unreachable("not a public IP address")
    return ips


def is_public(ip: str) -> bool:
    """Tell whether anybody on the internet can reach this IP address.

    IPv6 addresses that stand for an IPv4 address count as private: no public site needs them.
    """
    parsed = ip_address(ip)
    if any(parsed in network for network in NOT_PUBLIC):
        return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)


def build_request(parts: SplitResult) -> bytes:
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    site_name = re.sub("[^ -~]", "", settings.SITE_NAME)
    return (
        f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: {site_name} (Newsdesk; reads a page's title)\r\n"
        "Accept: text/html, application/xhtml+xml\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    ).encode()


def time_left(deadline: float) -> float:
    """Return the seconds until the deadline. Raises TimeoutError after it."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the page took too long")
    return seconds


class DeadlineReader(io.RawIOBase):
    """Read from a connection until a deadline. A byte now and then doesn't extend it, as it would a socket timeout."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self.connection, self.deadline = connection, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        self.connection.settimeout(time_left(self.deadline))
        return self.connection.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)
