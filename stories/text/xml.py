"""Which characters XML can hold at all. Escaping is for whoever writes the XML."""

import re

# XML 1.0, 2.2. Not even as a reference may it hold any other.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def strip_illegal(text: str) -> str:
    """The text without those that would break the whole document."""
    return _ILLEGAL.sub("", text)
