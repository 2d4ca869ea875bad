"""Who is at the other end of a request: the address, and the browser in a few words."""

from ipaddress import ip_address

from django.conf import settings

BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux",
}  # fmt: skip


def client_ip(request) -> str | None:
    """The client's address, as the outermost of our own proxies saw it; what stands further left anyone may invent."""
    claimed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES and len(claimed) >= settings.PROXIES:
        address = claimed[-settings.PROXIES].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def describe_browser(request) -> str:
    """Such as "Firefox on Linux"."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "Another browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    return f"{browser} on {system}" if system else browser
