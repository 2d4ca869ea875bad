"""Style sheets and scripts inlined into public pages, so that a page takes one round trip."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
INDENT = re.compile(r"\s*\n\s*")


def read_minified(path: Path) -> str:
    """Return the file's text without comments and indents."""
    return INDENT.sub("\n", COMMENT.sub("", path.read_text())).strip()


def make_csp_hash(text: str) -> str:
    """Return a hash source of Content Security Policy, see https://www.w3.org/TR/CSP3/#grammardef-hash-source."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
