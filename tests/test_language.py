"""Plain English in code, pages and documents. docs/testing.md lists the rules."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.source import ROOT

QUESTIONS = {"What", "Which", "Whether", "Why", "How", "Where", "When"}
WORDS_TO_AVOID = re.compile(
    r"(?<![a-z])(anew|whoever|whatever|affair|nought|meanwhile|hence|by[ _]itself|one[ _]in[ _]another|"
    r"stands?[ _]beside|that[ _]are[ _]there|of[ _]its[ _]own|in[ _]vain|as[ _]it[ _]was|let[ _]go[ _]of|mended|"
    r"is[ _]said[ _]of|what[ _]is[ _]typed|of[ _]late|stands[ _]in|the[ _]one[ _]that)(?![a-z])",
    re.IGNORECASE,
)
SUPERLATIVES = {"LONGEST", "SHORTEST", "MOST", "FEWEST", "LARGEST", "SMALLEST", "DEEPEST", "LOWEST", "HIGHEST"}
MAX_TEMPLATE_COLUMNS = 120
PROSE = {".py", ".html", ".txt", ".js", ".css", ".sql", ".md"}
# Text that others wrote, or that lists the words themselves.
NOT_OURS = re.compile(r"requirements/|tests/pasted/|stories/fixtures/.*\.txt|tests/test_language\.py|LICENSE")


def source_files(*suffixes: str) -> list[Path]:
    """Return the tracked and the new files with these suffixes."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.splitlines()  # fmt: skip
    # A copy without Git, as `make mutants` makes one, has nothing to check.
    names = [name for name in listed if Path(name).suffix in suffixes and not NOT_OURS.match(name)]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


@cache
def trees() -> list[tuple[Path, ast.Module]]:
    paths = (path for path in source_files(".py") if "migrations" not in path.parts)
    return [(path, ast.parse(path.read_text())) for path in paths]


def one_per_line(found: list[str]) -> str:
    return "\n".join(["", *found])


def test_no_docstring_begins_with_a_question():
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                first = (ast.get_docstring(node) or "").partition(" ")[0].strip(",:")
                if first in QUESTIONS:
                    found.append(f"{path.relative_to(ROOT)}: {getattr(node, 'name', 'module')}: {first}")
    assert not found, one_per_line(found)


def test_no_file_has_a_word_to_avoid():
    found = []
    for path in source_files(*PROSE):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number}: {match[0]}" for match in WORDS_TO_AVOID.finditer(line)]
    assert not found, one_per_line(found)


def test_no_limit_is_named_by_a_superlative():
    found = []
    for path, tree in trees():
        for name in module_constants(tree):
            if SUPERLATIVES & {*name.strip("_").split("_")}:
                found.append(f"{path.relative_to(ROOT)}: {name} (MAX_... or MIN_... with a unit)")
    assert not found, one_per_line(found)


def module_constants(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            yield from (name.id for name in names if isinstance(name, ast.Name) and name.id.isupper())


def test_no_function_is_named_of():
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.endswith("_of"):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}")
    assert not found, one_per_line(found)


def test_template_lines_are_short():
    found = []
    for path in source_files(".html", ".txt"):
        if path.is_relative_to(ROOT / "templates"):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if len(line) > MAX_TEMPLATE_COLUMNS:
                    found.append(f"{path.relative_to(ROOT)}:{number}: {len(line)} columns")
    assert not found, one_per_line(found)


@pytest.mark.parametrize(
    ("text", "word"),
    [("Rebuild it anew.", "anew"), ("test_whatever_is_asked", "whatever"), ("a renewed page, whenever", None)],
)
def test_words_are_found_in_sentences_and_names(text, word):
    found = WORDS_TO_AVOID.search(text)
    assert (found and found[0]) == word


def test_limits_are_found_in_pairs():
    tree = ast.parse("LONGEST, MAX_HITS = 1, 2\nMOST_TAGS: int = 3")
    assert [*module_constants(tree)] == ["LONGEST", "MAX_HITS", "MOST_TAGS"]
