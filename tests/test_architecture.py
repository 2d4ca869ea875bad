"""Layers, imports, file sizes and names."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from statistics import median
from unittest import TestCase

from tests.source import ROOT, Import, Module, application_modules

# Each layer may import from those before it. Packages of one layer don't know each other.
LAYERS = [
    {"paths"},
    {"fields"},
    {"text"},
    {"models"},
    {"listings"},
    {"search"},
    {"importers", "link_titles", "public"},
    {"templatetags"},
    {"admin"},
    {"management"},
]
PACKAGES = set().union(*LAYERS)
SAYS_NOTHING = {"services", "utils", "core", "helpers", "common", "misc"}
MAX_MODULES_IN_STORIES = 6
MAX_FILE_LINES, MAX_MEDIAN_FILE_LINES = 400, 100
MAX_FUNCTION_LINES, MAX_MEDIAN_FUNCTION_LINES = 40, 8


def package_in_stories(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "stories" and len(parts) > 1 and parts[1] in PACKAGES else None


def imported_packages(module: Module) -> set[str]:
    return {package for one in module.imports if (package := package_in_stories(one.names[0]))}


def find_wrong_imports(package: str, imported: Iterable[str]) -> list[str]:
    rank = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    return [other for other in imported if other != package and rank[other] >= rank[package]]


def import_graph(modules: dict[str, Module]) -> dict[str, set[str]]:
    """Return {module: modules it imports when it is loaded}."""
    return {
        name: {target for one in module.imports if not one.is_inside_function and (target := resolve(one, modules))}
        for name, module in modules.items()
    }


def resolve(one: Import, modules: dict[str, Module]) -> str | None:
    return next((name for name in one.names if name in modules), None)


def find_circle(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def has_reason(module: Module, line: int) -> bool:
    return "#" in module.lines[line - 1] or module.lines[line - 2].strip().startswith("#")


class LayerTest(TestCase):
    def test_imports_go_one_way(self):
        for name, module in application_modules("stories").items():
            if package := package_in_stories(name):
                self.assertEqual(find_wrong_imports(package, imported_packages(module)), [], name)

    def test_a_wrong_import_is_found(self):
        self.assertEqual(find_wrong_imports("models", ["text", "models", "listings"]), ["listings"])
        self.assertEqual(find_wrong_imports("public", ["search", "importers"]), ["importers"])
        views = application_modules("stories")["stories.public.views"]
        self.assertLessEqual({"models", "listings"}, imported_packages(views))

    def test_every_package_has_its_layer(self):
        folders = {path.parent.name for path in (ROOT / "stories").glob("*/__init__.py")}
        self.assertEqual(folders - PACKAGES, {"migrations"})

    def test_the_project_package_knows_nothing_of_stories(self):
        for name, module in application_modules("newsdesk").items():
            if name != "newsdesk.wsgi":  # it joins the two
                self.assertFalse([one.module for one in module.imports if one.module.startswith("stories")], name)

    def test_stories_know_nothing_of_accounts(self):
        for name, module in application_modules("stories").items():
            self.assertFalse([one.module for one in module.imports if one.module.startswith("accounts")], name)

    def test_models_are_imported_through_their_front_door(self):
        for name, module in application_modules("stories", "accounts").items():
            if not name.startswith(("stories.models", "stories.fixtures")):
                inner = {one.module for one in module.imports if one.module.startswith("stories.models.")}
                self.assertFalse(inner, name)


class ImportTest(TestCase):
    def test_modules_import_each_other_in_no_circle(self):
        self.assertEqual(find_circle(import_graph(application_modules())), [])

    def test_a_circle_is_found(self):
        self.assertTrue(find_circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}))
        self.assertIn("stories.models", import_graph(application_modules())["stories.listings.listing"])

    def test_an_import_inside_a_function_has_its_reason_beside_it(self):
        for name, module in application_modules().items():
            for one in module.imports:
                if one.is_inside_function:
                    self.assertTrue(has_reason(module, one.line), f"{name}, line {one.line}: say why")


class SizeTest(TestCase):
    def test_few_modules_lie_directly_in_stories(self):
        modules = {path.stem for path in (ROOT / "stories").glob("*.py")} - {"__init__"}
        self.assertLessEqual(len(modules), MAX_MODULES_IN_STORIES, modules)

    def test_files_are_short(self):
        lengths = {name: len(module.lines) for name, module in application_modules().items()}
        self.assertEqual({name for name, length in lengths.items() if length > MAX_FILE_LINES}, set())
        self.assertLess(median(lengths.values()), MAX_MEDIAN_FILE_LINES)

    def test_functions_are_short(self):
        lengths = {
            f"{name}.{function.name}": function.end_lineno - function.lineno + 1
            for name, module in application_modules().items()
            for function in module.functions
        }
        self.assertEqual({name for name, length in lengths.items() if length > MAX_FUNCTION_LINES}, set())
        self.assertLessEqual(median(lengths.values()), MAX_MEDIAN_FUNCTION_LINES)


class NameTest(TestCase):
    def test_no_file_or_folder_has_an_empty_name(self):
        for folder in ("newsdesk", "stories", "accounts", "templates", "static", "tests"):
            for path in (ROOT / folder).rglob("*"):
                self.assertNotIn(path.stem, SAYS_NOTHING, path)
