"""The house: what may import what, and what no folder or file is called."""

import ast
from pathlib import Path
from unittest import TestCase

ROOT = Path(__file__).resolve().parent.parent
# Each layer may import from itself and from those before it, never from one after it.
LAYERS = [
    "paths",
    "text",
    "models",
    "listings",
    "search",
    "importers",
    "public",
    "templatetags",
    "link_titles",
    "admin",
    "management",
]
SAYS_NOTHING = {"services", "utils", "core", "helpers", "common", "misc"}


def layer_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "stories" and len(parts) > 1 and parts[1] in LAYERS else None


def imports_of(path: Path) -> set[str]:
    """The modules a file imports, relative ones spelled out."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


class HouseTest(TestCase):
    def test_imports_go_one_way(self):
        wrong = []
        for path in (ROOT / "stories").rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if layer := layer_of(module):
                for imported in filter(None, map(layer_of, imports_of(path))):
                    if LAYERS.index(imported) > LAYERS.index(layer):
                        wrong.append(f"{module} imports {imported}")
        self.assertEqual(wrong, [])

    def test_the_walk_sees_imports(self):
        self.assertIn("models", {layer_of(name) for name in imports_of(ROOT / "stories" / "public" / "views.py")})

    def test_the_project_package_knows_nothing_of_stories(self):
        for path in (ROOT / "newsdesk").rglob("*.py"):
            if path.name != "wsgi.py":  # it puts the two together
                self.assertFalse({name for name in imports_of(path) if name.startswith("stories")}, path.name)

    def test_models_are_imported_through_their_front_door(self):
        for path in (ROOT / "stories").rglob("*.py"):
            if not path.is_relative_to(ROOT / "stories" / "models") and not {"fixtures", "migrations"} & {*path.parts}:
                inner = {name for name in imports_of(path) if name.startswith("stories.models.")}
                inner = {name for name in inner if (ROOT / "stories" / "models" / f"{name.split('.')[2]}.py").exists()}
                self.assertFalse(inner, path)

    def test_stories_know_nothing_of_accounts(self):
        for path in (ROOT / "stories").rglob("*.py"):
            self.assertFalse({name for name in imports_of(path) if name.startswith("accounts")}, path)

    def test_no_name_says_nothing(self):
        for folder in ("newsdesk", "stories", "accounts", "templates", "static", "tests"):
            for path in (ROOT / folder).rglob("*"):
                self.assertNotIn(path.stem, SAYS_NOTHING, path)

    def test_source_files_are_short(self):
        lengths = sorted(
            len(path.read_text().splitlines())
            for folder in ("newsdesk", "stories", "accounts")
            for path in (ROOT / folder).rglob("*.py")
            if "migrations" not in path.parts
        )
        self.assertLess(lengths[-1], 400)
        self.assertLess(lengths[len(lengths) // 2], 100)
