"""The stories that a new installation shows: regions.json and demo.json, and demo.txt from which the latter is made."""

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

    def test_the_file_is_what_would_be_written_now(self):
        current = write_demo.DEMO.read_text(encoding="utf-8") == write_demo.demo()
        self.assertTrue(current, "Run `python -m stories.fixtures.write_demo`.")

    def test_every_body_is_as_clean_as_it_will_ever_be(self):
        for story in Story.objects.all():
            self.assertEqual(sanitise(story.body), story.body, story.slug)

    def test_every_story_passes_the_checks_of_the_form(self):
        for story in Story.objects.select_related("region"):
            story.full_clean(validate_unique=False, validate_constraints=False)

    def test_at_least_thirty_six_stories_are_written_by_hand(self):
        blocks = write_demo.read_blocks(write_demo.WORDS.read_text(encoding="utf-8"))
        headlines = {manuscript.headline for manuscript in write_demo.written_by_hand(blocks)}
        self.assertGreaterEqual(Story.objects.filter(headline__in=headlines).count(), 36)

    def test_every_status_is_shown_and_something_is_scheduled(self):
        self.assertEqual(set(Story.objects.values_list("status", flat=True)), set(Status.values))
        self.assertTrue(Story.objects.filter(live_at__gt=write_demo.DEMO_DAY).exists())

    def test_no_two_stories_have_one_headline(self):
        headlines = Story.objects.values_list("headline", flat=True)
        self.assertEqual(len(set(headlines)), len(headlines))

    def test_the_derived_names_are_what_saving_would_have_made(self):
        for term in (*Tag.objects.all(), *Region.objects.all()):
            self.assertEqual(term.normal, normal_form(term.name))
            self.assertEqual(term.slug, slug_for(term.name, otherwise="", length=100))
            self.assertTrue(term.slug)

    def test_every_region_has_its_stories(self):
        for region in Region.objects.all():
            self.assertGreater(region.stories.count(), 20, region)

    def test_no_slot_was_left_open(self):
        self.assertFalse(Story.objects.filter(headline__contains="{").exists())
        self.assertFalse(Story.objects.filter(body__contains="{").exists())

    def test_sources_lead_only_to_places_kept_for_examples(self):
        self.assertFalse(Source.objects.exclude(url__regex=r"^https://www\.example\.(org|com|net)/").exists())
