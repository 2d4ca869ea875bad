"""The picture that other sites show with a link to a story."""

from io import BytesIO
from unittest import TestCase as PlainTestCase

from django.test import TestCase
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from stories.models import Status
from stories.public.social_card import MAX_LINES, SIZE, draw_card, fit_headline, is_covered
from tests.cast import NOON, draft, story

LONG = "Ferry returns to Saltmere after eleven weeks of repairs " * 5


def drawn(headline, region="Europe", hue=1):
    return Image.open(BytesIO(draw_card(headline, region, hue, "Newsdesk")))


class CardTest(PlainTestCase):
    def test_it_is_a_small_png_of_the_size_that_sites_show(self):
        self.assertEqual((drawn("Ferry returns").format, drawn("Ferry returns").size), ("PNG", SIZE))
        self.assertLess(len(draw_card(LONG, "Europe", 1, "Newsdesk")), 100_000)

    def test_it_shows_the_headline_and_the_colour_of_the_region(self):
        self.assertNotEqual(drawn("Ferry returns").tobytes(), drawn("Ferry leaves").tobytes())
        self.assertNotEqual(drawn("Ferry returns").tobytes(), drawn("Ferry returns", hue=2).tobytes())

    def test_a_short_headline_is_large_and_a_long_one_is_cut_at_a_word(self):
        size, lines = fit_headline("Ferry returns")
        self.assertEqual((size, lines), (84, ["Ferry returns"]))
        size, lines = fit_headline(LONG)
        self.assertEqual((size, len(lines)), (44, MAX_LINES))
        self.assertTrue(LONG.startswith(" ".join(lines).removesuffix("…") + " "))

    def test_texts_that_the_font_lacks_letters_for_are_left_out(self):
        self.assertTrue(is_covered("Žluťoučký kůň, Ωμέγα, Паром"))
        self.assertFalse(is_covered("渡し船"))
        self.assertEqual(drawn("渡し船").tobytes(), drawn("").tobytes())

    @given(st.text(max_size=255), st.text(max_size=100))
    @example("x" * 255, "")
    @example("…\u202e\x00", "\ud800")
    def test_no_text_breaks_it(self, headline, region):
        self.assertEqual(drawn(headline, region).size, SIZE)


class CardPageTest(TestCase):
    def test_its_path_is_below_the_storys_and_it_is_cached_like_a_page(self):
        one = story("Ferry returns")
        with self.assertNumQueries(1):
            answer = self.client.get(one.get_absolute_url() + "card.png")
        self.assertEqual(answer["Content-Type"], "image/png")
        self.assertIn("public", answer["Cache-Control"])
        self.assertContains(self.client.get(one.get_absolute_url()), f"{one.get_absolute_url()}card.png")

    def test_only_what_readers_see_has_one(self):
        story("Withdrawn", status=Status.WITHDRAWN, at=NOON, first_published_at=NOON)
        draft("Draft")
        for slug, status in (("withdrawn", 410), ("draft", 404), ("nothing", 404)):
            self.assertEqual(self.client.get(f"/stories/{slug}/card.png").status_code, status)

    def test_another_case_redirects_to_the_one_url(self):
        story("Ferry returns")
        answer = self.client.get("/stories/Ferry-Returns/card.png")
        self.assertRedirects(answer, "/stories/ferry-returns/card.png", 301, fetch_redirect_response=False)
