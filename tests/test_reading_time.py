from django.test import SimpleTestCase, TestCase

from stories.admin.widgets.reading_time import reading_time
from tests.cast import ed, story
from tests.test_story_admin import ADD, change


class ReadingTimeTest(SimpleTestCase):
    def test_words_are_counted_across_paragraphs_and_items_but_not_markup_or_dashes(self):
        body = "<p>The <strong>fer</strong>ry – it’s back.</p><ul><li><p>At&nbsp;last</p></li></ul>"
        self.assertEqual(reading_time(body), "6 words, about 1 minute to read.")

    def test_a_minute_that_is_begun_counts(self):
        self.assertEqual(reading_time("<p>" + "word " * 1150 + "</p>"), "1,150 words, about 5 minutes to read.")
        self.assertEqual(reading_time("<p>" + "word " * 1151 + "</p>"), "1,151 words, about 6 minutes to read.")

    def test_nothing_has_no_time(self):
        self.assertEqual((reading_time(""), reading_time("<p>–</p>")), ("No words yet.",) * 2)
        self.assertEqual(reading_time("<p>One</p>"), "1 word, about 1 minute to read.")


class FormTest(TestCase):
    def test_the_form_says_it_without_a_script(self):
        self.client.force_login(ed())
        self.assertContains(self.client.get(ADD), "No words yet.")
        self.assertContains(self.client.get(change(story())), "4 words, about 1 minute to read.")
