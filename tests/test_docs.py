"""Check that the documentation is true: the files, commands, settings, links and names in it exist.

The files that docstrings of modules and comments of SQL name must exist too.
"""

import ast
import builtins
import importlib
import re
from functools import cache
from pathlib import Path
from unittest import TestCase

from django import forms
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DOCS = {
    path.relative_to(ROOT).as_posix(): path.read_text() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
}
# A changelog also names what is gone.
CURRENT = {name: text for name, text in DOCS.items() if name != "CHANGELOG.md"}
STARTS = ["README.md", "CONTRIBUTING.md", "docs/architecture.md"]
RECIPES = {name: text for name, text in DOCS.items() if name.startswith("docs/contributing/")}
SETTINGS_TABLE = "docs/operating.md"
# Documents that quote the labels of the screens.
GUIDES = ["docs/newsroom.md", "docs/readers.md", "docs/operating.md"]
LABELS_OF_DJANGO = {"Users", "Staff status"}

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# A path from the root of the repository, or a file's name alone. One that starts with a slash is a URL's.
PATH = re.compile(
    r"[a-z][\w.<>*-]*/(?:[\w.<>*-]+/)*[\w.<>*-]*|[\w-]+\.(?:py|md|txt|toml|yml|html|css|js|sql|svg)|Makefile|Dockerfile"
)
# A file in the prose of a docstring, from the root of the repository, or the end of a path.
FILE = re.compile(r"(?<![\w./<*-])(?:[\w.-]+/)*[\w-]+\.(?:py|md|html|css|js|sql)\b(?!/|\.\w)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SETTING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
CALL = re.compile(r"(?:\w+\.)*(\w+)\(\)")
CLASS = re.compile(r"(?:[A-Z][a-z0-9]+){2,}")


def prose(text: str) -> str:
    """Return the text without its fenced blocks, which may hold code that a recipe adds."""
    return FENCE.sub("", text)


def fences(text: str, language: str = "") -> list[str]:
    return [match[3] for match in FENCE.finditer(text) if not language or match[2] == language]


def spans(text: str) -> list[str]:
    return SPAN.findall(prose(text))


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings."""
    headings = HEADING.findall(prose(text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def empty_sections(text: str) -> list[str]:
    """Return the headings that nothing follows but a heading of the same or a higher level."""
    # A line of code may look like a heading.
    text = COMMENT.sub("", FENCE.sub("code", text))
    parts = re.split(r"^(#+) (.+)$", text, flags=re.MULTILINE)[1:]
    sections = [*zip(parts[::3], parts[1::3], parts[2::3], strict=True)]
    levels = [len(marks) for marks, _, _ in sections[1:]] + [0]
    return [
        heading
        for (marks, heading, content), next_level in zip(sections, levels, strict=True)
        if not content.strip() and next_level <= len(marks)
    ]


def links(name: str) -> list[tuple[str, str]]:
    """Return (path from the root, anchor) of the relative links in this document."""
    found = []
    for target in LINK.findall(prose(DOCS[name])):
        if not re.match(r"https?:|mailto:", target):
            path, _, anchor = target.partition("#")
            file = (ROOT / name).parent / path if path else ROOT / name
            found.append((file.resolve().relative_to(ROOT).as_posix(), anchor))
    return found


@cache
def source() -> str:
    """Return all code and configuration in which a documented name may be defined."""
    folders = ("stories", "accounts", "newsdesk", "bench", "tests")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if path != Path(__file__)]
    files += [ROOT / name for name in ("Makefile", "docker-compose.yml", "bin/start")]
    return "\n".join(path.read_text() for path in files)


@cache
def commentaries() -> dict[str, str]:
    """Return {path: docstring of the module, or comments of the SQL}."""
    folders = ("stories", "accounts", "newsdesk", "bench", "tests", "docs")
    found = {}
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py":
            found[name] = ast.get_docstring(ast.parse(path.read_text())) or ""
        elif path.suffix == ".sql":
            found[name] = "\n".join(re.findall(r"--.*", path.read_text()))
    return found


@cache
def screens() -> str:
    """Return all code that has labels, white space made single."""
    files = [path for folder in ("templates", "static") for path in (ROOT / folder).rglob("*.[hj][ts]*")]
    files += [path for folder in ("stories", "accounts") for path in (ROOT / folder).rglob("*.py")]
    return " ".join(" ".join(path.read_text().split()) for path in files)


@cache
def words_of_source() -> set[str]:
    return set(re.findall(r"\w+", source()))


def is_used(name: str) -> bool:
    """Return whether code has the name. A recipe may also be the first to use one of Django's form fields."""
    return name in words_of_source() or hasattr(forms, name)


def is_defined(name: str) -> bool:
    return re.search(rf"\b(?:def|class) {name}\b", source()) is not None


def settings_in_table() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)`", DOCS[SETTINGS_TABLE], re.MULTILINE))


class DocsTestCase(TestCase):
    def assert_true_of_all(self, found, is_true):
        """Fail with each (document, name) for which `is_true(name)` is false."""
        found = list(found)
        self.assertTrue(found, "nothing was found to check")
        self.assertEqual([f"{name}: {what}" for name, what in found if not is_true(what)], [])


class NamesTest(DocsTestCase):
    def found(self, pattern):
        return [
            (name, match[1] if pattern.groups else match[0])
            for name, text in CURRENT.items()
            for span in spans(text)
            if (match := pattern.fullmatch(span))
        ]

    def test_every_path_exists(self):
        def exists(path):
            pattern = re.sub(r"<\w+>", "*", path.rstrip("/"))
            return any(ROOT.glob(pattern)) or ("/" not in path and any(self.repository_has(path)))

        self.assert_true_of_all(self.found(PATH), exists)

    def test_every_file_in_a_docstring_or_sql_comment_exists(self):
        found = [(name, file) for name, text in commentaries().items() for file in FILE.findall(text)]
        self.assert_true_of_all(found, lambda file: (ROOT / file).exists() or any(self.repository_has(file)))

    def repository_has(self, end_of_path):
        folders = ("stories", "accounts", "newsdesk", "bench", "tests", "templates", "static", "docs", "requirements")
        return (found for folder in folders for found in (ROOT / folder).rglob(end_of_path))

    def test_every_setting_and_constant_exists(self):
        self.assert_true_of_all(self.found(SETTING), words_of_source().__contains__)

    def test_every_function_exists(self):
        self.assert_true_of_all(self.found(CALL), is_defined)

    def test_every_class_exists(self):
        self.assert_true_of_all(self.found(CLASS), is_used)


class CommandsTest(DocsTestCase):
    def code(self):
        """Yield (document, code) of the spans and fenced blocks."""
        for name, text in CURRENT.items():
            for code in [*spans(text), *fences(text)]:
                yield name, code

    def test_every_management_command_exists(self):
        found = [(name, one) for name, code in self.code() for one in re.findall(r"manage\.py ([a-z]\w+)", code)]
        self.assert_true_of_all(found, get_commands().__contains__)

    def test_every_command_of_ours_is_documented(self):
        ours = {name for name, app in get_commands().items() if app == "stories"}
        # `make run` calls it.
        self.assertEqual({name for name in ours if not any(name in text for text in CURRENT.values())}, {"loaddemo"})

    def test_every_make_target_exists(self):
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        found = [
            (name, one) for name, code in self.code() for one in re.findall(r"^make ([a-z-]+)", code, re.MULTILINE)
        ]
        self.assert_true_of_all(found, targets.__contains__)


class LinksTest(DocsTestCase):
    def test_every_linked_file_exists(self):
        self.assert_true_of_all(
            [(name, path) for name in DOCS for path, _ in links(name)], lambda path: (ROOT / path).exists()
        )

    def test_every_anchor_exists(self):
        found = [(name, link) for name in DOCS for link in links(name) if link[1]]
        self.assert_true_of_all(found, lambda link: link[1] in anchors(DOCS.get(link[0], "")))

    def test_every_document_is_linked(self):
        reached, waiting = set(), [*STARTS]
        while waiting:
            name = waiting.pop()
            if name in DOCS and name not in reached:
                reached.add(name)
                waiting += [path for path, _ in links(name)]
        self.assertEqual(set(DOCS) - reached, set(), f"link these from {', '.join(STARTS)}, or a page linked there")

    def test_contributing_links_every_recipe(self):
        self.assertEqual(set(RECIPES) - {path for path, _ in links("CONTRIBUTING.md")}, set())

    def test_every_picture_is_shown(self):
        shown = {path for name in DOCS for path, _ in links(name)}
        pictures = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.png")}
        self.assertEqual(pictures - shown, set())


class RecipesTest(DocsTestCase):
    """Recipes are complete. The Python in documents parses, and uses only names that exist or that the document defines."""

    def test_no_section_is_empty(self):
        self.assertTrue(RECIPES)
        self.assertEqual([f"{name}: {one}" for name, text in RECIPES.items() for one in empty_sections(text)], [])

    def test_empty_sections_are_found(self):
        text = "# A\n\n## B\n\n```sh\n# c\n```\n\n## D\n\n<!-- Later -->\n\n### E\n\n## F\n\ng\n\n## H\n"
        self.assertEqual(empty_sections(text), ["E", "H"])

    def nodes(self):
        """Yield (document, node) of all Python in fenced blocks."""
        for name, text in CURRENT.items():
            for block in fences(text, "python"):
                for node in ast.walk(ast.parse(block)):
                    yield name, node

    def test_every_import_exists(self):
        found = [
            (name, f"{node.module}.{alias.name}")
            for name, node in self.nodes()
            if isinstance(node, ast.ImportFrom) and node.level == 0
            for alias in node.names
        ]
        self.assert_true_of_all(found, can_import)

    def test_every_dotted_name_in_a_string_exists(self):
        found = [
            (name, node.value)
            for name, node in self.nodes()
            if isinstance(node, ast.Constant) and re.fullmatch(r"stories(\.\w+)+", str(node.value))
        ]
        self.assert_true_of_all(found, can_import)

    def test_every_name_exists(self):
        found, defined = [], {}
        for name, node in self.nodes():
            match node:
                case ast.Name(id=used, ctx=ast.Load()) | ast.Attribute(attr=used):
                    found.append((name, used))
                case ast.Name(id=new) | ast.FunctionDef(name=new) | ast.ClassDef(name=new) | ast.arg(arg=new):
                    defined.setdefault(name, set()).add(new)
        unknown = [(name, used) for name, used in found if used not in defined.get(name, ())]
        self.assert_true_of_all(unknown, lambda used: hasattr(builtins, used) or is_used(used))


def can_import(dotted: str) -> bool:
    module, _, name = dotted.rpartition(".")
    return hasattr(importlib.import_module(module), name)


class SettingsTest(TestCase):
    def test_the_table_has_just_the_settings_that_are_read(self):
        settings = (ROOT / "newsdesk" / "settings.py").read_text()
        read = set(re.findall(r'\benv(?:ironment)?\.\w+\(\s*"([A-Z_]+)"', settings))
        self.assertEqual(read, settings_in_table())

    def test_compose_passes_every_setting_on(self):
        compose = (ROOT / "docker-compose.yml").read_text()
        for name in settings_in_table():
            self.assertIn(f"      {name}:", compose)


class LabelsTest(DocsTestCase):
    def test_every_quoted_label_is_on_a_screen(self):
        found = [
            (name, label)
            for name in GUIDES
            for label in re.findall(r'"([A-Z][^"]*[^".,])"', SPAN.sub("", prose(DOCS[name])))
            if label not in LABELS_OF_DJANGO
        ]
        self.assert_true_of_all(found, lambda label: " ".join(label.split()) in screens())


class RequirementsTest(TestCase):
    def test_lock_files_name_no_host(self):
        for path in (ROOT / "requirements").glob("*.txt"):
            self.assertNotRegex(path.read_text(), r"https?://", path.name)
