"""Style sheets and scripts as pages hold them in themselves, so that they come in one answer. Which, is for settings.py."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
INDENT = re.compile(r"\s*\n\s*")


def inlined(file: Path) -> str:
    """Its text, without comments and indents."""
    return INDENT.sub("\n", COMMENT.sub("", file.read_text())).strip()


def csp_hash(text: str) -> str:
    """As a Content Security Policy names it: https://www.w3.org/TR/CSP3/#grammardef-hash-source"""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
