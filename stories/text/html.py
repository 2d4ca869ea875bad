"""The sanitiser of bodies. One set of extensions defines the editor's toolbar, its schema and this allow-list."""

import re

import nh3
from django.core.exceptions import ValidationError
from django_prose_editor.config import allowlist_from_extensions

from .html_depth import worst_case_depth

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
}
# nh3 keeps or unwraps an element. Unwrapping these would lose emphasis, or join two paragraphs.
_SAME_AS = {"b": "strong", "i": "em"} | dict.fromkeys(
    ["div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6"], "p"
)
_RENAMED = re.compile(rf"<(/?)({'|'.join(_SAME_AS)})(?=[\s/>])", re.IGNORECASE)
_BLOCK = re.compile(r"<(p|ul|ol|blockquote)\b")
_EMPTY = re.compile(r"<(p|strong|em|li|blockquote)>(\s|&nbsp;|<br>)*</\1>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_cleaner = nh3.Cleaner(**allowlist_from_extensions(EXTENSIONS))

MAX_BODY_CHARS = 100_000  # with markup
MAX_BODY_DEPTH = 100  # elements
# A parser repeats every open element in each paragraph. This many repetitions take a second.
MAX_REPEATED_ELEMENTS = 200_000


def check_size(html: str) -> None:
    """Raise ValidationError for a body that would take seconds to sanitise."""
    if len(html) > MAX_BODY_CHARS:
        raise ValidationError(
            f"The text has {len(html):,} characters with its markup. Shorten it to {MAX_BODY_CHARS:,} or fewer."
        )
    elements = html.count("<")
    depth = worst_case_depth(_CONTROL.sub("", html), MAX_BODY_DEPTH) if elements > MAX_BODY_DEPTH else 0
    if depth > MAX_BODY_DEPTH:
        raise ValidationError(f"The text is nested more than {MAX_BODY_DEPTH} levels deep. Remove some formatting.")
    if elements * depth > MAX_REPEATED_ELEMENTS:
        raise ValidationError("The text has too much markup. Remove some formatting.")


class Sanitised(str):
    """HTML that `sanitise` has returned, marked so that it isn't parsed again on its way to the database."""

    __slots__ = ()


def sanitise(html: str) -> Sanitised:
    """Keep only what EXTENSIONS allow, in paragraphs, without empty ones. Text is never changed. Idempotent."""
    if isinstance(html, Sanitised):
        return html
    html = _CONTROL.sub(_replace_control, html)
    html = _RENAMED.sub(lambda match: f"<{match[1]}{_SAME_AS[match[2].lower()]}", html)
    while (clean := _clean_once(html)) != html:  # dropping an element may leave another one empty
        html = clean
    return Sanitised(html)


def sanitise_typed(html: str) -> Sanitised:
    """Sanitise input that nobody has checked. Returns the error message instead of a body that is too large."""
    try:
        check_size(html)
    except ValidationError as error:
        html = f"<p>{error.message}</p>"
    return sanitise(html)


def _clean_once(html: str) -> str:
    """Run the cleaner. It decodes references such as &#1;, so control characters are replaced after it too."""
    html = _cleaner.clean(html).strip()
    if html and not _BLOCK.match(html):
        html = _cleaner.clean(f"<p>{html}</p>")
    return _EMPTY.sub("", _CONTROL.sub(_replace_control, html)).strip()


def _replace_control(match: re.Match[str]) -> str:
    """Return what browsers show for a control character: the Windows-1252 character in its place, or nothing."""
    return match[0].encode("latin-1").decode("cp1252", "ignore") if "\x80" <= match[0] <= "\x9f" else ""
