"""The tag and region screens, and the suggestions of the tag box."""

from django.test import TestCase
from django.urls import reverse

from stories.models import Region, Story, Tag
from tests.cast import draft, ed, person, rosa, story


def answered(client, url, data):
    """Post a form, and post it again if it asks for confirmation."""
    page = client.post(url, data, follow=True)
    form = page.context["adminform"].form if "adminform" in page.context else None
    if form and form.data.get("asked"):
        page = client.post(url, data | {"asked": form.data["asked"]}, follow=True)
    return page


LIST = reverse("admin:stories_tag_changelist")
SUGGEST = reverse("admin:stories_tag_suggest")


class MergeScreenTest(TestCase):
    def setUp(self):
        self.client.force_login(ed())
        story("Old", tags=["Kiev"])
        story("New", tags=["Kyiv"])
        self.chosen = {"action": "merge", "_selected_action": [tag.pk for tag in Tag.objects.all()]}

    def test_it_asks_which_tag_to_keep_and_changes_nothing_yet(self):
        page = self.client.post(LIST, self.chosen)
        self.assertContains(page, "Which tag do you want to keep?")
        self.assertEqual(Tag.objects.count(), 2)

    def test_it_merges_into_the_chosen_tag(self):
        keep = Tag.objects.get(name="Kyiv")
        page = self.client.post(LIST, self.chosen | {"keep": keep.pk}, follow=True)
        self.assertContains(page, "Merged “Kiev” into “Kyiv”")
        self.assertEqual(keep.story_tags.count(), 2)
        self.assertRedirects(self.client.get("/tags/kiev/"), "/tags/kyiv/", 301)

    def test_one_tag_is_too_few(self):
        page = self.client.post(
            LIST, self.chosen | {"_selected_action": self.chosen["_selected_action"][:1]}, follow=True
        )
        self.assertContains(page, "Select at least two tags")

    def test_writers_can_not_merge(self):
        self.client.force_login(rosa())
        self.assertNotContains(self.client.get(LIST), "Merge selected")
        self.client.post(LIST, self.chosen | {"keep": self.chosen["_selected_action"][0]})
        self.assertEqual(Tag.objects.count(), 2)


class TagScreenTest(TestCase):
    def setUp(self):
        self.client.force_login(ed())

    def save(self, tag, **fields):
        page = {"name": tag.name, "description": "", "aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}
        return answered(self.client, reverse("admin:stories_tag_change", args=[tag.pk]), page | fields)

    def test_a_renamed_tag_keeps_its_old_url(self):
        tag = Tag.objects.create(name="Kiev")
        self.save(tag, name="Kyiv")
        self.assertRedirects(self.client.get("/tags/kiev/"), "/tags/kyiv/", 301)

    def test_a_tag_is_added_with_its_other_names(self):
        page = {"name": "Kyiv", "description": "", "aliases-TOTAL_FORMS": 1, "aliases-INITIAL_FORMS": 0}
        self.client.post(reverse("admin:stories_tag_add"), page | {"aliases-0-name": "Kiew"})
        self.assertEqual(Tag.objects.get_by_any_slug("kiew"), Tag.objects.get(name="Kyiv"))

    def test_a_name_that_is_taken_is_an_error(self):
        Tag.objects.create(name="Kyiv")
        tag = Tag.objects.create(name="Kiev")
        self.assertContains(self.save(tag, name=" KYIV"), "is already a name of “Kyiv”")

    def test_a_synonym_can_be_added_but_not_another_tags_name(self):
        tag, other = Tag.objects.create(name="Kyiv"), Tag.objects.create(name="Lviv")
        synonym = {"aliases-TOTAL_FORMS": 1, "aliases-0-tag": tag.pk}
        self.save(tag, **synonym, **{"aliases-0-name": "Kiew"})
        self.assertEqual(Tag.objects.get_by_any_slug("kiew"), tag)
        page = self.save(tag, **synonym, **{"aliases-0-name": "lviv"})
        self.assertContains(page, f"is already a name of “{other}”")

    def test_the_list_counts_published_stories_and_links_to_them(self):
        for headline in ("One", "Two"):
            story(headline, tags=["Coast"])
        draft("Three", tags=["Coast"])
        page = self.client.get(LIST)
        self.assertContains(page, "?tag=coast")
        self.assertContains(page, "2 stories")

    def test_a_search_for_thousands_of_words_is_answered(self):
        Tag.objects.create(name="Coast")
        for url in (LIST, reverse("admin:stories_region_changelist")):
            page = self.client.get(url, {"q": " ".join(map(str, range(5_000)))})
            self.assertNotContains(page, "Coast")

    def test_a_region_keeps_its_old_url_and_shows_its_former_name(self):
        europe = Region.objects.create(name="Europe")
        url = reverse("admin:stories_region_change", args=[europe.pk])
        self.client.post(url, {"name": "The Continent", "position": 1, "description": ""})
        self.assertRedirects(self.client.get("/regions/europe/"), "/regions/the-continent/", 301)
        self.assertContains(self.client.get(url), "Europe")

    def test_a_region_with_stories_cannot_be_deleted(self):
        story()
        region = Region.objects.get()
        page = self.client.post(reverse("admin:stories_region_delete", args=[region.pk]), {"post": "yes"})
        self.assertContains(page, "would require deleting the following protected related objects")
        self.assertTrue(Region.objects.exists())


class SuggestTest(TestCase):
    def test_it_answers_with_names_and_counts(self):
        self.client.force_login(rosa())
        story(tags=["Coast", "North Coast"])
        found = self.client.get(SUGGEST, {"q": "coast"}).json()["tags"]
        self.assertEqual(found[0], {"name": "Coast", "uses": 1, "exact": True})
        self.assertEqual([tag["name"] for tag in found], ["Coast", "North Coast"])

    def test_the_most_used_tags_come_first(self):
        self.client.force_login(rosa())
        story(tags=["East Coast"])
        for headline in ("One", "Two"):
            story(headline, tags=["West Coast"])
        story("Not yet", status="draft", tags=["East Coast"])
        Tag.objects.create(name="Coastal")
        found = self.client.get(SUGGEST, {"q": "coas"}).json()["tags"]
        self.assertEqual(
            [(tag["name"], tag["uses"]) for tag in found], [("West Coast", 2), ("East Coast", 1), ("Coastal", 0)]
        )
        Story.objects.filter(headline__in=("One", "Two")).delete()
        self.assertEqual(self.client.get(SUGGEST, {"q": "coas"}).json()["tags"][0]["name"], "East Coast")

    def test_it_answers_any_text_with_at_most_ten_tags(self):
        self.client.force_login(rosa())
        for number in range(12):
            Tag.objects.create(name=f"Coast {number}")
        for text in ("coast", "", "%", "\x00", "x" * 10_000, "'"):
            self.assertLessEqual(len(self.client.get(SUGGEST, {"q": text}).json()["tags"]), 10)

    def test_only_users_who_may_view_tags_are_answered(self):
        self.assertEqual(self.client.get(SUGGEST).status_code, 302)
        self.client.force_login(person("nobody", is_staff=True))
        self.assertEqual(self.client.get(SUGGEST).status_code, 403)

    def test_the_number_of_queries_is_constant(self):
        self.client.force_login(rosa())
        Tag.objects.ensure(f"Coast {number}" for number in range(30))
        with self.assertNumQueries(7):  # session, person, two for permissions, tags, two for similar ones
            self.client.get(SUGGEST, {"q": "coast"})


class InTextTest(TestCase):
    url = reverse("admin:stories_tag_in_text")

    def found(self, **text):
        return [tag["name"] for tag in self.client.post(self.url, text).json()["tags"]]

    def test_tags_in_headline_or_body_are_offered_most_used_first(self):
        self.client.force_login(rosa())
        story(tags=["Coast", "Harbour", "Ferries"])
        story("Another", tags=["Coast"])
        self.assertEqual(self.found(headline="Harbour", body="<p>The <em>coast</em></p>"), ["Coast", "Harbour"])

    def test_any_text_is_answered(self):
        self.client.force_login(rosa())
        for text in ("", "<" * 200_000, "<li" * 50_000, "\x00", "&" * 1_000):
            self.assertEqual(self.found(headline=text, body=text), [])

    def test_only_users_who_may_view_tags_are_answered_and_only_to_post(self):
        self.assertEqual(self.client.post(self.url).status_code, 302)
        self.client.force_login(person("nobody", is_staff=True))
        self.assertEqual(self.client.post(self.url).status_code, 403)
        self.assertEqual(self.client.get(self.url).status_code, 405)
