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

from stories.importers import pipeline as importing
from stories.importers.batch import Batch
from stories.importers.report import Outcome
from stories.listings.integrity import differences
from stories.models import Region, Source, Status, Story, Tag, TagAlias
from stories.search import matching
from tests.cast import ed
from tests.k2_pages import ImportCase, html_item, html_page, json_lines, record, text_item, text_page, totals

SEE = 'It is back. See <a href="https://example.com/{}">x</a>'


def names():
    return sorted(tag.name for tag in Story.objects.get().tags.all())


class TwiceTest(ImportCase):
    def test_the_second_time_nothing_changes(self):
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
        self.bring(html_page(html_item(), tag="Third"), "third.html")
        self.assertEqual(names(), ["Boats", "Third", "ferries"])

    def test_it_makes_no_difference_which_items_share_a_batch(self):
        for tag in ("Ferries", "Boats", "Harbours"):
            self.file(html_page(html_item(), html_item(f"Of {tag}", href="#"), tag=tag), f"{tag}.html")
        with mock.patch.object(importing, "BATCH_SIZE", 1):
            self.assertEqual(self.run_import(), (0, totals(created=4, updated=2)))
        Story.objects.all().delete()
        self.assertEqual(self.run_import(), (0, totals(created=4, updated=2)))

    def test_two_pages_that_contradict_each_other_do_not_alternate(self):
        self.file(html_page(html_item(headline="New")), "page-1.html")
        self.file(html_page(html_item(headline="Old")), "page-2.html")
        self.assertEqual(self.run_import(), (0, totals(created=1, updated=1)))
        self.assertEqual(self.run_import(), (0, totals(unchanged=2)))
        self.assertEqual(Story.objects.get().headline, "New")

    def test_a_tag_is_found_by_a_name_it_once_had(self):
        TagAlias.objects.create(name="Ferries", tag=Tag.objects.create(name="Ships"))
        self.bring(html_page(html_item(tags=["SHIPS"])))
        self.assertEqual(names(), ["Ships"])
        self.assertEqual(Tag.objects.count(), 1)


class EditorsChangesTest(ImportCase):
    def setUp(self):
        super().setUp()
        self.bring(html_page(html_item(SEE.format("a"), tags=["Harbours"])))
        self.story = Story.objects.get()

    def bring_newer(self, **fields):
        newer = {"body": SEE.format("b"), "headline": "Newer", "region": "Asia", "date": "2024-06-21"}
        printed = self.bring(html_page(html_item(tags=["Harbours", "Extra"], **newer | fields)))
        self.story = Story.objects.get()
        return printed

    def test_what_nobody_touched_follows_a_newer_page(self):
        self.assertEqual(self.bring_newer(), totals(updated=1))
        self.assertEqual((self.story.headline, self.story.region.name), ("Newer", "Asia"))
        self.assertEqual((self.story.published_at.day, self.story.version), (20, 2))
        self.assertEqual(names(), ["Extra", "Ferries", "Harbours"])
        self.assertEqual(list(self.story.sources.values_list("url", "position")[1:]), [("https://example.com/b", 1)])

    def test_what_an_editor_changed_stays_field_by_field(self):
        self.story.headline, self.story.body = "Mine", "<p>Mine too</p>"
        self.story.save()
        self.assertEqual(self.bring_newer(), totals(updated=1))
        self.assertEqual((self.story.headline, self.story.body), ("Mine", "<p>Mine too</p>"))
        self.assertEqual(self.story.region.name, "Asia")
        self.bring_newer(headline="Newest")
        self.assertEqual(self.story.headline, "Mine")

    def test_what_an_editor_removed_does_not_come_back(self):
        self.story.tags.remove("Harbours")
        self.story.sources.all().delete()
        self.assertEqual(self.bring_newer(body=SEE.format("a")), totals(updated=1))
        self.assertEqual(names(), ["Extra", "Ferries"])
        self.assertFalse(Source.objects.exists())

    def test_what_an_editor_added_stays(self):
        self.story.tags.add("Own")
        Source.objects.create(story=self.story, url="https://example.com/b", label="Own")
        self.bring_newer()
        self.assertIn("Own", names())
        self.assertEqual(self.story.sources.get(url="https://example.com/b").label, "Own")

    def test_the_status_is_never_changed(self):
        self.story.withdraw(by=ed(), comment="It was wrong.")
        self.bring_newer()
        self.assertEqual((self.story.status, self.story.headline), (Status.WITHDRAWN, "Newer"))
        self.bring_newer(headline="Newest", date="")
        self.assertEqual(self.story.status, Status.WITHDRAWN)

    def test_a_date_is_not_taken_away_by_a_page_without_dates(self):
        before = self.story.published_at
        self.bring(html_page(html_item(date="")), newest="2030-01-01")
        self.assertEqual(Story.objects.get().published_at, before)

    def test_the_first_publication_of_a_story_still_to_come_follows_its_date(self):
        Story.objects.all().delete()
        self.bring(html_page(html_item(date="2190-01-01")))
        self.bring(html_page(html_item(date="2190-02-01")))
        story = Story.objects.get()
        self.assertEqual(story.first_published_at, story.published_at)
        self.assertEqual(story.published_at, datetime(2190, 2, 1, tzinfo=UTC))


class BatchTest(ImportCase):
    def lines(self, count, **fields):
        return json_lines(*(record(slug=f"s-{n}", headline=f"Headline {n}", **fields) for n in range(count)))

    def queries(self, text):
        with CaptureQueriesContext(connection) as captured:
            self.bring(text, "a.jsonl")
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

    def test_what_is_imported_is_found_by_its_sources_also_those_that_came_later(self):
        for labels in (["Pilots"], ["Pilots", "Divers"]):
            sources = [{"url": f"https://example.com/{label}", "label": label} for label in labels]
            self.bring(self.lines(2, sources=sources), f"{len(labels)}.jsonl")
            self.assertEqual([matching(Story.objects, label).count() for label in labels], [2] * len(labels))
        self.assertFalse(matching(Story.objects, "boats").exists())

    def test_nor_does_it_grow_with_new_tags(self):
        Region.objects.ensure(["Europe"])
        few = self.queries(self.lines(1, tags=["One"]))
        Story.objects.all().delete()
        many = self.queries(self.lines(20, tags=[f"Tag {n}" for n in range(50)]))
        self.assertEqual(len(many), len(few))

    def test_stories_with_many_tags_or_long_bodies_make_smaller_batches(self):
        heavy = [{"tags": [f"Tag {n}" for n in range(100)]}, {"body": "<p>" + "long " * 10_000}]
        with mock.patch.object(importing, "BATCH_SIZE", 20), mock.patch.object(importing, "write") as write:
            write.side_effect = lambda batch: [Outcome.CREATED] * len(batch)
            for fields, size in zip(heavy, (2, 8), strict=True):
                write.reset_mock()
                self.bring(self.lines(20, **fields), "a.jsonl")
                self.assertEqual(len(write.call_args_list[0].args[0]), size)

    @skipUnless(connection.vendor == "sqlite", "PostgreSQL copies rows")
    def test_a_statement_has_no_more_values_than_sqlite_takes(self):
        connection.ensure_connection()
        limit = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 100)
        self.addCleanup(connection.connection.setlimit, sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, limit)
        self.assertEqual(self.bring(self.lines(50), "a.jsonl"), totals(created=50))
        self.assertEqual(
            list(Story.objects.order_by("pk").values_list("slug", flat=True)), [f"s-{n}" for n in range(50)]
        )
        self.assertEqual(differences(), [])

    def test_new_tags_of_one_batch_get_addresses_of_their_own(self):
        Tag.objects.create(name="C 2")
        self.bring(json_lines(record(tags=["C!", "C?", "c!"])), "a.jsonl")
        self.assertEqual(dict(Tag.objects.values_list("name", "slug")), {"C 2": "c-2", "C!": "c", "C?": "c-3"})

    def test_a_body_is_sanitised_as_it_is_written_whatever_was_checked_before(self):
        with mock.patch.object(importing, "checked", lambda item, status: replace(item, byline="")):
            self.bring(self.lines(1, body="<p>a<script>b</script></p>"), "a.jsonl")
        self.assertEqual(Story.objects.get().body, "<p>a</p>")

    def test_an_import_of_what_is_known_takes_few_queries_too(self):
        self.queries(self.lines(200))
        self.assertEqual(len(self.queries(self.lines(20))), len(self.queries(self.lines(200))))

    def test_what_the_database_refuses_fails_alone(self):
        begin = Batch._begin

        def refuse_one(batch, item):
            if item.slug == "s-1":
                raise DataError("no such luck\nDETAIL: secret")
            begin(batch, item)

        with mock.patch.object(Batch, "_begin", refuse_one):
            printed = self.bring(self.lines(3), "a.jsonl")
        self.assertIn("a.jsonl: line 2: the database refused it: no such luck\n", printed)
        self.assertIn(totals(created=2, failed=1), printed)

    def test_a_database_that_does_not_answer_stops_the_import(self):
        page = self.file(self.lines(5), "a.jsonl")
        with mock.patch.object(importing, "write", side_effect=OperationalError("database is locked")) as write:
            code, printed = self.run_import(page)
        self.assertEqual((code, write.call_count), (1, 2))
        self.assertEqual(printed, f"stopped: the database does not answer: database is locked\n{totals(failed=1)}")

    def test_another_import_at_the_same_moment_does_no_harm(self):
        find, blind = Batch._find_stories, [True]

        def find_unless_blind(batch, items):
            # As if the other import had written between this one's look and its insert.
            if not blind:
                find(batch, items)
            blind.clear()

        page = html_page(html_item(), html_item("Another", href="/item/2"))
        self.bring(html_page(html_item()))
        with mock.patch.object(Batch, "_find_stories", find_unless_blind):
            self.assertEqual(self.bring(page), totals(created=1, unchanged=1))

    def test_an_import_that_is_interrupted_keeps_whole_batches_and_goes_on_later(self):
        page = self.file(self.lines(5), "a.jsonl")
        write = importing.write
        with (
            mock.patch.object(importing, "BATCH_SIZE", 2),
            mock.patch.object(importing, "write", side_effect=[write([]) or ["created"] * 2, KeyboardInterrupt]),
        ):
            self.assertEqual(self.run_import(page), (130, totals(created=2)))
        self.assertEqual(self.run_import(page), (0, totals(created=5)))

    def test_a_dry_run_reports_the_same_and_keeps_nothing(self):
        page = self.file(html_page(html_item(), html_item(region=""), tag="New"))
        code, printed = self.run_import(page, dry_run=True)
        self.assertEqual((code, printed.splitlines()[0]), (1, "Dry run: nothing is kept."))
        self.assertIn(totals(created=1, failed=1), printed)
        self.assertFalse(Story.objects.exists() or Tag.objects.exists() or Region.objects.exists())

    def test_stories_are_made_as_if_they_had_been_saved(self):
        before = timezone.now()
        self.bring(html_page(html_item(), html_item("Other", href="/item/2")), status="draft")
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

    def test_a_path_that_gives_nothing_is_said(self):
        (self.folder / "empty").mkdir()
        for path, reason in {"none.html": "does not exist", "empty": "has no files that end in .htm"}.items():
            code, printed = self.run_import(self.folder / path)
            self.assertEqual((code, printed.splitlines()[1]), (1, totals(failed=1)))
            self.assertIn(f"{path}: {reason}", printed)
        self.assertIn("/dev/null: is neither a file nor a folder", self.run_import("/dev/null")[1])

    def test_a_reason_is_said_however_long_the_path(self):
        self.assertIn("xxx: does not exist", self.run_import("folder/" * 200 + "xxx")[1])
        code, printed = self.run_import("x" * 5000)
        self.assertEqual((code, len(printed.splitlines())), (1, 2))
        self.assertRegex(printed, r"^…x+: \w+")

    def test_a_file_that_cannot_be_read_does_not_stop_the_others(self):
        self.file(html_page(html_item()), "b.html")
        broken = self.file("", "a.html")
        with mock.patch(
            "stories.importers.files.decode",
            side_effect=[PermissionError(13, "Permission denied"), html_page(html_item())],
        ):
            printed = self.run_import()[1]
        self.assertIn("b.html: can't be read: Permission denied", printed)
        self.assertIn(totals(created=1, failed=1), printed)
        self.assertTrue(broken.exists())

    def test_an_empty_file_is_said(self):
        self.assert_refused("", "page.html: is empty")

    def test_a_page_of_50_mb_is_refused_unread(self):
        page = self.file("<html>")
        os.truncate(page, 50 * 1024 * 1024)
        begun = time.monotonic()
        _, printed = self.run_import(page)
        self.assertIn("page.html: is 50 MB; a saved page has at most 20\n", printed)
        self.assertLess(time.monotonic() - begun, 1)

    def test_the_kind_of_a_file_is_told_by_what_is_in_it(self):
        self.assertEqual(self.bring(json_lines(record()), "a.html"), totals(created=1))
        self.assertEqual(self.bring(html_page(html_item()), "b.txt"), totals(created=1))
        words = text_page(text_item("It uses <div> and <p>."))
        self.assertEqual(self.bring(words, "c.html", newest="2024-01-01"), totals(created=1))

    def test_a_name_that_is_no_text_can_be_said(self):
        self.file("", "x").rename(os.fsdecode(os.fsencode(self.folder) + b"/\xff\n.html"))
        self.assertIn(".html: is empty", self.run_import()[1])

    def test_a_day_that_is_none_is_said_before_anything_is_read(self):
        with self.assertRaisesMessage(CommandError, "--newest must be like 2024-06-20, not 'soon'"):
            self.run_import(newest="soon")
