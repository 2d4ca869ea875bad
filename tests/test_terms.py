"""Names and slugs of tags and regions: limits, messages, and what a save writes."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from stories.models import Region, Tag


class NameTest(TestCase):
    def refusal(self, name, **fields):
        with self.assertRaises(ValidationError) as caught:
            Tag(name=name, **fields).clean()
        return caught.exception.message_dict

    def test_a_name_has_a_visible_character(self):
        for name in ("", " ", "\u200b", "\u00ad\n"):
            self.assertEqual(
                self.refusal(name), {"name": ["Enter a name with at least one letter or digit."]}, repr(name)
            )

    def test_a_name_has_up_to_a_hundred_characters_and_its_normal_form_three_hundred(self):
        for name in ("x" * 100, "ﷺ" * 16 + "x" * 12):
            Tag(name=name).clean()
            self.assertEqual(self.refusal(f"{name}x"), {"name": ["This name is too long. Shorten it."]})

    def test_no_name_of_another_is_taken(self):
        kyiv = Tag.objects.create(name="Kyiv")
        kyiv.remember("Kiev", "kiev")
        for name in ("kyiv", "KIEV"):
            self.assertEqual(
                self.refusal(name), {"name": [f"“{name}” is already a name of “Kyiv”. Choose another name."]}
            )

    def test_its_own_names_may_be_used_again(self):
        kyiv = Tag.objects.create(name="Kyiv")
        kyiv.remember("Kiev", "kiev")
        for name in ("Kyiv", "KYIV", "Kiev"):
            kyiv.name = name
            kyiv.clean()

    def test_a_description_keeps_its_lines_and_no_control_characters(self):
        tag = Tag(name="Coast", description="Where\x00 land\n\nends")
        tag.clean()
        self.assertEqual(tag.description, "Where land\n\nends")


class SlugTest(TestCase):
    def slugs(self, *names):
        return [Tag.objects.ensure([*names])[name].slug for name in names]

    def test_names_with_one_slug_are_numbered(self):
        self.assertEqual(self.slugs("C", "C#", "C++"), ["c", "c-2", "c-3"])
        self.assertEqual(self.slugs("C*"), ["c-4"])

    def test_numbers_that_are_taken_are_skipped(self):
        Tag.objects.create(name="Another", slug="c-2")
        self.assertEqual(self.slugs("C", "C#", "C++"), ["c", "c-3", "c-4"])

    def test_a_former_slug_is_not_given_away(self):
        tag = Tag.objects.create(name="Rus")
        tag.name = "Russia"
        tag.save()
        self.assertEqual(self.slugs("Rus!"), ["rus-2"])
        other = Tag.objects.create(name="Moscow")
        other.name = "Rus?"
        other.save()
        self.assertEqual(other.slug, "rus-3")

    def test_a_rename_follows_the_name_but_not_its_case_or_a_chosen_slug(self):
        tag = Tag.objects.create(name="Coast")
        for name, chosen, slug in (
            ("COAST", None, "coast"), ("Coast!", None, "coast"), ("Shore", None, "shore"), ("Beach", "sand", "sand"),
        ):  # fmt: skip
            tag.name, tag.slug = name, chosen or tag.slug
            tag.save()
            self.assertEqual(Tag.objects.get().slug, slug)

    def test_a_slug_leaves_room_for_a_number_and_is_never_empty(self):
        self.assertEqual(Tag.objects.create(name="x" * 100).slug, "x" * 92)
        self.assertEqual((Tag.objects.create(name="!!").slug, Region.objects.create(name="!!").slug), ("tag", "region"))

    def test_a_term_is_found_by_its_slug_a_former_slug_or_a_name(self):
        sea = Tag.objects.create(name="North Sea")
        sea.name = "German Ocean"
        sea.save()
        for slug in ("german-ocean", "north-sea", "GERMAN ocean", "north sea"):
            self.assertEqual(Tag.objects.get_by_any_slug(slug), sea, slug)
        with self.assertRaisesMessage(Tag.DoesNotExist, "south-sea"):
            Tag.objects.get_by_any_slug("south-sea")
        self.assertEqual(Tag.objects.get_by_natural_key("german-ocean"), sea)


class SaveTest(TestCase):
    def setUp(self):
        self.tag = Tag.objects.create(name="Coast", description="old")

    def test_a_save_of_the_name_writes_what_follows_from_it_and_nothing_else(self):
        self.tag.name, self.tag.description = " Sea  side", "new"
        self.tag.save(update_fields=["name"])
        stored = Tag.objects.get()
        self.assertEqual((stored.name, stored.normal, stored.slug), ("Sea side", "sea side", "sea-side"))
        self.assertEqual(stored.description, "old")

    def test_a_save_of_another_name_does_so_too(self):
        self.tag.remember("Shore", "shore")
        alias, other = self.tag.aliases.get(normal="shore"), Tag.objects.create(name="Ships")
        alias.name, alias.tag = " Sea  side", other
        alias.save(update_fields=["name"])
        alias.refresh_from_db()
        self.assertEqual((alias.name, alias.normal, alias.tag), ("Sea side", "sea side", self.tag))

    def test_options_of_a_save_reach_the_database(self):
        self.tag.remember("Shore", "shore")
        for row in (self.tag, self.tag.aliases.get(normal="shore")):
            with self.assertRaises(IntegrityError), transaction.atomic():
                row.save(force_insert=True)

    def test_a_former_slug_has_no_normal_form(self):
        self.tag.name = "Seaside"
        self.tag.save()
        rows = set(self.tag.aliases.values_list("name", "normal", "slug"))
        self.assertEqual(rows, {("Coast", "coast", None), ("coast", None, "coast")})
