"""The site's language, as pages declare it.

Functions that cache words take the active language as an argument, so that it is part of the key. They don't ask for
it themselves: that takes two microseconds, and a list needs such words some eighty times.
"""

from django.utils.translation import get_language, get_language_bidi, to_locale


def language_tag() -> str:
    """Return the site's language as HTML writes it, such as "en-GB"."""
    return to_locale(get_language() or "en").replace("_", "-")


def text_direction() -> str:
    return "rtl" if get_language_bidi() else "ltr"
