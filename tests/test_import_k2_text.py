from datetime import datetime
from pathlib import Path
from unittest import skipUnless

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.timezone import localtime

from stories.importers.headline_guess import guess_headline
from stories.models import Status, Story
from tests.k2_pages import FERRY, LIGHTHOUSE, ImportCase, text_item, text_page, totals

SEED = Path(settings.BASE_DIR).parent / "shared" / "seed" / "tag-russia-page-1.txt"
NEWEST = {"newest": "2024-06-20"}


class TextPageTest(ImportCase):
    def import_text_page(self, content, **options):
        return self.import_content(content, "page.txt", **NEWEST | options)

    def test_a_text_page_brings_body_region_tag_and_headline(self):
        printed = self.import_text_page(text_page(text_item(), text_item(f"{LIGHTHOUSE} See", "British Isles")))
        self.assertEqual(printed, totals(created=2, lost=1))
        ferry, lighthouse = Story.objects.published().newest_first()
        self.assertEqual((ferry.body, ferry.region.name), (f"<p>{FERRY}</p>", "Europe"))
        self.assertEqual((lighthouse.body, lighthouse.region.name), (f"<p>{LIGHTHOUSE}</p>", "British Isles"))
        self.assertEqual((ferry.headline, lighthouse.headline), ("The ferry is back at Saltmere", LIGHTHOUSE[:23]))
        self.assertEqual([tag.name for tag in lighthouse.tags.all()], ["Ferries"])

    def test_the_text_is_kept_exactly(self):
        words = "It’s 'so' “so” <b>so</b> &amp; R&D 5 > 3\u2028end\u00a0here — naïve\u2026"
        self.import_text_page(text_page(text_item(f"{words}\n\nSecond one."), foot="Page 1 of 1").replace("\n", "\r\n"))
        body = Story.objects.get().body
        self.assertEqual(body.count("<p>"), 2)
        self.assertIn("&lt;b&gt;so&lt;/b&gt; &amp;amp; R&amp;D", body)

    def test_a_sentence_may_start_with_published_in(self):
        body = "It is a book.\n\nPublished in 1987, it sold well.\n\nPublished in March\nand in May, it sold again."
        self.import_text_page(text_page(text_item(body)))
        self.assertIn("<p>Published in March\nand in May, it sold again.</p>", Story.objects.get().body)
        self.assertEqual(Story.objects.get().region.name, "Europe")

    def test_a_holy_see_at_the_end_is_no_lost_source(self):
        self.assertEqual(self.import_text_page(text_page(text_item("He went to the Holy See"))), totals(created=1))

    def test_every_closing_word_is_dropped(self):
        items = [text_item(f"Story {n}. {word}") for n, word in enumerate(["See", "See:", "More:", "See also"])]
        self.assertEqual(self.import_text_page(text_page(*items)), totals(created=4, lost=4))
        self.assertFalse(Story.objects.filter(body__contains="See").exists())

    def test_text_after_the_last_story_fails_as_an_item_without_region(self):
        printed = self.import_text_page(text_page(text_item(), "Left over.\n", foot="\nPage 1 of 2"))
        self.assertIn("page.txt: item 2: has no “Published in …” line", printed)
        self.assertIn(totals(created=1, failed=1), printed)

    def test_an_item_without_text_fails_alone(self):
        printed = self.import_text_page(text_page(text_item("See"), text_item()))
        self.assertIn("page.txt: item 1: has no text", printed)
        self.assertIn(totals(created=1, failed=1), printed)


class UndatedTest(ImportCase):
    def page(self, number):
        items = [text_item(f"Story {number}/{index} is here.") for index in range(10)]
        return self.file(text_page(*items, foot=f"Page {number} of 26"), f"page-{number}.txt")

    def days(self):
        stories = Story.objects.order_by("-published_at").values_list("headline", "published_at")
        return [(headline, localtime(at).replace(tzinfo=None)) for headline, at in stories]

    def test_each_story_gets_a_day_by_position_in_any_order_of_import(self):
        first, second = self.page(1), self.page(2)
        self.run_import(second, **NEWEST)
        self.run_import(first, **NEWEST)
        days = self.days()
        self.assertEqual(days[0], ("Story 1/0 is here", datetime(2024, 6, 20, 12)))
        self.assertEqual(days[10], ("Story 2/0 is here", datetime(2024, 6, 10, 12)))
        self.assertEqual([headline[6:9] for headline, _ in days[:10]], [f"1/{index}" for index in range(10)])

    def test_another_newest_day_changes_nothing_later(self):
        page = self.page(1)
        self.run_import(page, newest="2024-06-20")
        before = self.days()
        self.assertEqual(self.run_import(page, newest="2025-01-01"), (0, totals(unchanged=10)))
        self.assertEqual(self.days(), before)

    def test_without_newest_only_drafts_are_imported(self):
        page = self.page(1)
        self.assert_rejected(page.read_bytes(), "has no dates: add --newest YYYY-MM-DD", "again.txt")
        self.assertEqual(self.run_import(page, status="draft"), (0, totals(created=10)))
        self.assertEqual(set(Story.objects.values_list("status", "published_at")), {(Status.DRAFT, None)})

    def test_a_page_number_that_is_too_high_is_reported(self):
        text = text_page(text_item(), foot="Page 999999 of 999999")
        self.assert_rejected(
            text,
            "item 1: is too far down the listing: no date is 9,999,980 days before 2024-06-20",
            "far.txt",
            **NEWEST,
        )


class RejectedTextTest(ImportCase):
    def test_a_file_that_is_no_page_is_reported_in_one_line(self):
        cases = {
            "has an unknown format. Known are: JSON lines; K2 tag page": "Just some words.\n",
            "has no stories, only the title": "Displaying items by tag: Ferries\n\nPage 1 of 1",
            "names no tag in its title": "Displaying items by tag:\n\nWords.\n\nPublished in Europe",
            "is empty": " \n ",
            "is not a text file": b"\x89PNG\x00\x01",
            "is not valid UTF-8": "Displaying items by tag: Café".encode("cp1252"),
        }
        self.assert_rejected("Displaying items by tag: Ferries", "only the title", "page.txt", **NEWEST)
        for reason, content in cases.items():
            self.assert_rejected(content, f"page.txt: {reason}", "page.txt", **NEWEST)


class HeadlineTest(ImportCase):
    def test_a_short_first_sentence_is_the_headline(self):
        self.assertEqual(
            guess_headline("The U.S. ferry of Mr. Sand is back. It sails."), "The U.S. ferry of Mr. Sand is back"
        )
        self.assertEqual(guess_headline("He said ‘No.’ Then he left."), "He said ‘No.’")
        self.assertEqual(guess_headline("It cost £3.50 at most then"), "It cost £3.50 at most then")
        self.assertEqual(guess_headline("Will it sail? Yes."), "Will it sail?")

    def test_a_long_sentence_is_cut_at_a_word_within_80_characters(self):
        for text in ("word " * 40, "abcdefghij, " * 20, "x" * 79 + " y z", "x" * 300, "x" * 80 + ". Y"):
            headline = guess_headline(text)
            self.assertLessEqual(len(headline), 80)
            self.assertTrue(headline.endswith("…") or headline == "x" * 80)
        self.assertEqual(guess_headline("abcdefghij, " * 20), ("abcdefghij, " * 6).rstrip(", ") + "…")


@skipUnless(SEED.exists(), "the seed page is not next to this checkout")
class SeedPageTest(ImportCase):
    def test_the_seed_page_is_imported_completely_and_once(self):
        self.assertEqual(self.run_import(SEED, **NEWEST), (0, totals(created=10, lost=3)))
        self.assertEqual(self.run_import(SEED, **NEWEST), (0, totals(unchanged=10, lost=3)))
        lines = [line.removesuffix(" See") for line in SEED.read_text("utf-8").split("\n") if len(line) > 100]
        bodies = [story.body for story in Story.objects.published().newest_first()]
        self.assertEqual([strip_tags(body) for body in bodies], lines)
        regions = [story.region.name for story in Story.objects.published().newest_first()]
        self.assertEqual(regions, ["Worldwide", "British Isles", *["Europe"] * 7, "Worldwide"])
