"""Reads translation catalogues (.po) and the strings that code and templates mark, without GNU gettext."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.safestring import SafeData, mark_safe

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ["de", "ru"]
CODE = ["stories/public", "stories/templatetags"]
TEMPLATES = [*ROOT.glob("templates/*.html"), *ROOT.glob("templates/stories/*.html")]
# Functions that mark a string, and the places of (context, singular, plural) among their arguments.
MARKERS = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "_": (None, 0, None),
    "pgettext": (0, 1, None),
    "ngettext": (None, 0, 1),
}
FIELD = re.compile(r'(msg\w+)(?:\[(\d)\])? (".*")')
FILTER_ARGUMENT = re.compile(r':_\("([^"]+)"\)')

# Context, singular and plural.
Marked = tuple[str | None, str, str | None]


@dataclass
class Entry:
    """A string of a catalogue. `forms` has one translation, or one for each plural form."""

    context: str | None = None
    singular: str = ""
    plural: str | None = None
    forms: list[str] = field(default_factory=list)
    is_fuzzy: bool = False

    @property
    def key(self) -> Marked:
        return self.context, self.singular, self.plural


def po_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read_po(language: str) -> list[Entry]:
    """Return the entries of a catalogue, the first of which is its header."""
    blocks = po_path(language).read_text().strip().split("\n\n")
    return [read_entry(block.splitlines()) for block in blocks]


def read_entry(lines: list[str]) -> Entry:
    entry, texts = Entry(), []
    for line in lines:
        if line.startswith("#"):
            entry.is_fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif found := FIELD.fullmatch(line):
            texts.append([found[1], ast.literal_eval(found[3])])
        else:
            texts[-1][1] += ast.literal_eval(line)
    for name, text in texts:
        match name:
            case "msgctxt":
                entry.context = text
            case "msgid":
                entry.singular = text
            case "msgid_plural":
                entry.plural = text
            case "msgstr":
                entry.forms.append(text)
    return entry


def marked_strings() -> set[Marked]:
    """Return all strings of the readers' site that are marked for translation."""
    code = [path for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    found = {one for path in code for one in marked_in_code(path.read_text())}
    return found.union(*(marked_in_template(path) for path in TEMPLATES))


def marked_in_code(source: str) -> set[Marked]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
            texts = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            found.add(tuple(None if place is None else texts[place] for place in MARKERS[node.func.id]))
    return found


def marked_in_template(path: Path) -> set[Marked]:
    nodes = get_template(str(path.relative_to(ROOT / "templates"))).template.nodelist
    found = {(None, text, None) for text in FILTER_ARGUMENT.findall(path.read_text())}
    for node in nodes.get_nodes_by_type(TranslateNode):
        context = node.message_context.var if node.message_context else None
        found.add((context, str(node.filter_expression.var.literal), None))
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        singular, plural = (node.render_token_list(tokens)[0] for tokens in (node.singular, node.plural))
        found.add((None, singular, plural or None))
    return found


def bracketed():
    """Patch gettext to put each translated string in brackets: ⟦Search⟧."""

    def put(message: str) -> str:
        text = f"⟦{message}⟧"
        return mark_safe(text) if isinstance(message, SafeData) else text

    return mock.patch.multiple(
        translation._trans,
        gettext=put,
        pgettext=lambda context, message: put(message),
        ngettext=lambda singular, plural, number: put(singular if number == 1 else plural),
        npgettext=lambda context, singular, plural, number: put(singular if number == 1 else plural),
    )
