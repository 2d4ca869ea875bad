"""HTTP rules of the page cache: storable responses, ETags and content encodings (RFC 9110)."""

import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

# No browser sends a longer Accept-Encoding. The bound keeps accepts_gzip()'s own cache small.
MAX_ACCEPT_ENCODING_CHARS = 200


def is_cacheable(status: str, headers: Iterable[tuple[str, str]]) -> bool:
    """Return True if a response is the same for every reader: 200, public, no cookie, no Vary but on the encoding."""
    values = {name.lower(): value.lower() for name, value in headers}
    return (
        status.startswith("200 ")
        and "public" in values.get("cache-control", "")
        and "set-cookie" not in values
        and values.get("vary", "accept-encoding") == "accept-encoding"
    )


def make_etag(body: bytes) -> str:
    """Return a weak ETag: the same value serves the plain and the gzipped body."""
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def etag_matches(etag: str, if_none_match: str | None) -> bool:
    """Compare with an If-None-Match header, weakly (section 13.1.2)."""
    if not if_none_match:
        return False
    known = {given.strip().removeprefix("W/") for given in if_none_match.split(",")}
    return etag.removeprefix("W/") in known or "*" in known


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Return True if gzip, or else `*`, is listed with a weight above zero (section 12.5.3)."""
    accepted = {}
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        accepted[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return accepted.get("gzip", accepted.get("*", False))
