"""Edits of a tag: their description in words, and their undo."""

from django.test import TestCase

from stories.models import CannotUndo, Tag, TagChange, take_tag_snapshot
from stories.models.tag_names import describe_edit
from tests.cast import ed, story

WAS = {"name": "Kiev", "slug": "kiev", "description": "A city.", "names": ["Kiew"]}


class DescriptionTest(TestCase):
    def test_each_change_is_told_once(self):
        for became, words in (
            ({}, ""),
            ({"slug": "kyiv"}, ""),
            ({"name": "Kyiv"}, "renamed “Kyiv”"),
            ({"name": "KIEV"}, "renamed “KIEV”"),
            ({"names": ["Kiew", "Kijów"]}, "other name added: “Kijów”"),
            ({"names": []}, "other name removed: “Kiew”"),
            ({"names": ["KIEW"]}, ""),
            ({"name": "Kyiv", "names": ["Kiew", "Kiev"]}, "renamed “Kyiv”"),
            ({"description": ""}, "description changed"),
            (
                {"name": "Kyiv", "names": ["Kijów", "Kief"], "description": "x"},
                "renamed “Kyiv”; other name added: “Kijów”; other name added: “Kief”; other name removed: “Kiew”; "
                "description changed",
            ),
        ):
            with self.subTest(became):
                self.assertEqual(describe_edit(WAS, WAS | became), words)


class EditTest(TestCase):
    def setUp(self):
        self.ed = ed()
        self.create_kiev()

    def create_kiev(self):
        self.tag = Tag.objects.create(name="Kiev", description="A city.")
        self.tag.aliases.create(name="Kiew")

    def edit(self, *, remove=(), add=(), **fields):
        was = take_tag_snapshot(self.tag)
        for name, value in fields.items():
            setattr(self.tag, name, value)
        self.tag.save()
        self.tag.aliases.filter(name__in=remove).delete()
        for name in add:
            self.tag.aliases.create(name=name)
        return TagChange.objects.edited(self.tag, was, by=self.ed)

    def state(self):
        return take_tag_snapshot(Tag.objects.get(pk=self.tag.pk))

    def test_a_snapshot_has_what_is_stored_and_no_former_slugs(self):
        self.tag.remember("Kijiw", "kijiw")
        self.tag.name = "unsaved"
        names = ["Kiew", "Kijiw"]
        self.assertEqual(self.state(), {"name": "Kiev", "slug": "kiev", "description": "A city.", "names": names})
        self.assertEqual(take_tag_snapshot(self.tag), self.state())

    def test_undo_restores_name_slug_other_names_and_description(self):
        before = self.state()
        change = self.edit(name="Kyiv", description="The capital.", remove=["Kiew"], add=["Kijów"])
        self.assertEqual((change.tag, change.into, change.kept, change.stories), ("Kiev", "Kyiv", self.tag.pk, 0))
        change.undo(by=self.ed)
        self.assertEqual(self.state(), before)
        self.assertEqual(Tag.objects.named(["Kyiv", "Kijów"]), {})
        self.assertEqual(Tag.objects.get_by_any_slug("kyiv"), self.tag)

    def test_what_was_edited_since_stays(self):
        change = self.edit(name="Kyiv", description="The capital.", add=["Kijów"])
        Tag.objects.filter(pk=self.tag.pk).update(description="Edited since.")
        self.tag.aliases.create(name="Added since")
        change.undo(by=self.ed)
        state = self.state()
        self.assertEqual((state["name"], state["description"]), ("Kiev", "Edited since."))
        self.assertEqual(sorted(state["names"]), ["Added since", "Kiew"])

    def test_a_slug_that_leads_elsewhere_by_now_is_not_taken_back(self):
        change = self.edit(name="Kyiv")
        self.tag.aliases.filter(slug="kiev").delete()
        Tag.objects.create(name="Another", slug="kiev")
        change.undo(by=self.ed)
        self.assertEqual((self.state()["name"], self.state()["slug"]), ("Kiev", "kiev-2"))

    def test_a_chosen_slug_is_taken_back(self):
        self.edit(slug="capital")
        self.edit(name="Kyiv", slug="kyiv").undo(by=self.ed)
        self.assertEqual((self.state()["name"], self.state()["slug"]), ("Kiev", "capital"))
        self.edit(description="Old.").undo(by=self.ed)
        self.assertEqual(self.state()["slug"], "capital")

    def test_other_names_alone_are_restored(self):
        change = self.edit(remove=["Kiew"], add=["Kijów"])
        self.assertEqual(change.details, "other name added: “Kijów”; other name removed: “Kiew”.")
        change.undo(by=self.ed)
        self.assertEqual(self.state()["names"], ["Kiew"])

    def test_an_undo_that_something_prevents_says_so(self):
        for spoil, message in (
            (lambda: Tag.objects.create(name="Kiew"), "“Kiew” is already a name of “Kiew”. Choose another name."),
            (self.rename_again, "“Kyiv” was renamed “Kyjiw” later. Undo that first."),
            (lambda: self.tag.delete(), "“Kyiv” was merged or deleted later. Undo that first."),
        ):
            Tag.objects.all().delete()
            self.create_kiev()
            change = self.edit(name="Kyiv", remove=["Kiew"])
            spoil()
            with self.assertRaises(CannotUndo) as caught:
                change.undo(by=self.ed)
            self.assertEqual(str(caught.exception), message)

    def rename_again(self):
        self.tag.name = "Kyjiw"
        self.tag.save()

    def test_the_stories_keep_their_tag(self):
        one = story(tags=["Kiev"])
        self.edit(name="Kyiv").undo(by=self.ed)
        self.assertEqual([tag.pk for tag in one.tags.all()], [self.tag.pk])
