from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stories.models import Status, Story, Tag
from tests.cast import draft, ed, person, region, rosa, story

LIST = reverse("admin:stories_story_changelist")
ADD = reverse("admin:stories_story_add")


def change(one):
    return reverse("admin:stories_story_change", args=[one.pk])


def preview(one):
    return reverse("admin:stories_story_preview", args=[one.pk])


def form(**fields):
    """Return what the story form sends, with one empty source."""
    return {
        "headline": "Ferry returns",
        "body": "<p>The ferry is back.</p>",
        "region": region().pk,
        "tags": "",
        "byline": "",
        "published_at_0": "",
        "published_at_1": "",
        "slug": "",
        "sources-url": [""],
        "sources-label": [""],
    } | fields


DATED = {"published_at_0": "01/02/2024", "published_at_1": "09:30"}


class WriterTest(TestCase):
    def setUp(self):
        self.rosa = rosa()
        self.client.force_login(self.rosa)

    def test_writer_creates_own_draft(self):
        fields = form(tags="Coast\n coast \nShips", **{"sources-url": "https://example.org/a"})
        self.assertRedirects(self.client.post(ADD, fields), LIST)
        made = Story.objects.get()
        self.assertEqual((made.status, made.created_by, made.slug), (Status.DRAFT, self.rosa, "ferry-returns"))
        self.assertEqual([tag.name for tag in made.tags_in_order], ["Coast", "Ships"])
        self.assertEqual(made.sources.get().url, "https://example.org/a")

    def test_writer_submits_with_the_button(self):
        self.client.post(ADD, form(_move="submit"))
        self.assertEqual(Story.objects.get().status, Status.IN_REVIEW)

    def test_writer_cannot_publish(self):
        one = draft(created_by=self.rosa)
        self.assertNotContains(self.client.get(change(one)), 'value="publish"')
        response = self.client.post(change(one), form(_move="publish"), follow=True)
        self.assertContains(response, "may not publish")
        self.assertEqual(Story.objects.get().status, Status.DRAFT)

    def test_writer_cannot_edit_other_peoples_or_published_stories(self):
        for one in (draft("Of another", created_by=ed()), story("Published", created_by=self.rosa)):
            self.assertNotContains(self.client.get(change(one)), 'name="_save"')
            self.assertEqual(self.client.post(change(one), form()).status_code, 403)
            self.assertEqual(self.client.post(reverse("admin:stories_story_delete", args=[one.pk])).status_code, 403)

    def test_bulk_actions_offer_only_permitted_moves(self):
        draft(created_by=self.rosa)
        page = self.client.get(LIST)
        self.assertContains(page, 'value="submit"')
        self.assertNotContains(page, 'value="publish"')

    def test_bulk_move_without_permission_changes_nothing(self):
        one = draft(created_by=self.rosa)
        self.client.post(LIST, {"action": "publish", "_selected_action": [one.pk]})
        self.assertEqual(Story.objects.get().status, Status.DRAFT)


class EditorTest(TestCase):
    def setUp(self):
        self.ed = ed()
        self.client.force_login(self.ed)

    def test_publishing_is_logged(self):
        self.client.post(ADD, form(_move="publish"))
        self.assertTrue(Story.objects.get().is_live)
        self.assertEqual(LogEntry.objects.first().change_message, "Published.")

    def test_a_message_confirms_each_move(self):
        page = self.client.post(ADD, form(_move="publish"), follow=True)
        self.assertContains(page, "“Ferry returns” was published.")
        page = self.client.post(
            change(Story.objects.get()), form(_move="withdraw", comment="Wrong.", **DATED), follow=True
        )
        self.assertContains(page, "“Ferry returns” was withdrawn.")

    def test_withdrawing_needs_a_reason_which_the_form_shows(self):
        one = story()
        page = self.client.post(change(one), form(_move="withdraw", **DATED), follow=True)
        self.assertContains(page, "Enter a reason to withdraw")
        self.assertEqual(page.request["PATH_INFO"], change(one))
        self.client.post(change(one), form(_move="withdraw", comment="A figure was wrong.", **DATED))
        self.assertContains(self.client.get(change(one)), "A figure was wrong.")

    def test_the_writer_is_told_why_a_story_was_sent_back(self):
        writer = person("rosa", "Writers", email="rosa@example.org")
        one = story(status=Status.IN_REVIEW, created_by=writer)
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(change(one), form(_move="send_back", comment="Who says so?"))
        (letter,) = mail.outbox
        self.assertEqual((letter.to, letter.subject), (["rosa@example.org"], "Sent back: Ferry returns"))
        self.assertIn("Who says so?", letter.body)
        self.client.force_login(writer)
        self.assertContains(self.client.get(change(one)), "Who says so?")

    def test_no_mail_to_a_writer_without_an_email_address(self):
        one = story(status=Status.IN_REVIEW, created_by=person("rosa", "Writers"))
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(change(one), form(_move="send_back", comment="Who says so?"))
        self.assertEqual((mail.outbox, Story.objects.get().status), ([], Status.DRAFT))

    def test_source_urls_may_lack_a_scheme(self):
        self.client.post(ADD, form(**{"sources-url": "www.example.org/ferry"}))
        self.assertEqual(Story.objects.get().sources.get().url, "https://www.example.org/ferry")

    def test_a_future_date_schedules(self):
        page = self.client.post(
            ADD, form(_move="publish", published_at_0="01/02/2100", published_at_1="09:30"), follow=True
        )
        self.assertContains(page, "is scheduled for 1 Feb 2100, 09:30")
        one = Story.objects.get()
        self.assertTrue(one.is_scheduled)
        self.assertContains(self.client.get(change(one)), "Goes live on 1 February 2100, 09:30")

    def test_only_moves_of_the_status_are_offered(self):
        buttons = {name: f'name="_move" value="{name}"' for name in ("submit", "send_back", "publish", "withdraw")}
        page = self.client.get(change(story()))
        self.assertContains(page, buttons["withdraw"])
        for name in ("submit", "send_back", "publish"):
            self.assertNotContains(page, buttons[name])

    def test_bulk_moves_report_successes_and_failures(self):
        stories = draft("One"), draft("Two"), story("Three", status=Status.PUBLISHED)
        fields = {"action": "publish", "_selected_action": [one.pk for one in stories]}
        page = self.client.post(LIST, fields, follow=True)
        self.assertContains(page, "2 stories were published.")
        self.assertContains(page, "“Three” is published, so it can&#x27;t be published.")

    def test_a_published_story_cannot_lose_its_date(self):
        page = self.client.post(change(story()), form())
        self.assertContains(page, "Enter a publish date")

    def test_the_slug_of_a_published_story_is_fixed(self):
        one = story("Ferry returns")
        now = timezone.localtime()
        dated = {"published_at_0": f"{now:%d/%m/%Y}", "published_at_1": f"{now:%H:%M}"}
        self.client.post(change(one), form(headline="Ferry leaves", slug="other", **dated))
        one.refresh_from_db()
        self.assertEqual((one.headline, one.slug), ("Ferry leaves", "ferry-returns"))

    def test_bad_input_shows_errors_and_keeps_the_input(self):
        for field, value, words in (
            ("headline", "", "This field is required"),
            ("region", "", "This field is required"),
            ("tags", "x" * 101, "can&#x27;t be a tag"),
            ("sources-url", "javascript:alert(1)", "Enter a valid URL"),
            ("published_at_0", "01/01/0001", "between 1800 and 2199"),
            ("body", "<p><script>x</script></p>", "This field cannot be blank"),
        ):
            page = self.client.post(
                ADD,
                form(byline="Kept byline", **{field: value}, **({"published_at_1": "10:00"} if "_0" in field else {})),
            )
            self.assertContains(page, words, msg_prefix=field)
            self.assertContains(page, "Kept byline")
        self.assertFalse(Story.objects.exists())

    def test_the_body_is_sanitised(self):
        self.client.post(ADD, form(body="<p onclick=x>a<script>b</script></p>"))
        self.assertEqual(Story.objects.get().body, "<p>a</p>")

    def test_save_and_preview_leads_to_the_preview(self):
        response = self.client.post(ADD, form(_preview="1"))
        self.assertRedirects(response, preview(Story.objects.get()))


class PreviewTest(TestCase):
    def test_it_shows_a_draft_as_readers_will_see_it(self):
        self.client.force_login(rosa())
        one = draft("Lighthouse", tags=["Coast"])
        page = self.client.get(preview(one))
        self.assertContains(page, '<h1 id="story-')
        self.assertContains(page, "A preview of a draft. Readers don’t see it.")
        self.assertIn("no-store", page["Cache-Control"])
        self.assertEqual(page["X-Robots-Tag"], "noindex")

    def test_the_preview_of_a_live_story_says_that_readers_see_it(self):
        self.client.force_login(ed())
        page = self.client.get(preview(story()))
        self.assertContains(page, "Readers see this story.")
        self.assertNotContains(page, "readers don’t see")

    def test_it_is_for_the_newsroom_only(self):
        one = draft("Lighthouse")
        self.assertRedirects(self.client.get(preview(one)), f"/admin/login/?next={preview(one)}")
        for name, fields in (("robin", {}), ("nobody", {"is_staff": True})):
            self.client.force_login(person(name, **fields))
            self.assertNotContains(
                self.client.get(preview(one), follow=True), "Lighthouse", status_code=403 if fields else 200
            )

    def test_a_preview_of_an_unknown_story_is_not_found(self):
        self.client.force_login(ed())
        self.assertEqual(self.client.get("/admin/stories/story/99/preview/").status_code, 404)


class ListTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.now = timezone.now()
        cls.draft = draft("A draft", tags=["Ships"])
        cls.live = story("A live one", tags=["Coast"], region=region("British Isles"), at=cls.now - timedelta(days=60))
        cls.later = story("A scheduled one", tags=["Coast"], at=cls.now + timedelta(days=1))
        cls.ed = ed()

    def setUp(self):
        self.client.force_login(self.ed)
        # The process caches content types: without this, query counts would depend on the order of the tests.
        ContentType.objects.get_for_model(Story)

    def shown(self, **query):
        return {one.headline for one in self.client.get(LIST, query).context["cl"].result_list}

    def test_filters_narrow_the_list(self):
        for query, headlines in (
            ({"state": "draft"}, {"A draft"}),
            ({"state": "scheduled"}, {"A scheduled one"}),
            ({"state": "published"}, {"A live one"}),
            ({"tag": "coast"}, {"A live one", "A scheduled one"}),
            ({"tag": "nothing"}, set()),
            ({"region__id__exact": self.live.region_id}, {"A live one"}),
            ({"month": f"{timezone.localtime(self.live.live_at):%Y-%m}"}, {"A live one"}),
            ({"month": "soon"}, set()),
            ({"month": "2019-13"}, set()),
            ({"month": "9999"}, set()),
            ({"q": "scheduled"}, {"A scheduled one"}),
        ):
            self.assertEqual(self.shown(**query), headlines, query)

    def test_the_list_costs_the_same_for_three_stories_and_for_fifty(self):
        queries = 12
        with self.assertNumQueries(queries):
            self.client.get(LIST)
        for number in range(50):
            story(f"Story {number}", tags=["Coast", "Ships"], created_by=self.ed)
        with self.assertNumQueries(queries):
            self.client.get(LIST)

    def test_every_count_has_a_limit(self):
        for query in ({}, {"state": "published", "tag": "coast"}, {"q": "live", "o": "5"}):
            with CaptureQueriesContext(connection) as queries:
                self.client.get(LIST, query)
            counts = [one["sql"] for one in queries if "COUNT(" in one["sql"]]
            self.assertTrue(counts)
            self.assertFalse([sql for sql in counts if "LIMIT 2001" not in sql], query)

    def test_a_cut_list_says_so_and_refuses_to_change_all(self):
        everything = {"action": "withdraw", "select_across": "1", "_selected_action": [self.live.pk]}
        with patch("stories.admin.base.bounded_list.MAX_ROWS", 2):
            page = self.client.get(LIST)
            self.assertContains(page, "First 2 stories.")
            self.assertNotContains(page, "across all pages")
            page = self.client.post(LIST, everything, follow=True)
        self.assertContains(page, "too many to change at once")
        self.assertEqual(Story.objects.get(pk=self.live.pk).status, Status.PUBLISHED)

    def test_a_short_list_shows_its_total(self):
        self.assertContains(self.client.get(LIST), "3 stories")

    def test_years_and_the_months_of_the_selected_one_are_offered(self):
        story("Old", at=datetime(2019, 5, 1, tzinfo=UTC))
        page = self.client.get(LIST, {"month": "2019"})
        self.assertContains(page, "month=2019-05")
        self.assertEqual(self.shown(month="2019"), self.shown(month="2019-05"), {"Old"})
        self.assertNotContains(self.client.get(LIST), "month=2019-05")

    def test_the_form_costs_the_same_however_many_tags_there_are(self):
        queries = 13
        with self.assertNumQueries(queries):
            self.client.get(change(self.draft))
        for number in range(50):
            Tag.objects.create(name=f"Tag {number}")
        with self.assertNumQueries(queries):
            self.client.get(change(self.draft))
