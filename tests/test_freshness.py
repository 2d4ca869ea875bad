"""Freshness: a page shows every change on the next request, in every process. test_page_cache.py tests the cache."""

from contextlib import suppress
from datetime import timedelta
from threading import Event, Lock, Thread
from unittest import skipUnless
from unittest.mock import patch

import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection, connections, transaction
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from newsdesk.page_cache import PageCache
from stories.listings.site_version import SiteVersionTracker
from stories.models import Region, Source, Status, Story, Tag
from tests.cast import NOON, draft, ed, person, region, story
from tests.visitor import visit

HOUR = timedelta(hours=1)


def process(**options) -> PageCache:
    """Make the application of one server process: Django and a separate page cache."""
    return PageCache(
        WSGIHandler(),
        SiteVersionTracker(**options),
        max_bytes=10_000_000,
        max_outage_seconds=60,
        bypassed_paths=("/static/", "/livez", "/readyz"),
    )


class EditTest(TestCase):
    def setUp(self):
        self.story = story("Ferry returns", tags=["Coast", "Ships"], region=region("Europe"))
        self.source = Source.objects.create(story=self.story, url="https://example.org/", label="Harbour office")
        self.coast, self.europe = Tag.objects.get(name="Coast"), Region.objects.get(name="Europe")
        self.site = process()
        visit(self.site, "/")

    def assert_read_from_memory(self):
        with self.assertNumQueries(0):
            self.assertEqual(visit(self.site, "/").status, 200)

    def test_an_unchanged_page_is_served_from_memory(self):
        self.assert_read_from_memory()

    def test_every_change_that_readers_see_shows_on_the_next_request(self):
        for change, words in (
            (lambda: self.save(self.story, headline="Ferry sinks"), "Ferry sinks"),
            (lambda: Story.objects.update(body="<p>All are safe.</p>"), "All are safe."),
            (lambda: self.save(self.story, byline="Rosa"), "Rosa"),
            (lambda: self.save(self.source, label="Coast guard"), "Coast guard"),
            (lambda: self.save(self.coast, name="Seaside"), "Seaside"),
            (lambda: self.save(self.europe, name="The Continent"), "The Continent"),
            (lambda: story("Lighthouse lit again"), "Lighthouse lit again"),
            (lambda: self.story.tags.add("Weather"), "Weather"),
            (lambda: Region.objects.create(name="Praise Reports"), "Praise Reports"),
        ):
            self.assertNotIn(words, visit(self.site, "/").text)
            change()
            self.assertIn(words, visit(self.site, "/").text)

    def save(self, thing, **fields):
        for name, value in fields.items():
            setattr(thing, name, value)
        thing.save()

    def test_what_is_removed_is_gone_on_the_next_request(self):
        story("Lighthouse lit again", tags=["Ships"])
        for change, words in (
            (lambda: Source.objects.all().delete(), "Harbour office"),
            (lambda: self.coast.merge_into(Tag.objects.get(name="Ships")), "Coast"),
            (lambda: self.story.withdraw(by=ed(), comment="It was wrong."), "Ferry returns"),
            (lambda: Tag.objects.all().delete(), "Ships"),
            (lambda: Story.objects.all().delete(), "Lighthouse lit again"),
        ):
            self.assertIn(words, visit(self.site, "/").text)
            change()
            self.assertNotIn(words, visit(self.site, "/").text)

    def test_work_on_a_draft_leaves_the_pages_in_memory(self):
        work = draft("Lighthouse", tags=["Coast"])
        visit(self.site, "/")
        work.headline = "Lighthouse lit again"
        work.save()
        work.tags.set(["Ships"])
        work.submit(by=ed())
        self.assert_read_from_memory()

    def test_a_change_rolled_back_changes_nothing(self):
        with suppress(ZeroDivisionError), transaction.atomic():
            Story.objects.update(headline="Ferry sinks")
            raise ZeroDivisionError
        self.assert_read_from_memory()

    def test_a_scheduled_story_appears_when_its_time_comes(self):
        with time_machine.travel(NOON, tick=False):
            story("Fireworks", at=NOON + timedelta(hours=1))
            story("Encore", at=NOON + timedelta(hours=2))
            self.assertNotIn("Fireworks", visit(self.site, "/").text)
        with time_machine.travel(NOON + timedelta(hours=1), tick=False):
            self.assertIn("Fireworks", visit(self.site, "/").text)
            self.assert_read_from_memory()
        with time_machine.travel(NOON + timedelta(hours=2), tick=False):
            self.assertIn("Encore", visit(self.site, "/").text)

    def test_a_new_day_shows_its_date(self):
        self.site = process()
        with time_machine.travel(NOON, tick=False):
            self.assertIn("Monday 15 June 2026", visit(self.site, "/").text)
        with time_machine.travel(NOON + 10 * HOUR, tick=False):
            self.assert_read_from_memory()
        with time_machine.travel(NOON + 12 * HOUR, tick=False):  # midnight in London was an hour ago
            self.assertIn("Tuesday 16 June 2026", visit(self.site, "/").text)


class PublicTest(TestCase):
    def setUp(self):
        story("Ferry returns", tags=["Coast"])
        story("Lighthouse", status=Status.WITHDRAWN, at=NOON, first_published_at=NOON)
        self.site = process()

    def test_public_pages_are_cached(self):
        pages = ["/", "/tags/", "/tags/coast/", "/regions/europe/", "/stories/ferry-returns/", "/?since=2020-01-01"]
        for path in pages:
            self.assertEqual(visit(self.site, path).status, 200, path)
        self.assertEqual(len(self.site.pages), len(pages))

    def test_other_responses_are_not_cached(self):
        preview = f"/admin/stories/story/{Story.objects.first().pk}/preview/"
        for path in ("/nothing/", "/stories/lighthouse/", "/Tags/", "/?page=1", "/admin/", "/admin/login/", preview, "/livez", "/readyz"):  # fmt: skip
            visit(self.site, path)
        self.assertEqual(len(self.site.pages), 0)

    def test_an_editors_page_is_never_cached(self):
        self.client.force_login(ed())
        cookie = f"sessionid={self.client.cookies['sessionid'].value}"
        for path in ("/", "/admin/", "/admin/stories/story/"):
            self.assertEqual(visit(self.site, path, cookie=cookie).status, 200, path)
        self.assertEqual(len(self.site.pages), 0)

    def test_a_cdn_is_told_how_long_to_keep_a_page(self):
        self.assertIn("s-maxage=0", visit(self.site, "/").headers["cache-control"])
        with self.settings(PAGE_CACHE_STALENESS=5):
            self.assertIn("s-maxage=5", visit(self.site, "/tags/").headers["cache-control"])


class Clock:
    now = 1000.0

    def monotonic(self):
        return self.now


class StalenessTest(TestCase):
    def setUp(self):
        self.clock = Clock()
        self.enterContext(patch("stories.listings.site_version.time", self.clock))
        story("Ferry returns")

    def test_a_page_is_out_of_date_for_no_longer_than_allowed(self):
        site = process(staleness=5)
        visit(site, "/")
        story("Lighthouse")
        self.clock.now += 4
        self.assertNotIn("Lighthouse", visit(site, "/").text)
        self.clock.now += 1
        self.assertIn("Lighthouse", visit(site, "/").text)


class OutageTest(TestCase):
    def setUp(self):
        self.clock = Clock()
        self.enterContext(patch("stories.listings.site_version.time", self.clock))
        self.site = process()
        story("Ferry returns")
        visit(self.site, "/")

    def outage(self):
        self.enterContext(patch("stories.listings.site_version.connection"))
        return self.enterContext(
            patch("stories.listings.site_version.read_number", side_effect=OperationalError("gone"))
        )

    def test_cached_pages_are_served_for_a_while_with_a_warning(self):
        self.outage()
        self.clock.now += 59
        answer = visit(self.site, "/")
        self.assertEqual((answer.status, answer.headers["age"]), (200, "59"))
        self.assertIn("111", answer.headers["warning"])

    def test_cached_pages_are_not_served_after_the_limit(self):
        self.outage()
        self.clock.now += 61
        self.assertEqual(visit(self.site, "/").status, 503)

    def test_other_pages_answer_503_at_once(self):
        self.outage()
        with self.assertNumQueries(0):
            for path in ("/tags/", "/admin/", "/nothing/"):
                answer = visit(self.site, path)
                self.assertEqual((answer.status, answer.headers["retry-after"]), (503, "30"), path)
                self.assertIn("Back soon", answer.text)
        self.assertEqual(visit(self.site, "/livez").status, 200)

    def test_a_page_outdated_by_a_scheduled_story_is_not_served(self):
        with time_machine.travel(NOON, tick=False):
            story("Fireworks", at=NOON + timedelta(minutes=1))
            visit(self.site, "/")
            self.outage()
        with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
            self.assertEqual(visit(self.site, "/").status, 503)

    def test_the_database_is_asked_again_after_a_pause(self):
        read_number = self.outage()
        for _ in range(5):
            visit(self.site, "/")
        self.assertEqual(read_number.call_count, 2)  # on the connection it had, and on a new one
        self.clock.now += 1
        read_number.side_effect = [7]
        answer = visit(self.site, "/")
        self.assertEqual((answer.status, "warning" in answer.headers), (200, False))

    def test_a_view_that_loses_the_database_answers_503(self):
        self.client.raise_request_exception = False
        for error, status in ((OperationalError, 503), (ZeroDivisionError, 500)):
            with (
                patch("stories.public.views.stories_by_tag", side_effect=error),
                self.assertLogs("django.request", "ERROR"),
            ):
                self.assertEqual(self.client.get("/tags/").status_code, status)


class ReconnectTest(TransactionTestCase):
    def test_a_lost_connection_is_opened_again(self):
        edited, site = story("Edit 0"), process()
        for number, lose in enumerate((connection.close, lambda: connection.connection.close()), 1):
            visit(site, "/")
            edited.headline = f"Edit {number}"
            edited.save()
            lose()
            self.assertIn(f"Edit {number}<", visit(site, "/").text)


@skipUnless(connection.vendor == "postgresql", "about PostgreSQL")
class HangTest(TransactionTestCase):
    def test_a_database_that_hangs_is_not_waited_for(self):
        tracker = SiteVersionTracker()
        with (
            patch("stories.listings.site_version.SELECT_NUMBER", "SELECT pg_sleep(0.4)"),
            patch("stories.listings.site_version.ANSWER_TIMEOUT_MS", 50),
        ):
            self.assertIsNone(tracker.current())
        self.assertTrue(tracker.is_down)
        with patch("stories.listings.site_version.RETRY_PAUSE_SECONDS", 0):
            self.assertIsNotNone(tracker.current())


@skipUnless(connection.vendor == "postgresql", "about PostgreSQL")
class AlteredTableTest(TransactionTestCase):
    def alter(self, length):
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute(f"ALTER TABLE stories_tag ALTER COLUMN name TYPE varchar({length})")
        other.close()

    def test_a_statement_prepared_before_a_migration_fails_only_once(self):
        self.client.raise_request_exception = False
        self.addCleanup(self.alter, 100)
        self.assertEqual([self.client.get("/tags/").status_code for _ in range(7)], [200] * 7)
        self.alter(101)
        with self.assertLogs("django.request", "ERROR"):
            self.assertEqual([self.client.get("/tags/").status_code for _ in range(3)], [500, 200, 200])


class Queue:
    """A lock that says when so many have come for it."""

    def __init__(self, number):
        self.lock, self.missing, self.all_have_come = Lock(), number, Event()

    def __enter__(self):
        self.missing -= 1
        if not self.missing:
            self.all_have_come.set()
        return self.lock.__enter__()

    def __exit__(self, *error):
        return self.lock.__exit__(*error)


class ManyReadersTest(TestCase):
    def test_one_query_answers_all_waiting_readers(self):
        asked, may_answer, answers = Event(), Event(), []

        def read_number():
            asked.set()
            may_answer.wait(10)
            return 7

        tracker = SiteVersionTracker()
        tracker._asking = Queue(8)
        readers = [Thread(target=lambda: answers.append(tracker.current().number)) for _ in range(8)]
        with (
            patch("stories.listings.site_version.read_number", side_effect=read_number) as question,
            patch("stories.listings.site_version.next_end", return_value=timezone.now() + HOUR),
        ):
            readers[0].start()
            asked.wait(10)
            for reader in readers[1:]:
                reader.start()
            tracker._asking.all_have_come.wait(10)
            may_answer.set()
            for reader in readers:
                reader.join()
        self.assertEqual((answers, question.call_count), ([7] * 8, 2))


class ManyProcessesTest(TransactionTestCase):
    """Readers of two processes ask for the same pages all the time while Ed edits."""

    def test_no_process_serves_a_page_from_before_an_edit(self):
        editor = person("ed", is_superuser=True)
        edited = story("Edit 0", tags=["Coast"])
        sites, done, stale = [process(), process()], Event(), []

        def read():
            while not done.is_set():
                for site in sites:
                    visit(site, "/tags/coast/")
            connections.close_all()

        readers = [Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(1, 31):
            edited.headline = f"Edit {number}"
            edited.save()
            if number % 10 == 0:
                edited.withdraw(by=editor, comment="It was wrong.")
                stale += [number for site in sites if "Edit" in visit(site, "/tags/coast/").text]
                edited.publish(by=editor)
            stale += [number for site in sites if f"Edit {number}<" not in visit(site, "/tags/coast/").text]
        done.set()
        for reader in readers:
            reader.join()
        self.assertEqual(stale, [])
