"""Fetches a page that anybody on the internet may see, for somebody who pasted its address.

The address is hers, so it must not lead this server to where only the server may go. A host is resolved once, all its
addresses must be public, and the connection is made to one of those very addresses: a name that is resolved
otherwise a moment later gains nothing. Each redirect is taken for a new address. There is an end to size and time.
"""

import io
import re
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

SECONDS = 5
MOST_BYTES = 256 * 1024
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
KINDS = {"text/html", "application/xhtml+xml"}
REDIRECTS = {301, 302, 303, 307, 308}
# They stand for IPv4 addresses, private ones too: mapped, compatible, 6to4, Teredo, and two of NAT64. The last is of
# old private networks, which Python takes for global.
NOT_PUBLIC = [
    IPv6Network(network)
    for network in ("::ffff:0:0/96", "::/96", "2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48", "fec0::/10")
]
# Those of clouds' own services, beyond the private networks that Python knows.
OF_CLOUDS = [IPv4Network("192.0.0.0/24"), IPv4Network("168.63.129.16/32")]
# The system's resolver knows no time-out; the few threads that wait for it do not hold up a request.
RESOLVER = ThreadPoolExecutor(4, "resolver")


class Unreachable(Exception):
    """The page could not be had, or must not be."""


@dataclass(frozen=True)
class Page:
    text: bytes
    charset: str | None


def fetch(address: str) -> Page:
    """Raises Unreachable, and nothing else."""
    ends_at = time.monotonic() + SECONDS
    try:
        for _ in range(MOST_REDIRECTS + 1):
            found = ask(address, ends_at)
            if isinstance(found, Page):
                return found
            address = found
    except (OSError, HTTPException, ValueError) as error:  # no time left and unknown hosts too
        raise Unreachable(str(error)) from error
    raise Unreachable("too many redirects")


def ask(address: str, ends_at: float) -> Page | str:
    """The page, or the address that it redirects to."""
    parts = allowed(address)
    with connected(parts, ends_at) as connection:
        connection.sendall(request_for(parts))
        with HTTPResponse(Timed(connection, ends_at), method="GET") as response:
            response.begin()
            if response.status in REDIRECTS:
                return urljoin(address, iri_to_uri(response.headers.get("Location", "")))
            if response.status != 200 or response.headers.get_content_type() not in KINDS:
                raise Unreachable("not a page")
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise Unreachable("compressed, though asked not to be")
            return Page(response.read(MOST_BYTES), response.headers.get_content_charset())


def allowed(address: str) -> SplitResult:
    parts = urlsplit(address)
    if not re.fullmatch("[!-~]+", address) or parts.scheme not in PORTS or not parts.hostname:
        raise Unreachable("not a web address")
    if "@" in parts.netloc or parts.port not in {None, PORTS[parts.scheme]}:
        raise Unreachable("a name or a port in the address")
    return parts


def connected(parts: SplitResult, ends_at: float) -> socket.socket:
    """To the first of the host's addresses that answers."""
    port, failure = PORTS[parts.scheme], None
    for ip in resolved(parts.hostname, port, ends_at):
        try:
            connection = socket.create_connection((ip, port), time_left(ends_at))
        except OSError as error:
            failure = error
            continue
        if parts.scheme == "http":
            return connection
        try:
            connection.settimeout(time_left(ends_at))
            return ssl.create_default_context().wrap_socket(connection, server_hostname=parts.hostname)
        except BaseException:
            connection.close()
            raise
    raise failure or Unreachable("no such host")


def resolved(host: str, port: int, ends_at: float) -> list[str]:
    asked = RESOLVER.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    ips = [entry[4][0] for entry in asked.result(time_left(ends_at))]
    if not all(map(is_public, ips)):
        raise Unreachable("not a public address")
    return ips


def is_public(ip: str) -> bool:
    """IPv6 addresses that stand for an IPv4 one are none: no public site needs them."""
    address = ip_address(ip)
    if any(address in network for network in (*NOT_PUBLIC, *OF_CLOUDS)):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def request_for(parts: SplitResult) -> bytes:
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    who = re.sub("[^ -~]", "", settings.SITE_NAME)
    return (
        f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: {who} (Newsdesk; reads a page's title)\r\n"
        "Accept: text/html, application/xhtml+xml\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    ).encode()


def time_left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left


class Timed(io.RawIOBase):
    """What comes over a connection, all of it until one moment: a byte now and then does not put that off."""

    def __init__(self, connection, ends_at):
        self.connection, self.ends_at = connection, ends_at

    def readable(self):
        return True

    def readinto(self, buffer):
        self.connection.settimeout(time_left(self.ends_at))
        return self.connection.recv_into(buffer)

    def makefile(self, mode):
        return io.BufferedReader(self)
