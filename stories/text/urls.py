"""URLs of sources, as they are stored."""

from urllib.parse import urlsplit

from django.utils.encoding import iri_to_uri


def to_ascii_url(url: str) -> str:
    """Return the URL in ASCII: its host in IDNA, the rest percent-encoded. The function is idempotent."""
    url = url.strip()
    if url.isascii():
        return iri_to_uri(url)
    try:
        host = urlsplit(url).hostname or ""
        if not host.isascii():
            url = url.replace(host, host.encode("idna").decode(), 1)
    except (UnicodeError, ValueError):
        pass  # the validator refuses it with a message
    return iri_to_uri(url)
