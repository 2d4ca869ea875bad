"""Client of a request: its IP address, and its browser in a few words."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux",
}  # fmt: skip


def client_ip(request: HttpRequest) -> str | None:
    """Return the IP address that the outermost of our own proxies saw, or None if it is malformed.

    A proxy appends to X-Forwarded-For, so the client can forge anything further left.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    ip = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES and len(forwarded) >= settings.PROXIES:
        ip = forwarded[-settings.PROXIES].strip()
    try:
        return str(ip_address(ip))
    except ValueError:
        return None


def describe_browser(request: HttpRequest) -> str:
    """Return a name such as "Firefox on Linux"."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "Unknown browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    return f"{browser} on {system}" if system else browser
