"""What a body may hold. One set of extensions gives the editor's toolbar, its schema and this allow-list.

Sanitising happens as a value is written to the database, so that no way in can go round it: form, import,
fixture, bulk insert or update.
"""

import re

import nh3
from django.core.exceptions import ValidationError
from django_prose_editor.config import allowlist_from_extensions
from django_prose_editor.fields import ProseEditorField

from stories.text.html_depth import worst_case_depth

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
# nh3 can only keep an element or unwrap it. Unwrapping these would lose emphasis, or glue two paragraphs together.
SAME_AS = {"b": "strong", "i": "em"} | dict.fromkeys(
    ["div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6"], "p"
)
_RENAMED = re.compile(rf"<(/?)({'|'.join(SAME_AS)})(?=[\s/>])", re.IGNORECASE)
_BLOCK = re.compile(r"<(p|ul|ol|blockquote)\b")
_EMPTY = re.compile(r"<(p|strong|em|li|blockquote)>(\s|&nbsp;|<br>)*</\1>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_cleaner = nh3.Cleaner(**allowlist_from_extensions(EXTENSIONS))

# A parser's time grows with the square of how deep elements stand one in another, so that is seen before.
LONGEST, DEEPEST = 100_000, 100
# Each paragraph repeats what was begun before and not ended: so many elements take a second.
MOST_REPEATED = 200_000


def check_size(html: str) -> None:
    """Raises ValidationError for a body that is none of a short story, and would cost seconds to sanitise."""
    if len(html) > LONGEST:
        raise ValidationError(
            f"The text has {len(html):,} characters with its markup; a story has at most {LONGEST:,}."
        )
    elements = html.count("<")
    depth = worst_case_depth(_CONTROL.sub("", html), DEEPEST) if elements > DEEPEST else 0
    if depth > DEEPEST:
        raise ValidationError(f"The text has more than {DEEPEST} elements one in another.")
    if elements * depth > MOST_REPEATED:
        raise ValidationError("The text has more markup than a story can have.")


class Sanitised(str):
    """What `sanitise` gives, so that a value which passes it again on its way to the database is not parsed again."""

    __slots__ = ()


def sanitise(html: str) -> Sanitised:
    """The body with only what EXTENSIONS allow, in paragraphs, empty ones dropped. Text is never changed.

    Cleaning twice changes nothing, so it does not matter how often a value passes here.
    """
    if isinstance(html, Sanitised):
        return html
    html = _RENAMED.sub(lambda match: f"<{match[1]}{SAME_AS[match[2].lower()]}", _CONTROL.sub(_meant, html))
    while (clean := _clean_once(html)) != html:  # an element that was dropped may leave another one empty
        html = clean
    return Sanitised(html)


def sanitise_typed(html: str) -> Sanitised:
    """Of a body that nobody has checked yet. One that is too large to be a story's is not parsed: it says so instead."""
    try:
        check_size(html)
    except ValidationError as error:
        html = f"<p>{error.message}</p>"
    return sanitise(html)


def _clean_once(html):
    """What a reference such as &#1; stands for comes out of the parser as a character, so that is looked for after it."""
    html = _cleaner.clean(html).strip()
    if html and not _BLOCK.match(html):
        html = _cleaner.clean(f"<p>{html}</p>")
    return _EMPTY.sub("", _CONTROL.sub(_meant, html)).strip()


def _meant(match):
    """What browsers show for a control character: for some, what Windows-1252 has in their places; for others, nothing."""
    return match[0].encode("latin-1").decode("cp1252", "ignore") if "\x80" <= match[0] <= "\x9f" else ""


class BodyField(ProseEditorField):
    default_validators = [check_size]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"extensions": EXTENSIONS, "sanitize": sanitise} | kwargs)

    def formfield(self, **kwargs):
        field = super().formfield(**kwargs)
        field.widget.attrs["data-longest"] = (
            LONGEST  # so that static/admin/paste.js refuses what is longer before it is lost
        )
        return field

    def clean(self, value, model_instance):
        cleaned = super().clean(value, model_instance)
        self.validate(cleaned, model_instance)  # sanitising may have left nothing
        return cleaned

    def pre_save(self, model_instance, add):
        value = sanitise(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(sanitise(value) if isinstance(value, str) else value, connection)
