"""Quick edit of headline, tags, region and date in the story list."""

import json
from datetime import UTC, datetime

from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse
from django.utils.http import urlencode

from stories.models import Revision, Status, Story, Tag, restore_snapshot, take_snapshot
from tests.cast import draft, ed, region, robin, rosa, story
from tests.test_story_admin import LIST


def quick(one, filters=""):
    url = reverse("admin:stories_story_quick", args=[one.pk])
    return f"{url}?{urlencode({'_changelist_filters': filters})}" if filters else url


class QuickEditTest(TestCase):
    def setUp(self):
        self.ed, self.rosa = ed(), rosa()
        self.client.force_login(self.ed)
        self.one = draft("Ferry returns", tags=["Coast"], byline="Rosa Reed")
        self.one.sources.create(url="https://example.org/a", label="A")
        self.seen = take_snapshot(self.one)

    def save(self, filters="", **fields):
        typed = {
            "headline": "Ferry returns",
            "tags": "Coast",
            "region": self.one.region_id,
            "seen": json.dumps(self.seen),
        }
        boxes = {"published_at_0": "", "published_at_1": ""}
        return self.client.post(quick(self.one, filters), typed | boxes | fields)

    def now(self):
        return take_snapshot(Story.objects.get())

    def by_ed(self, **fields):
        restore_snapshot(Story.objects.get(), self.seen | fields)
        self.one.record(by=self.ed)

    def test_four_fields_change_and_all_others_stay(self):
        islands = region("British Isles")
        dated = {"published_at_0": "2100-02-01", "published_at_1": "09:30"}
        self.save(headline="Ferry leaves", tags="Coast\nShips", region=islands.pk, **dated)
        changed = {"headline": "Ferry leaves", "slug": "ferry-leaves", "tags": ["Coast", "Ships"]}
        dated = {"region": "British Isles", "published_at": "2100-02-01T09:30+00:00"}
        self.assertEqual(self.now(), self.seen | changed | dated)

    def test_it_makes_a_version_only_if_something_changed(self):
        self.save()
        self.assertEqual(Story.objects.get().version, 1)
        self.save(headline="Ferry leaves")
        last = Revision.objects.latest_for(self.one.pk)
        self.assertEqual((last.by, last.content["headline"], last.number), (self.ed, "Ferry leaves", 2))

    def test_an_unchanged_date_keeps_its_seconds_without_a_warning(self):
        at = datetime(2024, 1, 5, 9, 30, 42, tzinfo=UTC)
        Story.objects.update(published_at=at)
        page = self.save(published_at_0="2024-01-05", published_at_1="09:30", seen="null", _in_place="1")
        self.assertNotContains(self.client.get(page.url), "in the past")
        self.assertEqual((Story.objects.get().published_at, Story.objects.get().version), (at, 1))

    def test_it_leads_back_to_the_filtered_list(self):
        self.assertRedirects(self.save("state=draft&p=1"), f"{LIST}?state=draft&p=1")
        self.assertRedirects(self.save(_in_place="1"), f"{LIST}?id={self.one.pk}")

    def test_rows_have_a_button_if_the_user_may_change_the_story(self):
        hers = draft("Hers", created_by=self.rosa)
        self.assertContains(self.client.get(LIST, {"state": "draft"}), quick(self.one, "state=draft"))
        self.client.force_login(self.rosa)
        self.assertContains(self.client.get(LIST), quick(hers))
        self.assertNotContains(self.client.get(LIST), quick(self.one))

    def test_bad_input_shows_an_error_at_its_field_and_stays(self):
        for field, value, words in (
            ("headline", "", "This field is required"),
            ("tags", "x" * 101, "can&#x27;t be a tag"),
            ("region", "999", "Select a valid choice"),
            ("published_at_0", "soon", "Enter a valid date"),
            ("headline", "a\x00b", "Null characters are not allowed"),
        ):
            page = self.save(**{field: value})
            self.assertContains(page, words, msg_prefix=field)
        self.assertEqual(self.now(), self.seen)

    def test_changes_of_another_user_are_merged(self):
        self.by_ed(body="<p>By Ed.</p>", byline="Ed", tags=["Coast", "Weather"], sources=[])
        self.save(headline="By Rosa", tags="Coast\nShips")
        theirs = {"body": "<p>By Ed.</p>", "byline": "Ed", "sources": []}
        self.assertLessEqual((theirs | {"headline": "By Rosa"}).items(), self.now().items())
        self.assertEqual(set(self.now()["tags"]), {"Coast", "Ships", "Weather"})

    def test_a_conflict_shows_both_texts_and_the_next_save_keeps_mine(self):
        self.by_ed(headline="By Ed", published_at="2100-02-01T09:30+00:00")
        page = self.save(headline="By Rosa")
        self.assertContains(page, "Not saved yet: ed also changed the headline")
        form = page.context["form"]
        self.assertContains(page, 'value="2100-02-01"')
        self.assertEqual(self.now()["headline"], "By Ed")
        again = {"published_at_0": "2100-02-01", "published_at_1": "09:30", "seen": form["seen"].value()}
        self.save(headline="By Rosa", compared="1", **again)
        self.assertEqual(self.now()["headline"], "By Rosa")
        headlines = [version.content["headline"] for version in Revision.objects.all()]
        self.assertEqual(headlines[:2], ["By Rosa", "By Ed"])

    def test_a_writers_input_is_kept_if_the_story_was_published_before_saving(self):
        Story.objects.update(created_by=self.rosa)
        self.client.force_login(self.rosa)
        Story.objects.get().publish(by=self.ed)
        page = self.save(headline="Typed by Rosa")
        self.assertContains(page, "is now published and you can't change it", status_code=403)
        self.assertContains(page, "Typed by Rosa", status_code=403)
        self.assertEqual((self.now()["headline"], Story.objects.get().status), ("Ferry returns", Status.PUBLISHED))

    def test_an_invalid_base_gives_no_server_error(self):
        for seen in ("[]", "{", '{"headline": 3}', "null"):
            self.assertIn(self.save(seen=seen).status_code, {200, 302}, seen)

    def test_a_deleted_story_is_not_found(self):
        url = quick(self.one)
        self.one.delete()
        self.assertEqual((self.client.get(url).status_code, self.client.post(url).status_code), (404, 404))

    def test_the_form_costs_the_same_however_many_tags_there_are(self):
        ContentType.objects.get_for_model(Story)
        queries = 10
        with self.assertNumQueries(queries):
            self.client.get(quick(self.one))
        Tag.objects.ensure([f"Tag {number}" for number in range(50)])
        with self.assertNumQueries(queries):
            self.client.get(quick(self.one))


class ColumnsTest(TestCase):
    def columns(self, **query):
        return [getattr(name, "__name__", name) for name in self.client.get(LIST, query).context["cl"].list_display]

    def test_a_list_of_one_author_has_no_writer_column(self):
        self.client.force_login(ed())
        self.assertIn("writer", self.columns())
        self.assertNotIn("writer", self.columns(author=rosa().pk))

    def test_users_who_may_change_no_story_get_no_quick_edit(self):
        story()
        self.client.force_login(robin())
        self.assertNotIn("quick_edit", self.columns())
        self.client.force_login(rosa())
        self.assertIn("quick_edit", self.columns())
