"""A story's own language."""

from django.core.exceptions import ValidationError
from django.test import TestCase

from stories.models import Story
from stories.text.languages import language_attributes, language_choices
from tests.cast import ed, story
from tests.test_story_admin import change


class StoryLanguageTest(TestCase):
    def setUp(self):
        self.one = story("Die Fähre kehrt zurück", language="de")

    def test_it_sets_language_and_direction_of_the_whole_card(self):
        for url in ("/", self.one.get_absolute_url()):
            self.assertContains(self.client.get(url), '-zuruck" lang="de" dir="ltr">', count=1)
        self.assertContains(self.client.get("/search/?q=kehrt"), '-kehrt-zuruck" lang="de" dir="ltr">')
        Story.objects.update(language="ar")
        self.assertContains(self.client.get("/"), ' lang="ar" dir="rtl">')

    def test_without_one_the_card_follows_the_site(self):
        Story.objects.update(language="")
        self.assertContains(self.client.get("/"), '-zuruck">')
        self.assertEqual(language_attributes(""), "")

    def test_the_form_offers_languages_by_name_and_none_at_first(self):
        self.client.force_login(ed())
        page = self.client.get(change(self.one))
        self.assertContains(page, '<option value="de" selected>German (Deutsch)</option>', html=True)
        self.assertIn(("fa", "Persian (فارسی)"), language_choices())

    def test_an_unknown_language_is_refused(self):
        self.one.language = "xx"
        with self.assertRaises(ValidationError):
            self.one.full_clean()
