import os
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime
from unittest import mock, skipUnless

from django.core.management import CommandError
from django.db import DataError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.importers import pipeline
from stories.importers.batch import Batch
from stories.importers.report import Outcome
from stories.listings.integrity import find_differences
from stories.models import Region, Source, Status, Story, Tag, TagAlias
from stories.search import filter_stories
from tests.cast import ed
from tests.k2_pages import ImportCase, html_item, html_page, json_lines, record, text_item, text_page, totals

SEE = 'It is back. See <a href="https://example.com/{}">x</a>'


def names():
    return sorted(tag.name for tag in Story.objects.get().tags.all())


class TwiceTest(ImportCase):
    def test_a_second_import_changes_nothing(self):
        page = self.file(html_page(html_item(SEE.format("a"), tags=["Harbours"]), html_item(href="/item/2")))
        self.assertEqual(self.run_import(page), (0, totals(created=2)))
        before = list(Story.objects.order_by("pk").values())
        self.assertEqual(self.run_import(page), (0, totals(unchanged=2)))
        self.assertEqual(list(Story.objects.order_by("pk").values()), before)

    def test_a_story_on_two_pages_is_one_story_with_both_tags(self):
        for tag in ("Ferries", "Boats", "ferries"):
            self.file(html_page(html_item(), tag=tag), f"{tag}.html")
        self.assertEqual(self.run_import(), (0, totals(created=1, updated=1, unchanged=1)))
        self.assertEqual(names(), ["Boats", "ferries"])
        self.import_content(html_page(html_item(), tag="Third"), "third.html")
        self.assertEqual(names(), ["Boats", "Third", "ferries"])

    def test_it_makes_no_difference_which_items_share_a_batch(self):
        for tag in ("Ferries", "Boats", "Harbours"):
            self.file(html_page(html_item(), html_item(f"Of {tag}", href="#"), tag=tag), f"{tag}.html")
        with mock.patch.object(pipeline, "MAX_BATCH_WEIGHT", 1):
            self.assertEqual(self.run_import(), (0, totals(created=4, updated=2)))
        Story.objects.all().delete()
        self.assertEqual(self.run_import(), (0, totals(created=4, updated=2)))

    def test_two_contradicting_pages_do_not_alternate(self):
        self.file(html_page(html_item(headline="New")), "page-1.html")
        self.file(html_page(html_item(headline="Old")), "page-2.html")
        self.assertEqual(self.run_import(), (0, totals(created=1, updated=1)))
        self.assertEqual(self.run_import(), (0, totals(unchanged=2)))
        self.assertEqual(Story.objects.get().headline, "New")

    def test_a_tag_is_found_by_an_earlier_name(self):
        TagAlias.objects.create(name="Ferries", tag=Tag.objects.create(name="Ships"))
        self.import_content(html_page(html_item(tags=["SHIPS"])))
        self.assertEqual(names(), ["Ships"])
        self.assertEqual(Tag.objects.count(), 1)


class EditorsChangesTest(ImportCase):
    def setUp(self):
        super().setUp()
        self.import_content(html_page(html_item(SEE.format("a"), tags=["Harbours"])))
        self.story = Story.objects.get()

    def import_newer(self, **fields):
        newer = {"body": SEE.format("b"), "headline": "Newer", "region": "Asia", "date": "2024-06-21"}
        printed = self.import_content(html_page(html_item(tags=["Harbours", "Extra"], **newer | fields)))
        self.story = Story.objects.get()
        return printed

    def test_unedited_fields_follow_a_newer_page(self):
        self.assertEqual(self.import_newer(), totals(updated=1))
        self.assertEqual((self.story.headline, self.story.region.name), ("Newer", "Asia"))
        self.assertEqual((self.story.published_at.day, self.story.version), (20, 2))
        self.assertEqual(names(), ["Extra", "Ferries", "Harbours"])
        self.assertEqual(list(self.story.sources.values_list("url", "position")[1:]), [("https://example.com/b", 1)])

    def test_edited_fields_stay(self):
        self.story.headline, self.story.body = "Mine", "<p>Mine too</p>"
        self.story.save()
        self.assertEqual(self.import_newer(), totals(updated=1))
        self.assertEqual((self.story.headline, self.story.body), ("Mine", "<p>Mine too</p>"))
        self.assertEqual(self.story.region.name, "Asia")
        self.import_newer(headline="Newest")
        self.assertEqual(self.story.headline, "Mine")

    def test_removed_tags_and_sources_do_not_come_back(self):
        self.story.tags.remove("Harbours")
        self.story.sources.all().delete()
        self.assertEqual(self.import_newer(body=SEE.format("a")), totals(updated=1))
        self.assertEqual(names(), ["Extra", "Ferries"])
        self.assertFalse(Source.objects.exists())

    def test_added_tags_and_sources_stay(self):
        self.story.tags.add("Own")
        Source.objects.create(story=self.story, url="https://example.com/b", label="Own")
        self.import_newer()
        self.assertIn("Own", names())
        self.assertEqual(self.story.sources.get(url="https://example.com/b").label, "Own")

    def test_the_status_is_never_changed(self):
        self.story.withdraw(by=ed(), comment="It was wrong.")
        self.import_newer()
        self.assertEqual((self.story.status, self.story.headline), (Status.WITHDRAWN, "Newer"))
        self.import_newer(headline="Newest", date="")
        self.assertEqual(self.story.status, Status.WITHDRAWN)

    def test_a_page_without_dates_does_not_change_a_date(self):
        before = self.story.published_at
        self.import_content(html_page(html_item(date="")), newest="2030-01-01")
        self.assertEqual(Story.objects.get().published_at, before)

    def test_the_first_publication_of_a_scheduled_story_follows_its_date(self):
        Story.objects.all().delete()
        self.import_content(html_page(html_item(date="2190-01-01")))
        self.import_content(html_page(html_item(date="2190-02-01")))
        story = Story.objects.get()
        self.assertEqual(story.first_published_at, story.published_at)
        self.assertEqual(story.published_at, datetime(2190, 2, 1, tzinfo=UTC))


class BatchTest(ImportCase):
    def lines(self, count, **fields):
        return json_lines(*(record(slug=f"s-{n}", headline=f"Headline {n}", **fields) for n in range(count)))

    def queries(self, text):
        with CaptureQueriesContext(connection) as captured:
            self.import_content(text, "a.jsonl")
        return captured

    def test_the_number_of_queries_does_not_grow_with_the_stories(self):
        Region.objects.ensure(["Europe"])
        Tag.objects.ensure(["Ferries", "Boats"])
        fields = {"tags": ["Ferries", "Boats"], "sources": [{"url": "https://example.com/"}]}
        few = self.queries(self.lines(20, **fields))
        Story.objects.all().delete()
        many = self.queries(self.lines(200, **fields))
        expected = 15 if connection.vendor == "sqlite" else 14
        self.assertEqual((len(few), len(many)), (expected, expected))

    def test_imported_stories_are_found_by_their_sources_later_ones_too(self):
        for labels in (["Pilots"], ["Pilots", "Divers"]):
            sources = [{"url": f"https://example.com/{label}", "label": label} for label in labels]
            self.import_content(self.lines(2, sources=sources), f"{len(labels)}.jsonl")
            self.assertEqual([filter_stories(Story.objects, label).count() for label in labels], [2] * len(labels))
        self.assertFalse(filter_stories(Story.objects, "boats").exists())

    def test_the_number_of_queries_does_not_grow_with_new_tags(self):
        Region.objects.ensure(["Europe"])
        few = self.queries(self.lines(1, tags=["One"]))
        Story.objects.all().delete()
        many = self.queries(self.lines(20, tags=[f"Tag {n}" for n in range(50)]))
        self.assertEqual(len(many), len(few))

    def test_stories_with_many_tags_or_long_bodies_make_smaller_batches(self):
        heavy = [{"tags": [f"Tag {n}" for n in range(100)]}, {"body": "<p>" + "long " * 10_000}]
        with mock.patch.object(pipeline, "MAX_BATCH_WEIGHT", 20), mock.patch.object(pipeline, "write_batch") as write:
            write.side_effect = lambda batch: [Outcome.CREATED] * len(batch)
            for fields, size in zip(heavy, (2, 8), strict=True):
                write.reset_mock()
                self.import_content(self.lines(20, **fields), "a.jsonl")
                self.assertEqual(len(write.call_args_list[0].args[0]), size)

    @skipUnless(connection.vendor == "sqlite", "PostgreSQL copies rows")
    def test_a_statement_has_at_most_the_values_that_sqlite_takes(self):
        connection.ensure_connection()
        limit = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 100)
        self.addCleanup(connection.connection.setlimit, sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, limit)
        self.assertEqual(self.import_content(self.lines(50), "a.jsonl"), totals(created=50))
        self.assertEqual(
            list(Story.objects.order_by("pk").values_list("slug", flat=True)), [f"s-{n}" for n in range(50)]
        )
        self.assertEqual(find_differences(), [])

    def test_new_tags_of_one_batch_get_unique_slugs(self):
        Tag.objects.create(name="C 2")
        self.import_content(json_lines(record(tags=["C!", "C?", "c!"])), "a.jsonl")
        self.assertEqual(dict(Tag.objects.values_list("name", "slug")), {"C 2": "c-2", "C!": "c", "C?": "c-3"})

    def test_a_body_is_sanitised_even_if_it_was_not_validated(self):
        with mock.patch.object(
            pipeline, "validate", lambda item, **options: replace(item, status="published", origin="json")
        ):
            self.import_content(self.lines(1, body="<p>a<script>b</script></p>"), "a.jsonl")
        self.assertEqual(Story.objects.get().body, "<p>a</p>")

    def test_a_repeated_import_takes_few_queries_too(self):
        self.queries(self.lines(200))
        self.assertEqual(len(self.queries(self.lines(20))), len(self.queries(self.lines(200))))

    def test_an_item_that_the_database_rejects_fails_alone(self):
        create = Batch._create

        def reject_one(batch, item):
            if item.slug == "s-1":
                raise DataError("no such luck\nDETAIL: secret")
            create(batch, item)

        with mock.patch.object(Batch, "_create", reject_one):
            printed = self.import_content(self.lines(3), "a.jsonl")
        self.assertIn("a.jsonl: line 2: the database rejected it: no such luck\n", printed)
        self.assertIn(totals(created=2, failed=1), printed)

    def test_a_database_failure_stops_the_import(self):
        page = self.file(self.lines(5), "a.jsonl")
        with mock.patch.object(pipeline, "write_batch", side_effect=OperationalError("database is locked")) as write:
            code, printed = self.run_import(page)
        self.assertEqual((code, write.call_count), (1, 2))
        self.assertEqual(printed, f"Import stopped: the database failed: database is locked\n{totals(failed=1)}")

    def test_a_concurrent_import_does_no_harm(self):
        find, blind = Batch._find_stories, [True]

        def find_unless_blind(batch, items):
            # As if another import had written between this one's query and its insert.
            if not blind:
                find(batch, items)
            blind.clear()

        page = html_page(html_item(), html_item("Another", href="/item/2"))
        self.import_content(html_page(html_item()))
        with mock.patch.object(Batch, "_find_stories", find_unless_blind):
            self.assertEqual(self.import_content(page), totals(created=1, unchanged=1))

    def test_an_interrupted_import_keeps_whole_batches_and_can_be_repeated(self):
        page = self.file(self.lines(5), "a.jsonl")
        write = pipeline.write_batch
        with (
            mock.patch.object(pipeline, "MAX_BATCH_WEIGHT", 2),
            mock.patch.object(pipeline, "write_batch", side_effect=[write([]) or ["created"] * 2, KeyboardInterrupt]),
        ):
            self.assertEqual(self.run_import(page), (130, totals(created=2)))
        self.assertEqual(self.run_import(page), (0, totals(created=5)))

    def test_a_dry_run_reports_the_same_and_saves_nothing(self):
        page = self.file(html_page(html_item(), html_item(region=""), tag="New"))
        code, printed = self.run_import(page, dry_run=True)
        self.assertEqual((code, printed.splitlines()[0]), (1, "Dry run: nothing is saved."))
        self.assertIn(totals(created=1, failed=1), printed)
        self.assertFalse(Story.objects.exists() or Tag.objects.exists() or Region.objects.exists())

    def test_stories_are_created_as_save_would(self):
        before = timezone.now()
        self.import_content(html_page(html_item(), html_item("Other", href="/item/2")), status="draft")
        first, second = Story.objects.order_by("pk")
        self.assertEqual({first.slug, second.slug}, {"ferry-returns", "ferry-returns-2"})
        self.assertEqual((first.status, first.first_published_at, first.live_at), ("draft", None, None))
        self.assertTrue(before <= first.created_at == first.updated_at <= timezone.now())


class FilesTest(ImportCase):
    def test_a_folder_is_searched_for_pages_and_each_is_read_once(self):
        page = self.file(html_page(html_item()), "2/page.HTML")
        self.file(html_page(html_item(href="/item/2")), "a.htm")
        self.file(json_lines(record()), "b.jsonl")
        self.file(text_page(text_item()), "c.txt")
        self.file("not a page", "page_files/x.html")
        self.file("not a page", "._a.htm")
        self.file("not a page", "d.css")
        printed = self.run_import(self.folder, self.folder / "2" / ".." / "2", page, newest="2024-01-01")
        self.assertEqual(printed, (0, totals(created=4)))

    def test_a_path_without_files_is_reported(self):
        (self.folder / "empty").mkdir()
        for path, reason in {"none.html": "does not exist", "empty": "has no files that end in .htm"}.items():
            code, printed = self.run_import(self.folder / path)
            self.assertEqual((code, printed.splitlines()[1]), (1, totals(failed=1)))
            self.assertIn(f"{path}: {reason}", printed)
        self.assertIn("/dev/null: is neither a file nor a folder", self.run_import("/dev/null")[1])

    def test_a_reason_is_reported_for_very_long_paths(self):
        self.assertIn("xxx: does not exist", self.run_import("folder/" * 200 + "xxx")[1])
        code, printed = self.run_import("x" * 5000)
        self.assertEqual((code, len(printed.splitlines())), (1, 2))
        self.assertRegex(printed, r"^…x+: \w+")

    def test_a_file_that_cannot_be_read_does_not_stop_the_others(self):
        self.file(html_page(html_item()), "b.html")
        broken = self.file(html_page(), "a.html")
        with mock.patch(
            "stories.importers.formats.base.decode",
            side_effect=[PermissionError(13, "Permission denied"), html_page(html_item())],
        ):
            printed = self.run_import()[1]
        self.assertIn("b.html: can't be read: Permission denied", printed)
        self.assertIn(totals(created=1, failed=1), printed)
        self.assertTrue(broken.exists())

    def test_an_empty_file_is_reported(self):
        self.assert_rejected("", "page.html: is empty")

    def test_a_page_of_50_mb_is_rejected_at_once(self):
        page = self.file("<html>")
        os.truncate(page, 50 * 1024 * 1024)
        begun = time.monotonic()
        _, printed = self.run_import(page)
        self.assertIn("page.html: is larger than 20 MB\n", printed)
        self.assertLess(time.monotonic() - begun, 1)

    def test_the_format_is_detected_by_content(self):
        self.assertEqual(self.import_content(json_lines(record()), "a.html"), totals(created=1))
        self.assertEqual(self.import_content(html_page(html_item()), "b.txt"), totals(created=1))
        words = text_page(text_item("It uses <div> and <p>."))
        self.assertEqual(self.import_content(words, "c.html", newest="2024-01-01"), totals(created=1))

    def test_an_undecodable_file_name_is_reported(self):
        self.file("", "x").rename(os.fsdecode(os.fsencode(self.folder) + b"/\xff\n.html"))
        self.assertIn(".html: is empty", self.run_import()[1])

    def test_an_invalid_newest_is_reported_before_anything_is_read(self):
        with self.assertRaisesMessage(CommandError, "--newest must be a date like 2024-06-20, not 'soon'"):
            self.run_import(newest="soon")
