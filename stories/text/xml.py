"""Characters that XML allows. Escaping is the job of the code that writes the XML."""

import re

# XML 1.0, section 2.2. Others are not allowed even as a reference.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def strip_illegal(text: str) -> str:
    """Drop the characters that would make the whole document invalid."""
    return _ILLEGAL.sub("", text)
