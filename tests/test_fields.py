"""The table of editable fields: each field in it survives everywhere, and no editable column is missing from it."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipIf

from django.db import connection
from django.http import QueryDict
from django.test import TestCase
from django.urls import reverse

from stories import search
from stories.admin.story.boxes import fill_boxes, read_boxes, to_snapshot
from stories.admin.story.form import StoryForm
from stories.fields import FIELDS, Field, Kind, columns
from stories.importers import Import, to_json_lines
from stories.listings.story_rows import fetch_stories
from stories.models import (
    Region,
    Revision,
    Snapshot,
    Story,
    empty_snapshot,
    is_snapshot,
    merge,
    restore_snapshot,
    take_snapshot,
)
from stories.public.previews import preview_story
from stories.text.plain_text import plain
from tests.cast import draft, ed
from tests.test_story_admin import change

ROOT = Path(__file__).resolve().parent.parent
# Two values of each kind, as snapshots hold them.
VALUES: dict[Kind, tuple] = {
    Kind.LINE: ("kite-{}", "sail-{}"),
    Kind.TEXT: ("Kites of {} flew.", "Sails of {} were set."),
    Kind.RICH_TEXT: ("<p>Kites of {} flew.</p>", "<p>Sails of {} were set.</p>"),
    Kind.DATE: ("2026-06-01T08:00+00:00", "2026-06-02T09:30+00:00"),
    Kind.CHOICE: ("de", "ru"),
    Kind.REGION: ("Europe", "Africa"),
    Kind.TAGS: (["Kites"], ["Sails"]),
    Kind.SOURCES: ([["https://example.org/kites", "Kites"]], [["https://example.org/sails", "Sails"]]),
}


def value(field: Field, number: int):
    found = VALUES[field.kind][number]
    return found.format(field.name) if isinstance(found, str) else found


BEFORE = {field.name: value(field, 0) for field in FIELDS}
RESTORED = [field for field in FIELDS if field.is_restored]
EXPORTED = [field for field in FIELDS if field.in_export]
TEXTS = [field for field in FIELDS if field.kind in {Kind.LINE, Kind.TEXT, Kind.RICH_TEXT}]


def changes(fields=FIELDS) -> list[tuple[Field, Snapshot]]:
    """Return (field, snapshot in which only that field differs from BEFORE)."""
    return [(field, BEFORE | {field.name: value(field, 1)}) for field in fields]


class FieldTableTest(TestCase):
    def setUp(self):
        Region.objects.ensure(["Europe", "Africa"])
        self.one = draft(slug=BEFORE["slug"])
        restore_snapshot(self.one, BEFORE)
        self.one = Story.objects.get()
        self.client.force_login(ed())

    def lost(self, field: Field, place: str):
        """Return a subtest that names the field and the place where it would be lost."""
        return self.subTest(f"{field.name} is lost in {place}")

    def boxes(self, content: Snapshot, **fields) -> QueryDict:
        """Return what the story form sends when it holds this snapshot."""
        boxes = fill_boxes(QueryDict(mutable=True), StoryForm(), content)
        for name, text in fields.items():
            boxes[name] = text
        return boxes

    def test_every_editable_column_is_in_the_table(self):
        editable = {
            one.name for one in Story._meta.get_fields() if one.concrete and one.editable and not one.primary_key
        }
        self.assertEqual({field.name for field in columns()} | {"tags"}, editable - {"live_at"})

    def test_restoring_a_version_brings_it_back(self):
        for field, changed in changes(RESTORED):
            with self.lost(field, "restoring a version"):
                restore_snapshot(Story.objects.get(), changed)
                self.assertEqual(take_snapshot(Story.objects.get()), changed, field.name)
                restore_snapshot(Story.objects.get(), BEFORE)
                self.assertEqual(take_snapshot(Story.objects.get()), BEFORE)

    def test_a_version_from_before_the_field_has_its_default(self):
        self.one.record()
        for field, _ in changes():
            with self.lost(field, "versions from before the field"):
                old = {name: kept for name, kept in BEFORE.items() if name != field.name}
                Revision.objects.update(content=old)
                self.assertEqual(Revision.objects.get().content, BEFORE | {field.name: field.empty})

    def test_what_is_no_value_is_no_snapshot(self):
        for field, changed in changes():
            with self.lost(field, "the check of snapshots"):
                self.assertTrue(is_snapshot(changed))
                self.assertFalse(is_snapshot(changed | {field.name: 7}))

    def test_a_merge_takes_the_change_of_either_editor(self):
        for field, changed in changes():
            with self.lost(field, "the merge of two editors"):
                self.assertEqual(merge(BEFORE, changed, BEFORE), (changed, []))
                self.assertEqual(merge(BEFORE, BEFORE, changed), (changed, []))

    def test_a_conflict_names_it_and_keeps_mine(self):
        single = [field for field in FIELDS if not field.is_list and field.kind is not Kind.REGION]
        for field, theirs in changes(single):
            with self.lost(field, "conflicts"):
                mine = BEFORE | {field.name: "mine"}
                self.assertEqual(merge(BEFORE, theirs, mine), (mine, [field.name]))

    def test_the_form_saves_it(self):
        for field, changed in changes():
            with self.lost(field, "the story form"):
                restore_snapshot(Story.objects.get(), BEFORE)
                Story.objects.update(slug=BEFORE["slug"])
                self.client.post(change(self.one), self.boxes(changed))
                self.assertEqual(take_snapshot(Story.objects.get()), changed)

    def test_a_colleagues_change_survives_a_stale_form(self):
        """Every field but the slug, which restore_snapshot() leaves alone."""
        stale = self.boxes(BEFORE)
        stale["seen"] = self.seen()
        for field, theirs in changes(RESTORED):
            with self.lost(field, "saving a stale form"):
                restore_snapshot(Story.objects.get(), theirs)
                self.client.post(change(self.one), stale)
                self.assertEqual(take_snapshot(Story.objects.get()), theirs, field.name)
                restore_snapshot(Story.objects.get(), BEFORE)

    def seen(self) -> str:
        return json.dumps(take_snapshot(Story.objects.get()))

    def test_the_conflict_page_shows_both_texts(self):
        for field, theirs in changes([field for field in TEXTS if field.is_restored]):
            with self.lost(field, "the conflict page"):
                stale = self.boxes(BEFORE | {field.name: "<p>mine</p>" if field.kind is Kind.RICH_TEXT else "mine"})
                stale["seen"] = self.seen()
                restore_snapshot(Story.objects.get(), theirs)
                page = self.client.post(change(self.one), stale)
                self.assertEqual([one.label for one in page.context["adminform"].form.conflicts], [field.label])
                restore_snapshot(Story.objects.get(), BEFORE)

    def test_unsaved_changes_come_back(self):
        for field, changed in changes():
            with self.lost(field, "autosave"):
                token = uuid.uuid4().hex
                self.client.post(
                    reverse("admin:stories_story_typed"), self.boxes(changed, token=token, story=str(self.one.pk))
                )
                form = self.client.get(change(self.one), {"restore": token}).context["adminform"].form
                self.assertEqual(to_snapshot(form.restored, base=empty_snapshot()), changed)
                self.assertIn(field.name, form.initial)

    def test_unsaved_changes_show_how_it_differs(self):
        for field, changed in changes(RESTORED):
            with self.lost(field, "the comparison of unsaved changes"):
                token = uuid.uuid4().hex
                data = self.boxes(changed, token=token, story=str(self.one.pk))
                self.client.post(reverse("admin:stories_story_typed"), data)
                unsaved = self.client.get(change(self.one)).context["unsaved"]
                self.assertEqual([label for label, _ in unsaved[0]["changes"]], [field.label])

    def test_the_history_shows_its_change(self):
        for field, changed in changes(RESTORED):
            with self.lost(field, "the history"):
                self.one.record(coalesce=False)
                restore_snapshot(Story.objects.get(), changed)
                self.one.record(coalesce=False)
                page = self.client.get(reverse("admin:stories_story_history", args=[self.one.pk]))
                self.assertEqual([label for label, _ in page.context["steps"][0].changes], [field.label])
                restore_snapshot(Story.objects.get(), BEFORE)

    def test_the_live_preview_shows_it(self):
        for field, changed in changes(TEXTS):
            with self.lost(field, "the live preview"):
                boxes = read_boxes(self.boxes(changed))
                listed = preview_story(to_snapshot(boxes, base=empty_snapshot()))
                self.assertEqual(getattr(listed, field.name), changed[field.name])

    def test_a_duplicate_starts_with_it(self):
        copy = take_snapshot(self.one.duplicate(by=None))
        for field, _ in changes([field for field in FIELDS if field.name != "headline"]):
            with self.lost(field, "duplicates"):
                self.assertEqual(copy[field.name] == BEFORE[field.name], field.is_copied)

    def test_lists_have_it(self):
        [listed] = fetch_stories("SELECT id FROM stories_story", [])
        for field, _ in changes([field for field in columns() if field.in_lists]):
            with self.lost(field, "lists"):
                stored = getattr(self.one, field.name)
                self.assertEqual(
                    str(getattr(listed, field.name).name if field.name == "region" else stored), str(stored)
                )

    def test_an_export_brings_it_back(self):
        for field, changed in changes(EXPORTED):
            with self.lost(field, "export and import"):
                restore_snapshot(Story.objects.get(), changed)
                Story.objects.update(slug=changed["slug"])
                export = "".join(to_json_lines(Story.objects.all()))
                Story.objects.all().delete()
                self.assertEqual(self.imported(export), changed, field.name)

    def test_an_import_updates_it(self):
        for field, changed in changes([field for field in EXPORTED if field.is_restored]):
            with self.lost(field, "a second import"):
                lines = []
                for content in (BEFORE, changed):
                    restore_snapshot(Story.objects.get(), content)
                    lines.append("".join(to_json_lines(Story.objects.all())))
                Story.objects.all().delete()
                self.imported(lines[0])
                after = self.imported(lines[1])
                if field.is_list:  # an import adds tags and sources, and removes none
                    self.assertEqual(after[field.name], BEFORE[field.name] + changed[field.name])
                else:
                    self.assertEqual(after, changed, field.name)

    def imported(self, text: str) -> Snapshot:
        path = Path(self.enterContext(TemporaryDirectory())) / "stories.jsonl"
        path.write_text(text)
        importing = Import([str(path)])
        importing.run()
        self.assertEqual(importing.report.failures, [])
        return take_snapshot(Story.objects.get())

    def test_the_search_finds_it(self):
        for field, changed in changes([field for field in FIELDS if field.in_search]):
            with self.lost(field, "the search"):
                restore_snapshot(Story.objects.get(), changed)
                self.assertEqual(search.filter_stories(Story.objects.all(), plain(changed[field.name])).count(), 1)
                restore_snapshot(Story.objects.get(), BEFORE)


@skipIf("NEWSDESK_EXTRA_FIELD" in os.environ or connection.vendor != "sqlite", "once is enough")
class NewFieldTest(TestCase):
    def test_a_new_field_needs_only_the_table_and_the_model(self):
        run = [sys.executable, "-m", "pytest", "-q", "-p", "tests.extra_field", "-p", "no:cacheprovider", __file__]
        environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
        done = subprocess.run(  # noqa: S603 (this very file)
            run,
            cwd=ROOT,
            env=environment | {"NEWSDESK_EXTRA_FIELD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout[-3_000:])
