"""Many stories at once: other tags, another region, a tag split off; and taking it back."""

from unittest.mock import patch

from django.test import TestCase
from django.urls import reverse

from stories.listings.integrity import find_differences
from stories.models import CannotUndo, Revision, Story, Tag, TagChange
from tests.cast import ed, region, rosa, story

LIST = reverse("admin:stories_story_changelist")


def tag_names(headline):
    return {str(tag) for tag in Story.objects.get(headline=headline).tags_in_order}


class Retagged(TestCase):
    def setUp(self):
        self.ed = ed()
        for headline, tags in (("Old", ["Kiev"]), ("Both", ["Kiev", "Kyiv"]), ("New", ["Kyiv"])):
            story(headline, tags=tags)
        self.kiev, self.kyiv = Tag.objects.get(name="Kiev"), Tag.objects.get(name="Kyiv")
        self.pks = list(Story.objects.order_by("pk").values_list("pk", flat=True))

    def all_tags(self):
        return [tag_names(headline) for headline in ("Old", "Both", "New")]

    def retag(self, **what):
        return TagChange.objects.retag(self.pks, by=self.ed, **what)


class UndoTest(Retagged):
    def test_tags_are_put_on_and_taken_off_and_it_is_undone(self):
        change = self.retag(add=["Kyiv", "Coast"], remove=[self.kiev])
        self.assertEqual(self.all_tags(), [{"Kyiv", "Coast"}] * 3)
        change.undo(by=self.ed)
        self.assertEqual(self.all_tags(), [{"Kiev"}, {"Kiev", "Kyiv"}, {"Kyiv"}])
        self.assertEqual(list(find_differences()), [])

    def test_stories_move_to_a_region_and_back_to_their_own(self):
        Story.objects.filter(headline="Old").update(region=region("Asia"))
        change = self.retag(region=region("Africa"))
        self.assertEqual(set(Story.objects.values_list("region__name", flat=True)), {"Africa"})
        change.undo(by=self.ed)
        self.assertEqual(Story.objects.get(headline="Old").region.name, "Asia")
        self.assertEqual(Story.objects.get(headline="New").region.name, "Europe")

    def test_what_an_editor_changed_since_stays_so(self):
        change = self.retag(add=["Coast"], remove=[self.kiev], region=region("Africa"))
        Story.objects.get(headline="Old").tags.set(["Lviv"])
        Story.objects.filter(headline="Old").update(region=region("Asia"))
        Story.objects.get(headline="Both").delete()
        change.undo(by=self.ed)
        self.assertEqual(tag_names("Old"), {"Lviv"})
        self.assertEqual(Story.objects.get(headline="Old").region.name, "Asia")

    def test_a_tag_merged_since_is_to_be_brought_back_first(self):
        change = self.retag(remove=[self.kiev])
        merge = TagChange.objects.merge(self.kiev, self.kyiv, by=self.ed)
        with self.assertRaisesMessage(CannotUndo, "“Kiev” was merged or deleted later. Undo that first."):
            change.undo(by=self.ed)
        merge.undo(by=self.ed)
        change.undo(by=self.ed)
        self.assertEqual(tag_names("Old"), {"Kiev"})

    def test_each_story_that_changes_has_a_version_of_it(self):
        self.retag(add=["Kyiv"])
        old, new = (Story.objects.get(headline=headline) for headline in ("Old", "New"))
        last = Revision.objects.latest_for(old.pk)
        self.assertEqual((last.number, last.by, last.move, last.comment), (2, self.ed, "retag", "“Kyiv” added."))
        self.assertEqual([version.content["tags"] for version in Revision.objects.filter(story=old.pk)],
                         [["Kiev", "Kyiv"], ["Kiev"]])  # fmt: skip
        self.assertIsNone(Revision.objects.latest_for(new.pk))

    def test_it_costs_the_same_for_three_stories_and_for_thirty(self):
        for number in range(30):
            story(f"Another {number}", tags=["Kiev"])
        self.pks = list(Story.objects.order_by("pk").values_list("pk", flat=True))
        with self.assertNumQueries(20):
            self.retag(add=["Kyiv"], remove=[self.kiev])


class SplitTest(Retagged):
    def split(self, **fields):
        change = TagChange.objects.split(self.kyiv, self.pks[1:], "Podil", stays=False, by=self.ed)
        return change

    def test_a_split_undone_leaves_the_new_address_leading_to_the_old_tag(self):
        change = self.split()
        self.assertEqual(self.all_tags(), [{"Kiev"}, {"Kiev", "Podil"}, {"Podil"}])
        change.undo(by=self.ed)
        self.assertEqual(self.all_tags(), [{"Kiev"}, {"Kiev", "Kyiv"}, {"Kyiv"}])
        self.assertRedirects(self.client.get("/tags/podil/"), "/tags/kyiv/", 301)
        self.assertNotIn("Podil", Tag.objects.named(["Podil"]))

    def test_the_new_tag_stays_if_something_else_has_it_by_then(self):
        change = self.split()
        story("Third", tags=["Podil"])
        change.undo(by=self.ed)
        self.assertEqual(tag_names("Third"), {"Podil"})

    def test_the_screen_previews_and_then_does_it(self):
        self.client.force_login(self.ed)
        address = reverse("admin:stories_tag_split", args=[self.kyiv.pk])
        chosen = {"name": "Podil", "also": "Kiev"}
        page = self.client.post(address, chosen)
        self.assertContains(page, "1 of 2 stories gets “Podil” instead of “Kyiv”")
        self.assertEqual(tag_names("Both"), {"Kiev", "Kyiv"})
        self.client.post(address, chosen | {"previewed": page.context["form"].data["previewed"], "_apply": "1"})
        self.assertEqual(self.all_tags(), [{"Kiev"}, {"Kiev", "Podil"}, {"Kyiv"}])

    def test_bad_input_gets_words(self):
        self.client.force_login(self.ed)
        address = reverse("admin:stories_tag_split", args=[self.kyiv.pk])
        for chosen, words in (
            ({"name": "Podil"}, "Enter at least one condition"),
            ({"name": "kyiv", "also": "Kiev"}, "Enter a tag other than “Kyiv”."),
            ({"name": "Podil", "also": "Nowhere"}, "There is no tag"),
            ({"name": "Podil", "since": "9999-12-31"}, "Ensure this value is less"),
            ({"name": "Podil", "since": "2150-01-01"}, "No stories match."),
            ({"name": "Podil", "words": "\x00"}, "Null characters"),
            ({"name": "Podil\nPodol", "also": "Kiev"}, "Enter one tag."),
        ):
            self.assertContains(self.client.post(address, chosen), words)


class ScreenTest(Retagged):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.ed)
        self.chosen = {"action": "retag", "_selected_action": self.pks}

    def post(self, address=LIST, **fields):
        return self.client.post(address, self.chosen | fields, follow=True)

    def test_nothing_is_done_that_was_not_previewed(self):
        preview = self.post(previewed="", add="Coast")
        self.assertContains(preview, "3 stories get “Coast”.")
        previewed = preview.context["form"].data["previewed"]
        self.post(previewed=previewed, add="Harbour", _apply="1")
        self.assertFalse(Tag.objects.filter(name__in=["Coast", "Harbour"]).exists())
        self.assertContains(self.post(previewed=previewed, add="Coast", _apply="1"), "3 stories changed in bulk")
        self.assertEqual(tag_names("Old"), {"Kiev", "Coast"})

    def test_all_that_match_the_filter_are_changed_and_no_others(self):
        self.chosen |= {"_selected_action": self.pks[:1], "select_across": "1"}
        preview = self.post(f"{LIST}?tag=kyiv", previewed="", add="Coast")
        self.post(f"{LIST}?tag=kyiv", previewed=preview.context["form"].data["previewed"], add="Coast", _apply="1")
        self.assertEqual(self.all_tags(), [{"Kiev"}, {"Kiev", "Kyiv", "Coast"}, {"Kyiv", "Coast"}])

    def test_the_preview_counts_stories_that_have_the_tag(self):
        preview = self.post(previewed="", add="Kiev", remove=self.kyiv.pk, region=region("Asia").pk)
        for line in (
            "1 story gets “Kiev”. 2 already have it.",
            "2 stories lose “Kyiv”.",
            "3 stories move to “Asia”.",
            "3 stories selected.",
        ):
            self.assertContains(preview, line)

    def test_more_stories_than_other_bulk_actions_take_are_changed_at_once_up_to_a_limit(self):
        self.chosen |= {"select_across": "1"}
        with patch("stories.admin.base.bounded_list.MAX_ROWS", 2):
            self.assertContains(self.post(previewed="", add="Coast"), "3 stories get “Coast”.")
            with patch("stories.admin.story.retag.MAX_RETAGGED", 2):
                self.assertContains(self.post(previewed="", add="Coast"), "at most 2 stories at once")

    def test_bad_input_gets_words(self):
        self.assertContains(self.post(previewed=""), "Choose a tag to add or remove")
        self.assertContains(
            self.post(previewed="", add="Kiev", remove=self.kiev.pk), "You can&#x27;t add and remove “Kiev” at once."
        )
        self.assertContains(self.post(previewed="", remove="x"), "not a valid value")

    def test_a_writer_is_not_offered_it(self):
        self.client.force_login(rosa())
        self.assertNotContains(self.client.get(LIST), 'value="retag"')
        self.post(previewed='[["Coast"], [], null]', add="Coast", _apply="1")
        self.assertEqual(tag_names("Old"), {"Kiev"})


class EditedTagTest(Retagged):
    def edit(self, name, *synonyms):
        from stories.models import take_tag_snapshot

        was = take_tag_snapshot(self.kiev)
        self.kiev.name = name
        self.kiev.save()
        for synonym in synonyms:
            self.kiev.remember(synonym, self.kiev.slug)
        return TagChange.objects.edited(self.kiev, was, by=self.ed)

    def test_a_rename_undone_leads_from_the_new_address_to_the_old(self):
        change = self.edit("Kijiw", "Kiew")
        self.assertEqual(str(change), "“Kiev” renamed “Kijiw”")
        change.undo(by=self.ed)
        self.assertEqual(self.client.get("/tags/kiev/").status_code, 200)
        self.assertRedirects(self.client.get("/tags/kijiw/"), "/tags/kiev/", 301)
        self.assertEqual(Tag.objects.named(["Kijiw", "Kiew"]), {})

    def test_renames_are_undone_from_the_last(self):
        first, last = self.edit("Kijiw"), self.edit("Kyjiw")
        with self.assertRaisesMessage(CannotUndo, "was renamed “Kyjiw” later. Undo that first"):
            first.undo(by=self.ed)
        last.undo(by=self.ed)
        first.undo(by=self.ed)
        self.assertEqual(Tag.objects.get(slug="kiev").name, "Kiev")

    def test_an_edit_of_nothing_is_not_remembered(self):
        self.assertIsNone(self.edit("Kiev"))

    def test_the_form_says_what_a_rename_does_before_it_is_done(self):
        self.client.force_login(self.ed)
        page = {"name": "Kijiw", "description": "", "aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}
        asked = self.client.post(reverse("admin:stories_tag_change", args=[self.kiev.pk]), page)
        self.assertContains(asked, "2 stories will show “Kijiw” instead of “Kiev”")
        self.assertEqual(Tag.objects.get(pk=self.kiev.pk).name, "Kiev")

    def test_the_tags_page_tells_its_use_its_twins_and_its_past(self):
        Tag.objects.ensure(["Harbour", "Harbours"])
        self.client.force_login(self.ed)
        self.edit("Harbor")
        page = self.client.get(reverse("admin:stories_tag_change", args=[self.kiev.pk]))
        for words in ("2 published", "By region", "Possible duplicates", "/tags/kiev/", "“Kiev” renamed “Harbor”"):
            self.assertContains(page, words)
