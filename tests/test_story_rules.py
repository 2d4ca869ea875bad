"""Rules of the story model at their boundaries: checks, slugs, what a save writes, deletion, duplicates and queries."""

from datetime import timedelta

import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.utils import timezone

from stories.models import PreviewLink, Revision, Status, Story
from tests.cast import NOON, draft, ed, person, region, rosa, story


class CleanTest(TestCase):
    def refusal(self, **fields):
        with self.assertRaises(ValidationError) as caught:
            Story(**{"headline": "Ferry", "slug": ""} | fields).clean()
        return caught.exception.message_dict

    def test_a_headline_has_a_visible_character(self):
        message = ["Enter a headline with at least one visible character."]
        for headline in ("\x01", "\ud800 ", " \x7f"):
            self.assertEqual(self.refusal(headline=headline), {"headline": message}, repr(headline))

    def test_a_published_story_has_a_date(self):
        message = ["Enter a publish date: a published story needs one."]
        self.assertEqual(self.refusal(status=Status.PUBLISHED), {"published_at": message})
        Story(headline="Ferry", slug="", status=Status.PUBLISHED, published_at=NOON).clean()
        for status in set(Status) - {Status.PUBLISHED}:
            Story(headline="Ferry", slug="", status=status).clean()

    def test_a_slug_is_lower_case_and_lines_are_tidy(self):
        one = Story(headline="Ferry", slug="Ferry-Россия", byline="Rosa\x00R.", standfirst="a  b")
        one.clean()
        self.assertEqual((one.slug, one.byline, one.standfirst), ("ferry-россия", "Rosa R.", "a  b"))

    def test_only_an_empty_slug_waits_for_the_save(self):
        fields = {"headline": "Ferry", "body": "<p>x</p>", "region": region()}
        Story(**fields, slug="").full_clean()
        with self.assertRaises(ValidationError):
            Story(**fields | {"headline": ""}, slug="a").full_clean()
        with self.assertRaises(ValidationError):
            Story(**fields, slug="a", status="lost").validate_constraints()
        Story(**fields, slug="a", status="lost").validate_constraints(exclude=["status"])


class SlugTest(TestCase):
    def test_equal_headlines_are_numbered(self):
        self.assertEqual([draft("Ferry").slug for _ in range(3)], ["ferry", "ferry-2", "ferry-3"])

    def test_stories_of_one_batch_get_different_slugs(self):
        draft("Ferry")
        batch = [Story(headline=headline) for headline in ("Ferry", "Boat", "Ferry", "Boat")]
        Story.objects.with_free_slugs(batch)
        self.assertEqual([one.slug for one in batch], ["ferry-2", "boat", "ferry-3", "boat-2"])

    def test_a_slug_follows_the_headline_until_readers_know_it(self):
        one = draft("Ferry")
        one.headline = "Boat"
        one.save()
        self.assertEqual(Story.objects.get().slug, "boat")
        one.publish(by=ed())
        one.headline = "Raft"
        one.save()
        self.assertEqual(Story.objects.get().slug, "boat")

    def test_a_chosen_slug_stays(self):
        one = draft("Ferry")
        one.slug = "chosen"
        one.save()
        one.headline = "Boat"
        one.save()
        self.assertEqual((Story.objects.get().slug, one.get_absolute_url()), ("chosen", "/stories/chosen/"))

    def test_a_numbered_slug_follows_too(self):
        draft("Ferry")
        second = Story.objects.get(pk=draft("Ferry").pk)
        second.headline = "Boat"
        second.save(update_fields=["headline"])
        self.assertEqual(Story.objects.get(pk=second.pk).slug, "boat")

    def test_it_is_found_by_it(self):
        one = draft("Ferry")
        draft("Boat")
        self.assertEqual(Story.objects.get_by_natural_key("ferry"), one)


class SaveTest(TestCase):
    def test_a_save_of_some_fields_writes_these_and_the_version(self):
        one = draft("Ferry", byline="Rosa")
        with time_machine.travel(NOON + timedelta(days=300), tick=False):
            one.byline, one.correction = "Ed", "not saved"
            one.save(update_fields=["byline"])
            stored = Story.objects.get()
            self.assertEqual((stored.byline, stored.correction, stored.version), ("Ed", "", 2))
            self.assertEqual(stored.updated_at, timezone.now())

    def test_a_new_story_is_version_one(self):
        self.assertEqual((draft().version, Story.objects.get().version), (1, 1))

    def test_options_of_a_save_reach_the_database(self):
        one = draft("Ferry")
        with self.assertRaises(IntegrityError), transaction.atomic():
            one.save(force_insert=True)

    def test_the_moment_is_computed_again_after_a_save(self):
        one = story(at=NOON)
        one.published_at = NOON + timedelta(hours=1)
        one.save()
        self.assertEqual(one.live_at, NOON + timedelta(hours=1))


class QueryTest(TestCase):
    def test_the_newest_come_first_and_the_later_written_of_equals(self):
        late, early, same = (story(at=NOON + timedelta(hours=hours)) for hours in (2, 1, 1))
        self.assertEqual(list(Story.objects.newest_first()), [late, same, early])

    def test_region_tags_and_sources_take_three_queries(self):
        for number in range(3):
            one = story(f"Story {number}", tags=["Coast", "Ships"])
            one.sources.create(url=f"https://example.org/{number}")
        with self.assertNumQueries(3):
            for one in Story.objects.with_related():
                self.assertEqual(one.region.name, "Europe")
                self.assertEqual([str(tag) for tag in one.tags_in_order], ["Coast", "Ships"])
                self.assertEqual(len(one.sources_in_order), 1)


class DeletionTest(TestCase):
    def test_each_deleted_story_leaves_a_revision_that_says_by_whom(self):
        by = ed()
        first, second, third = draft("First"), draft("Second"), draft("Third")
        pks = [first.pk, second.pk]
        Story.objects.filter(pk__in=pks).delete(by=by)
        third.delete(by=by)
        left = Revision.objects.filter(move="delete").order_by("story")
        self.assertEqual([one.story for one in left], [*pks, left[2].story])
        self.assertEqual(
            [(one.by, one.content["headline"]) for one in left], [(by, "First"), (by, "Second"), (by, "Third")]
        )
        self.assertFalse(Story.objects.exists())

    def test_deletion_tells_what_was_deleted(self):
        self.assertEqual(draft().delete()[1]["stories.Story"], 1)
        draft()
        self.assertEqual(Story.objects.all().delete()[1]["stories.Story"], 1)


class DuplicateTest(TestCase):
    def test_a_duplicate_is_a_draft_of_its_writer(self):
        one = story("Ferry", tags=["Coast", "Ships"], byline="Rosa", correction="x", created_by=ed())
        one.sources.create(url="https://example.org/", label="Harbour")
        by = rosa()
        copy = Story.objects.get(pk=one.duplicate(by=by).pk)
        self.assertEqual((copy.headline, copy.slug, copy.byline), ("Copy of Ferry", "copy-of-ferry", "Rosa"))
        self.assertEqual((copy.status, copy.published_at, copy.correction), (Status.DRAFT, None, ""))
        self.assertEqual((copy.created_by, [str(tag) for tag in copy.tags_in_order]), (by, ["Coast", "Ships"]))
        self.assertEqual(
            [(source.url, source.label) for source in copy.sources_in_order], [("https://example.org/", "Harbour")]
        )
        revision = Revision.objects.latest_for(copy.pk)
        self.assertEqual((revision.by, revision.comment), (by, "Copied from “Ferry”."))

    def test_a_long_headline_is_cut(self):
        self.assertEqual(draft("x" * 255).duplicate(by=None).headline, f"Copy of {'x' * 247}")


class MoveTest(TestCase):
    def setUp(self):
        self.ed = ed()

    def test_a_move_records_who_made_it_and_the_state_before(self):
        one = draft("Ferry")
        one.publish(by=self.ed, comment="At last.")
        revisions = Revision.objects.filter(story=one.pk).order_by("number")
        self.assertEqual([(one.move, one.by, one.comment) for one in revisions][-1], ("publish", self.ed, "At last."))
        self.assertEqual([one.status for one in revisions], [Status.DRAFT, Status.PUBLISHED])

    def test_a_change_by_another_program_is_recorded_before_the_move(self):
        one = draft("Ferry")
        one.submit(by=self.ed)
        Story.objects.update(headline="Boat")
        one.publish(by=self.ed)
        headlines = [revision.content["headline"] for revision in Revision.objects.order_by("number")]
        self.assertEqual(headlines[-2:], ["Boat", "Boat"])
        self.assertEqual(Revision.objects.order_by("-number")[1].move, "")

    def test_a_move_without_a_comment_has_none(self):
        one = draft("Ferry")
        for verb in ("submit", "send_back", "publish"):
            getattr(one, verb)(by=self.ed)
            self.assertEqual(Revision.objects.latest_for(one.pk).comment, "", verb)

    def test_unsaved_text_stays_in_the_instance(self):
        one = draft("Ferry")
        one.headline = "Typed"
        one.submit(by=self.ed)
        self.assertEqual((one.headline, Story.objects.get().headline), ("Typed", "Ferry"))

    def test_a_withdrawal_revokes_the_preview_links(self):
        one = story("Ferry")
        open_link, closed = (PreviewLink.objects.make(one, by=self.ed, lasts=timedelta(days=1)) for _ in range(2))
        PreviewLink.objects.filter(pk=closed.pk).update(revoked_at=NOON)
        with time_machine.travel(NOON + timedelta(days=400), tick=False):
            one.withdraw(by=self.ed, comment="It was wrong.")
            open_link.refresh_from_db()
            closed.refresh_from_db()
            self.assertEqual((open_link.revoked_at, closed.revoked_at), (timezone.now(), NOON))

    def test_who_may_not_is_told_so(self):
        with self.assertRaisesMessage(PermissionDenied, "robin may not submit for review “Ferry”."):
            draft("Ferry").submit(by=person("robin"))

    def test_to_publish_alone_is_not_to_change(self):
        publisher = person("pia")
        publisher.user_permissions.set(self.ed.groups.get().permissions.filter(codename="publish_story"))
        one = draft("Ferry", created_by=publisher)
        self.assertEqual((one.may_be_changed_by(publisher), one.moves_for(publisher)), (False, []))
