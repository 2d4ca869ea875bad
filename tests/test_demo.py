"""The demo fixtures regions.json and demo.json, and demo.txt, from which demo.json is written."""

from django.core.management import call_command
from django.test import TestCase

from stories.fixtures import write_demo
from stories.models import Region, Source, Status, Story, StoryTag, Tag
from stories.text.html import sanitise
from stories.text.normalize import normal_form
from stories.text.slugs import slug_for

MODELS = (Region, Tag, Story, Source, StoryTag)


def load():
    call_command("loaddata", "regions", "demo", verbosity=0)


class DemoTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        load()

    def test_community_fills_twenty_six_pages_of_ten(self):
        stories = Story.objects.filter(
            tags__slug="community", status=Status.PUBLISHED, published_at__lt=write_demo.DEMO_DAY
        )
        self.assertEqual(stories.count(), 257)

    def test_loading_twice_adds_nothing(self):
        before = [model.objects.count() for model in MODELS]
        load()
        self.assertEqual([model.objects.count() for model in MODELS], before)

    def test_the_fixture_is_up_to_date(self):
        current = write_demo.DEMO.read_text(encoding="utf-8") == write_demo.demo_json()
        self.assertTrue(current, "Run `python -m stories.fixtures.write_demo`.")

    def test_every_body_is_sanitised(self):
        for story in Story.objects.all():
            self.assertEqual(sanitise(story.body), story.body, story.slug)

    def test_every_story_is_valid(self):
        for story in Story.objects.select_related("region"):
            story.full_clean(validate_unique=False, validate_constraints=False)

    def test_at_least_thirty_six_stories_are_complete_in_demo_txt(self):
        blocks = write_demo.read_blocks(write_demo.WORDS.read_text(encoding="utf-8"))
        headlines = {manuscript.headline for manuscript in write_demo.full_stories(blocks)}
        self.assertGreaterEqual(Story.objects.filter(headline__in=headlines).count(), 36)

    def test_every_status_occurs_and_a_story_is_scheduled(self):
        self.assertEqual(set(Story.objects.values_list("status", flat=True)), set(Status.values))
        self.assertTrue(Story.objects.filter(live_at__gt=write_demo.DEMO_DAY).exists())

    def test_headlines_are_unique(self):
        headlines = Story.objects.values_list("headline", flat=True)
        self.assertEqual(len(set(headlines)), len(headlines))

    def test_normal_forms_and_slugs_are_those_that_saving_gives(self):
        for term in (*Tag.objects.all(), *Region.objects.all()):
            self.assertEqual(term.normal, normal_form(term.name))
            self.assertEqual(term.slug, slug_for(term.name, otherwise="", length=100))
            self.assertTrue(term.slug)

    def test_every_region_has_stories(self):
        for region in Region.objects.all():
            self.assertGreater(region.stories.count(), 20, region)

    def test_every_slot_is_filled(self):
        self.assertFalse(Story.objects.filter(headline__contains="{").exists())
        self.assertFalse(Story.objects.filter(body__contains="{").exists())

    def test_sources_lead_only_to_example_domains(self):
        self.assertFalse(Source.objects.exclude(url__regex=r"^https://www\.example\.(org|com|net)/").exists())
