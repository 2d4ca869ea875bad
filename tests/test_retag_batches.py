"""Bulk changes in batches, and what undo leaves alone."""

from unittest.mock import patch

from django.test import TestCase

from stories.models import CannotUndo, Region, Revision, Story, Tag, TagChange
from tests.cast import ed, region, story


@patch("stories.models.retagging.BATCH_SIZE", 2)
class RetagTest(TestCase):
    def setUp(self):
        self.ed = ed()
        tags = (["Kiev"], ["Kiev", "Coast"], ["Coast"], [], ["Kiev"])
        self.stories = [story(f"Story {number}", tags=names) for number, names in enumerate(tags)]
        self.pks = [one.pk for one in self.stories]
        self.kiev, self.coast = Tag.objects.get(name="Kiev"), Tag.objects.get(name="Coast")
        Story.objects.filter(pk=self.pks[1]).update(region=region("Asia"))
        self.europe, self.asia = (Region.objects.get(name=name) for name in ("Europe", "Asia"))

    def retag(self, pks=None, **what):
        return TagChange.objects.retag(pks or self.pks, by=self.ed, **what)

    def tag_lists(self):
        return [" ".join(str(tag) for tag in one.tags_in_order) for one in Story.objects.order_by("pk")]

    def regions(self):
        return [one.region.name for one in Story.objects.order_by("pk").select_related("region")]

    def test_the_log_says_what_changed_in_which_stories(self):
        change = self.retag(add=["Coast"], remove=[self.kiev], region=self.asia)
        one, two, three, four, five = self.pks
        self.assertEqual(
            change.before,
            {
                "stories": self.pks,
                "gained": {self.coast.pk: [one, four, five]},
                "lost": {self.kiev.pk: [one, two, five]},
                "regions": {self.europe.pk: [one, three, four, five]},
                "region": self.asia.pk,
                "names": {self.coast.pk: "Coast", self.kiev.pk: "Kiev"},
            },
        )
        self.assertEqual((change.details, change.stories), ("“Coast” added, “Kiev” removed, moved to “Asia”.", 5))

    def test_stories_that_need_no_change_are_not_written(self):
        change = self.retag(add=["Coast"])
        self.assertEqual(change.before["stories"], [self.pks[0], self.pks[3], self.pks[4]])
        self.assertIsNone(change.before["region"])
        self.assertEqual([one.version for one in Story.objects.order_by("pk")], [2, 1, 1, 2, 2])
        self.assertEqual(self.tag_lists(), ["Kiev Coast", "Kiev Coast", "Coast", "Coast", "Kiev Coast"])

    def test_undo_restores_tags_and_regions_and_records_it(self):
        change = self.retag(add=["Coast"], remove=[self.kiev], region=self.asia)
        self.assertEqual((self.tag_lists(), self.regions()), (["Coast"] * 5, ["Asia"] * 5))
        change.undo(by=self.ed)
        self.assertEqual(
            [set(names.split()) for names in self.tag_lists()],
            [{"Kiev"}, {"Kiev", "Coast"}, {"Coast"}, set(), {"Kiev"}],
        )
        self.assertEqual(self.regions(), ["Europe", "Asia", "Europe", "Europe", "Europe"])
        last = Revision.objects.latest_for(self.pks[0])
        self.assertEqual((last.by, last.move, last.comment), (self.ed, "retag", f"Undone: {change.details}"))

    def test_a_story_that_lost_a_gained_tag_keeps_its_tags(self):
        change = self.retag(add=["Coast"], remove=[self.kiev])
        self.stories[0].tags.set(["Lviv"])
        change.undo(by=self.ed)
        self.assertEqual(
            [set(names.split()) for names in self.tag_lists()],
            [{"Lviv"}, {"Kiev", "Coast"}, {"Coast"}, set(), {"Kiev"}],
        )

    def test_a_lost_tag_that_was_added_again_is_not_added_twice(self):
        change = self.retag(remove=[self.kiev])
        self.stories[0].tags.add("Kiev")
        change.undo(by=self.ed)
        self.assertEqual(self.tag_lists(), ["Kiev", "Coast Kiev", "Coast", "", "Kiev"])

    def test_a_story_that_was_moved_since_stays_there(self):
        change = self.retag(region=self.asia)
        Story.objects.filter(pk=self.pks[0]).update(region=region("Africa"))
        change.undo(by=self.ed)
        self.assertEqual(self.regions(), ["Africa", "Asia", "Europe", "Europe", "Europe"])

    def test_deleted_stories_are_left_out(self):
        self.stories[4].delete()
        change = self.retag(add=["Coast"])
        self.stories[0].delete()
        change.undo(by=self.ed)
        self.assertEqual(self.tag_lists(), ["Kiev Coast", "Coast", ""])

    def test_an_undo_that_something_prevents_says_so(self):
        change = self.retag(region=region("Africa"))
        Story.objects.update(region=region("Worldwide"))
        Region.objects.get(name="Asia").delete()
        with self.assertRaisesMessage(CannotUndo, "A former region of these stories no longer exists."):
            change.undo(by=self.ed)
        change = self.retag(add=["Ferry"], remove=[self.kiev])
        self.kiev.delete()
        with self.assertRaisesMessage(CannotUndo, "“Kiev” was merged or deleted later. Undo that first."):
            change.undo(by=self.ed)
