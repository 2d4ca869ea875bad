from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from stories.models import Region, Tag, TagAlias
from tests.cast import story


class NamesOfATagTest(TestCase):
    def test_two_spellings_of_a_name_are_one_tag(self):
        made = Tag.objects.ensure(["Russia", " russia ", "RÚSSIA", "Cafe\u0301", "Café"])
        self.assertEqual(len({tag.pk for tag in made.values()}), 2)
        self.assertEqual(set(Tag.objects.values_list("name", flat=True)), {"Russia", "Café"})

    def test_the_database_refuses_a_second_spelling(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Tag.objects.bulk_create([Tag(name=name, normal="russia", slug=name) for name in ("Russia", "russia")])

    def test_the_database_refuses_an_alias_that_is_both_a_name_and_an_address(self):
        tag = Tag.objects.create(name="Russia")
        with self.assertRaises(IntegrityError), transaction.atomic():
            TagAlias.objects.bulk_create([TagAlias(name="Rus", normal="rus", slug="rus", tag=tag)])

    def test_a_name_without_letters_still_gets_an_address(self):
        first, second = Tag.objects.create(name="!!!"), Tag.objects.create(name="???")
        self.assertEqual((first.slug, second.slug), ("tag", "tag-2"))

    def test_a_name_that_cannot_be_read_is_refused(self):
        with self.assertRaisesMessage(ValidationError, "at least one letter or digit"):
            Tag(name="\u200b").full_clean()

    def test_a_name_that_grows_when_it_is_composed_is_refused(self):
        for name in ("\u0958" * 100, "\ufdfa" * 100):
            with self.assertRaisesMessage(ValidationError, "too long"):
                Tag(name=name).full_clean()
            with self.assertRaises(ValidationError):
                TagAlias(name=name, tag=Tag.objects.ensure(["Coast"])["Coast"]).full_clean()

    def test_names_that_share_a_slug_have_two_addresses(self):
        self.assertEqual([Tag.objects.create(name=name).slug for name in ("C", "C++", "C#")], ["c", "c-2", "c-3"])


class RenameTest(TestCase):
    def setUp(self):
        self.tag = Tag.objects.create(name="Kiev")

    def rename(self, name):
        self.tag.name = name
        self.tag.save()

    def test_a_renamed_tag_answers_to_its_old_name_and_address(self):
        self.rename("Kyiv")
        self.assertEqual(self.tag.slug, "kyiv")
        self.assertEqual(Tag.objects.get_by_any_slug("kiev"), self.tag)
        self.assertEqual(Tag.objects.ensure(["KIEV"]), {"KIEV": self.tag})

    def test_a_chain_of_renames_keeps_every_name(self):
        for name in ("Kyiv", "Kyiv City", "Capital"):
            self.rename(name)
        for slug in ("kiev", "kyiv", "kyiv-city", "capital"):
            self.assertEqual(Tag.objects.get_by_any_slug(slug), self.tag, slug)

    def test_a_tag_renamed_back_has_no_alias_for_its_own_name(self):
        self.rename("Kyiv")
        self.rename("Kiev")
        self.assertEqual([alias.normal or alias.slug for alias in self.tag.aliases.all()], ["kyiv", "kyiv"])

    def test_another_case_of_the_name_is_no_rename(self):
        self.rename("KIEV")
        self.assertEqual((self.tag.slug, self.tag.aliases.count()), ("kiev", 0))

    def test_a_former_name_cannot_become_another_tags_name(self):
        self.rename("Kyiv")
        with self.assertRaisesMessage(ValidationError, "already a name of “Kyiv”"):
            Tag(name="Kiev").full_clean()

    def test_a_new_tag_does_not_take_a_former_address(self):
        plus = Tag.objects.create(name="C++")
        plus.name = "Cpp"
        plus.save()
        self.assertEqual(Tag.objects.create(name="C#").slug, "c-2")
        self.assertEqual(Tag.objects.get_by_any_slug("c"), plus)

    def test_a_former_address_never_leads_to_a_tag_with_a_like_name(self):
        sharp, plain = Tag.objects.create(name="C#"), Tag.objects.create(name="C")
        sharp.name = "C sharp"
        sharp.save()
        plain.name = "See"
        plain.save()
        self.assertEqual(Tag.objects.get_by_any_slug("c"), sharp)
        self.assertEqual(Tag.objects.get_by_any_slug("c-2"), plain)
        self.assertEqual(Tag.objects.ensure(["C"]), {"C": plain})

    def test_a_synonym_of_another_tag_stays_that_tags(self):
        diamond, ring = Tag.objects.create(name="Diamond"), Tag.objects.create(name="Ring")
        TagAlias.objects.create(name="Stone", tag=diamond)
        ring.remember("Stone", "stone")
        self.assertEqual(Tag.objects.ensure(["stone"]), {"stone": diamond})

    def test_a_region_keeps_its_old_address_too(self):
        region = Region.objects.create(name="British Isles")
        region.name = "Britain and Ireland"
        region.save()
        self.assertEqual(Region.objects.get_by_any_slug("british-isles"), region)

    def test_update_or_create_renames_like_any_save(self):
        Tag.objects.update_or_create(slug="kiev", defaults={"name": "Kyiv"})
        self.assertEqual(Tag.objects.get().slug, "kyiv")


class MergeTest(TestCase):
    def setUp(self):
        self.kiev, self.kyiv = Tag.objects.create(name="Kiev"), Tag.objects.create(name="Kyiv")
        self.old, self.both = story("Old", tags=["Kiev"]), story("Both", tags=["Kiev", "Kyiv"])

    def test_a_merge_moves_every_story_once(self):
        changed = self.kiev.merge_into(self.kyiv)
        self.assertEqual(changed, 2)
        for one in (self.old, self.both):
            self.assertEqual([tag.name for tag in one.tags.all()], ["Kyiv"])

    def test_a_merged_tag_lives_on_as_a_name_and_an_address(self):
        TagAlias.objects.create(name="Kiew", tag=self.kiev)
        self.kiev.merge_into(self.kyiv)
        for name in ("kiev", "kiew"):
            self.assertEqual(Tag.objects.get_by_any_slug(name), self.kyiv, name)
        self.assertEqual(Tag.objects.count(), 1)

    def test_a_merge_of_an_old_copy_keeps_the_present_name(self):
        old = Tag.objects.get(pk=self.kiev.pk)
        self.kiev.name = "Capital"
        self.kiev.save()
        old.merge_into(self.kyiv)
        for name in ("capital", "kiev"):
            self.assertEqual(Tag.objects.get_by_any_slug(name), self.kyiv, name)

    def test_a_merge_into_an_old_copy_keeps_the_names_of_both(self):
        old = Tag.objects.get(pk=self.kyiv.pk)
        self.kyiv.name = "Capital"
        self.kyiv.save()
        self.kiev.merge_into(old)
        for name in ("capital", "kyiv", "kiev"):
            self.assertEqual(Tag.objects.get_by_any_slug(name).name, "Capital", name)

    def test_a_tag_is_not_merged_into_itself(self):
        with self.assertRaises(ValueError):
            self.kiev.merge_into(self.kiev)
        self.assertEqual(Tag.objects.count(), 2)

    def test_two_merges_that_cross_leave_one_tag(self):
        stale = Tag.objects.get(pk=self.kyiv.pk), Tag.objects.get(pk=self.kiev.pk)
        self.kiev.merge_into(self.kyiv)
        with self.assertRaisesMessage(ValueError, "no longer exists"):
            stale[0].merge_into(stale[1])
        self.assertEqual(Tag.objects.get().name, "Kyiv")

    def test_a_merge_costs_the_same_for_many_stories(self):
        for number in range(20):
            story(f"Story {number}", tags=["Kiev"])
        with self.assertNumQueries(22):
            self.kiev.merge_into(self.kyiv)


class MatchingTest(TestCase):
    def test_an_exact_match_comes_first_then_the_most_used(self):
        for number in range(3):
            story(f"Story {number}", tags=["North Coast", "Coastguard"] if number else ["North Coast"])
        Tag.objects.create(name="Coast")
        self.assertEqual([tag.name for tag in Tag.objects.matching("coast")], ["Coast", "North Coast", "Coastguard"])

    def test_accents_and_case_do_not_matter(self):
        Tag.objects.create(name="Café culture")
        self.assertEqual([tag.name for tag in Tag.objects.matching("CAFE")], ["Café culture"])

    def test_another_name_gives_its_tag(self):
        tag = Tag.objects.create(name="Kyiv")
        TagAlias.objects.create(name="Kiev", tag=tag)
        found = Tag.objects.matching("kiev")
        self.assertEqual([(tag.name, tag.exact) for tag in found], [("Kyiv", True)])

    def test_wildcards_are_only_characters(self):
        Tag.objects.create(name="Coast")
        self.assertEqual(list(Tag.objects.matching("%")), [])


class NearTwinTest(TestCase):
    def near(self, typed, *names):
        Tag.objects.ensure(names)
        return [tag.name for tag in Tag.objects.similar_to(typed)]

    def test_a_slip_of_a_letter_finds_the_tag_that_was_meant(self):
        for typed in ("Ukrane", "Ukraien", "ukrainee", "Ukraíne", "Ukriane"):
            self.assertEqual(self.near(typed, "Ukraine"), ["Ukraine"] if typed != "Ukraíne" else [], typed)

    def test_long_names_may_have_two_slips_and_another_order(self):
        for typed in ("Foriegn policyy", "policy foreign"):
            self.assertEqual(self.near(typed, "Foreign policy"), ["Foreign policy"], typed)

    def test_short_names_and_other_numbers_are_other_things(self):
        for typed, other in (("Iraq", "Iran"), ("Election 2026", "Election 2025"), ("Ferries", "Harbour")):
            self.assertEqual(self.near(typed, other), [], typed)

    def test_a_synonym_gives_its_tag_and_the_most_used_comes_first(self):
        Tag.objects.create(name="Harbours").remember("Seaports", "seaports")
        story(tags=["Harbourd"])
        self.assertEqual(self.near("Seaport"), ["Harbours"])
        self.assertEqual(self.near("Harbour"), ["Harbourd", "Harbours"])


class StandingInTest(TestCase):
    def found(self, text):
        return [tag.name for tag in Tag.objects.standing_in(text)]

    def test_names_and_synonyms_of_any_case_are_found_between_punctuation(self):
        Tag.objects.ensure(["Foreign policy", "Kyiv", "Coast"])
        Tag.objects.get(name="Kyiv").remember("Kiev", "kiev")
        self.assertEqual(set(self.found("FOREIGN Policy, said (Kiev).")), {"Foreign policy", "Kyiv"})

    def test_an_acronym_is_no_common_word(self):
        Tag.objects.ensure(["US", "NATO"])
        self.assertEqual(self.found("They told us about nato."), [])
        self.assertEqual(set(self.found("The US left NATO.")), {"US", "NATO"})

    def test_a_long_text_takes_as_many_queries_as_a_short_one(self):
        Tag.objects.ensure(["Coast"])
        for text in ("coast", "coast " * 10_000, "coast '\" \x00 " * 100):
            with self.assertNumQueries(3):
                self.assertEqual(self.found(text), ["Coast"])
        self.assertEqual(self.found(""), [])
