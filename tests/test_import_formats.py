"""The registry of import formats, and everything that reads it."""

import json
import re
import unittest
from io import StringIO
from pathlib import Path
from unittest import mock

from django.core.management import call_command, load_command_class
from django.test import SimpleTestCase

from stories.importers import FORMATS, formats
from stories.importers.provenance import ORIGIN, is_provenance
from stories.models import Region, Story, Tag
from tests.k2_pages import ImportCase, html_item, html_page, json_lines, record, text_item, text_page, totals

DOCS = Path(__file__).resolve().parent.parent / "docs"
RECORD = {"seen": ["0" * 16], "fields": {"headline": "1" * 16}, "tags": ["ferries"], "sources": []}


class RegistryTest(SimpleTestCase):
    def test_every_module_of_a_format_is_registered(self):
        modules = {path.stem for path in Path(formats.__file__).parent.glob("*.py")} - {"__init__", "base"}
        self.assertEqual({type(format_).__module__.rpartition(".")[2] for format_ in FORMATS}, modules)

    def test_names_are_unique_and_suffixes_and_origins_well_formed(self):
        names = [format_.name for format_ in FORMATS]
        self.assertEqual(len(set(names)), len(names), f"two formats share a name: {names}")
        for format_ in FORMATS:
            self.assertRegex(format_.origin, rf"^{ORIGIN.pattern}$", f"origin of {format_.name}")
            for suffix in format_.suffixes:
                rule = f"{format_.name}: a suffix is a dot and one part in lower case, such as .wire, not {suffix}"
                self.assertTrue(re.fullmatch(r"\.[a-z0-9]+", suffix), rule)

    def test_each_file_has_one_format(self):
        files = {"JSONLines": json_lines(record()), "K2HTML": html_page(html_item()), "K2Text": text_page(text_item())}
        for name, content in files.items():
            for text in (content, f"\ufeff\r\n  {content}"):
                self.assertEqual(type(formats.detect_format(text.encode()[: formats.SNIFF_BYTES])).__name__, name)

    def test_the_help_lists_all_formats(self):
        help_text = load_command_class("stories", "importstories").help
        for format_ in FORMATS:
            self.assertIn(str(format_), help_text)

    def test_the_documentation_lists_all_formats(self):
        rows = re.findall(r"^\| ([^|`]+) \| (`\.[^|]+`) \| `([\w-]+)` \|$", (DOCS / "importing.md").read_text(), re.M)
        documented = {(name, tuple(re.findall(r"`([^`]+)`", suffixes)), origin) for name, suffixes, origin in rows}
        self.assertEqual(documented, {(format_.name, format_.suffixes, format_.origin) for format_ in FORMATS})


class UnknownFormatTest(ImportCase):
    def test_a_file_in_no_format_is_reported_with_the_formats(self):
        self.assert_rejected("Just words.", "page.html: has an unknown format. Known are: JSON lines; K2 tag page")
        self.assert_rejected("%PDF-1.7 \0", "page.html: is not a text file")


class OriginTest(ImportCase):
    """An export keeps the provenance of all origins, including those whose format was removed since."""

    def test_an_export_with_other_origins_is_imported_unchanged(self):
        Story.objects.all().delete()
        imported = {"wordpress": RECORD, "old-wire_2": RECORD}
        self.assertEqual(self.import_content(json_lines(record(imported=imported)), "a.jsonl"), totals(created=1))
        exported = StringIO()
        call_command("exportstories", stdout=exported)
        for model in (Story, Tag, Region):
            model.objects.all().delete()
        self.assertEqual(self.import_content(exported.getvalue(), "b.jsonl"), totals(created=1))
        kept = Story.objects.get().imported
        self.assertEqual({origin: kept[origin] for origin in imported}, imported)
        self.assertEqual(kept.keys(), {*imported, "json"})

    def test_malformed_provenance_is_rejected(self):
        for imported in ({"K2": RECORD}, {"": RECORD}, {"a b": RECORD}, {"x" * 41: RECORD}, {"k2": {}}, {"k2": None}):
            self.assertFalse(is_provenance(imported), imported)
            self.assert_rejected(json_lines(record(imported=imported)), "line 1: imported: is not as", "a.jsonl")

    def test_each_origin_knows_only_what_it_brought(self):
        self.import_content(html_page(html_item()))
        story = Story.objects.get()
        newer = record(slug=story.slug, headline="From elsewhere")
        self.assertEqual(self.import_content(json_lines(newer), "a.jsonl"), totals(unchanged=1))
        self.assertEqual(json.dumps(Story.objects.get().imported), json.dumps(story.imported))


class GuideTest(ImportCase):
    """The example in docs/contributing/add-an-importer.md."""

    def test_its_tests_pass(self):
        guide = (DOCS / "contributing" / "add-an-importer.md").read_text()
        module, *_, tests = re.findall(r"^```python\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
        code = {"__name__": f"{formats.__name__}.press_wire", "__package__": formats.__name__}
        exec(module, code)  # noqa: S102 (our own)
        cases = {"__name__": "guide"}
        exec(tests, cases)  # noqa: S102 (our own)
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(cases["PressWireTest"])
        with mock.patch.object(formats, "FORMATS", [code["PressWire"](), *FORMATS]):
            result = unittest.TextTestRunner(stream=StringIO()).run(suite)
        self.assertEqual([text for _, text in result.failures + result.errors], [])
        self.assertGreater(result.testsRun, 3)
