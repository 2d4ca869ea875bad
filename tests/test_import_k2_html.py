from datetime import UTC, datetime

from stories.models import Source, Story, Tag
from tests.k2_pages import ImportCase, html_item, html_page, totals

LINK = '<a href="https://example.com/a">BBC</a>'
OTHER = '<a href="https://example.com/b">https://example.com/b</a>'


class ItemTest(ImportCase):
    def test_a_page_brings_headline_body_region_tags_and_date(self):
        self.import_content(html_page(html_item(tags=["Harbours", "ferries"])))
        story = Story.objects.get()
        self.assertEqual(story.headline, "Ferry returns")
        self.assertEqual(story.body, "<p>The ferry is back at Saltmere. It sails twice a day.</p>")
        self.assertEqual(story.region.name, "Europe")
        self.assertEqual([tag.name for tag in story.tags.all()], ["Ferries", "Harbours"])
        self.assertEqual(story.published_at, datetime(2024, 6, 20, 13, 5, tzinfo=UTC))
        self.assertEqual(story.first_published_at, story.published_at)
        self.assertEqual((story.slug, story.version, story.import_ref), ("ferry-returns", 1, "k2:17"))
        self.assertIsNone(story.created_by)

    def test_all_date_formats_of_k2_are_read(self):
        for number, date in enumerate(["20 June 2024", "Thu, 20 Jun 2024", "2024-06-20", "2024-06-20T00:00:00+01:00"]):
            self.import_content(html_page(html_item(date=date, href=f"/item/{number}")))
            published_at = Story.objects.get(import_ref=f"k2:{number}").published_at
            self.assertEqual(published_at, datetime(2024, 6, 19, 23, tzinfo=UTC), date)

    def test_an_invalid_date_fails_its_item_only(self):
        printed = self.import_content(
            html_page(html_item(), *(html_item(date=date) for date in ["32 June 2024", "5 Foo 2024"]))
        )
        self.assertIn("page.html: item 2: has a date that can't be read: “32 June 2024”", printed)
        self.assertIn("page.html: item 3: has a date that can't be read: “5 Foo 2024”", printed)
        self.assertIn(totals(created=1, failed=2), printed)

    def test_a_date_outside_the_allowed_range_fails_its_item(self):
        for date in ("0001-01-01", "9999-12-31", "1 January 0001"):
            self.assert_rejected(html_page(html_item(date=date)), "published_at: Enter a date")

    def test_items_without_dates_get_them_by_position(self):
        page = html_page(html_item(date=""), html_item(date="", href="/item/18"), number=3)
        self.assert_rejected(page, "page.html: has no dates: add --newest YYYY-MM-DD")
        self.import_content(page, newest="2024-06-30")
        days = Story.objects.order_by("-published_at").values_list("published_at__day", flat=True)
        self.assertEqual(list(days), [10, 9])

    def test_the_k2_id_is_found_in_any_form_of_the_url(self):
        for href in ("/item/44-x", "/component/k2/item/44", "?option=com_k2&amp;id=44:x", "?id=44%3Ax"):
            Story.objects.all().delete()
            self.import_content(html_page(html_item(href=href)))
            self.assertEqual(Story.objects.get().import_ref, "k2:44", href)

    def test_an_item_without_an_id_is_identified_by_its_words(self):
        page = html_page(html_item("<p>No number here.</p>", href="#"))
        self.import_content(page)
        self.assertRegex(Story.objects.get().import_ref, "^k2:[0-9a-f]{32}$")
        self.assertEqual(self.import_content(page), totals(unchanged=1))

    def test_without_a_title_the_first_sentence_is_the_headline(self):
        self.import_content(html_page(html_item("<p>A <b>bell</b> rang. Twice.</p><p>More.</p>", headline="")))
        self.assertEqual(Story.objects.get().headline, "A bell rang")

    def test_stories_with_the_same_date_keep_the_order_of_the_pages(self):
        for page in (1, 2, 10):
            items = [html_item(headline=f"{page}/{n}", date="20 June 2024", href=f"/item/{page}0{n}") for n in (1, 2)]
            self.file(html_page(*items), f"page{page}.html")
        self.run_import()
        headlines = [story.headline for story in Story.objects.published().newest_first()]
        self.assertEqual(headlines, ["1/1", "1/2", "2/1", "2/2", "10/1", "10/2"])


class ClosingLinksTest(ImportCase):
    def import_body(self, body):
        """Import a story with this body. Return ([(label, end of URL)], body, number of lost sources)."""
        Story.objects.all().delete()
        printed = self.import_content(html_page(html_item(body)))
        sources = [(source.label, source.url[-1]) for source in Source.objects.all()]
        return sources, Story.objects.get().body, int(printed.split()[-3])

    def test_links_after_a_closing_word_become_sources(self):
        for word in ("See", "See:", "See also", "More:", "<em>See</em>", "<br>See", "See&nbsp;"):
            found = self.import_body(f"<p>It is back. {word} {LINK}, and {OTHER}.</p>")
            self.assertEqual(found, ([("BBC", "a"), ("", "b")], "<p>It is back.</p>", 0), word)

    def test_a_closing_word_may_have_its_own_paragraph(self):
        for end in (
            f"<p>See {LINK} {OTHER}</p>",
            f"<p>More:</p><ul><li>{LINK}</li> <li>{OTHER}</li></ul><p>&nbsp;</p>",
        ):
            found = self.import_body(f"<p>It is back</p>{end}")
            self.assertEqual(found, ([("BBC", "a"), ("", "b")], "<p>It is back</p>", 0), end)

    def test_links_inside_the_text_stay(self):
        for text in (f"It is {LINK}.", f"At the Holy See {LINK}", f"Stop. See {LINK} for more.", f"Oh. I see {LINK}"):
            sources, body, lost = self.import_body(f"<p>{text}</p>")
            self.assertEqual((sources, lost), ([], 0), text)
            self.assertIn('href="https://example.com/a"', body)

    def test_a_closing_word_without_links_is_a_lost_source(self):
        for word in ("See", "See:", "More:"):
            self.assertEqual(self.import_body(f"<p>It is back. {word}</p>"), ([], "<p>It is back.</p>", 1))

    def test_a_link_with_an_unsafe_url_is_lost(self):
        bad = [
            "javascript:alert(1)",
            "/item/3",
            "mailto:a@example.com",
            "http://[",
            "https://example",
            "data:text/html,x",
        ]
        links = " ".join(f'<a href="{url}">x</a>' for url in bad)
        self.assertEqual(self.import_body(f"<p>Back. See {links} {LINK}</p>"), ([("BBC", "a")], "<p>Back.</p>", 6))

    def test_a_repeated_link_is_one_source(self):
        self.assertEqual(self.import_body(f"<p>Back. See {LINK}, {LINK}</p>")[0], [("BBC", "a")])

    def test_a_long_label_is_cut(self):
        [(label, _)], _, _ = self.import_body(f"<p>Back. See <a href='https://example.com/a'>{'x' * 300}</a></p>")
        self.assertEqual(label, "x" * 199 + "…")


class BrokenPagesTest(ImportCase):
    def test_an_unclosed_item_does_not_contain_the_next(self):
        broken = html_item(headline="One", href="/item/1").replace("</div>", "")
        self.import_content(
            html_page(broken, html_item("<p>Other words.</p>", headline="Two", href="/item/2", region="Asia"))
        )
        one, two = Story.objects.order_by("import_ref")
        self.assertNotIn("Other words", one.body)
        self.assertEqual((one.headline, two.headline, two.region.name), ("One", "Two", "Asia"))

    def test_scripts_and_handlers_are_removed(self):
        body = (
            '<p onclick="x()">Hello <img src=x onerror=x()><script>x()</script><a href="javascript:x()">there</a></p>'
        )
        self.import_content(
            html_page(html_item(f"{body}<iframe src=x></iframe><style>p{{}}</style>", headline="<b>Hi</b>"))
        )
        story = Story.objects.get()
        self.assertEqual(story.headline, "Hi")
        self.assertNotRegex(story.body, "script|onclick|onerror|iframe|style|x\\(\\)")

    def test_the_declared_charset_is_used(self):
        page = html_page(html_item(headline="Café “Hafen”"), charset="ISO-8859-1")
        self.import_content(page.encode("cp1252"))
        self.assertEqual(Story.objects.get().headline, "Café “Hafen”")

    def test_utf_16_is_read_by_its_byte_order_mark(self):
        self.import_content(html_page(html_item(headline="Café")).encode("utf-16"))
        self.assertEqual(Story.objects.get().headline, "Café")

    def test_a_wrong_charset_is_reported(self):
        self.assert_rejected(html_page(html_item(headline="Café")).encode("cp1252"), "is not valid UTF-8: save it")
        for charset in ("zip", "unicode_escape", "idna", "nonsense"):
            self.assert_rejected(html_page(charset=charset), f"declares an unknown encoding: {charset}")

    def test_a_page_without_items_is_reported(self):
        self.assert_rejected("<html><body><h1>Hello</h1></body></html>", "page.html: has no stories")

    def test_an_item_without_region_or_text_fails_alone(self):
        bad = [
            html_item(region=""),
            html_item("<p> </p>", href="/item/5"),
            html_item().replace("tagItemIntroText", "x"),
        ]
        printed = self.import_content(html_page(*bad, html_item(href="/item/6")))
        self.assertIn("item 1: has no region", printed)
        self.assertIn("item 2: body: This field cannot be blank", printed)
        self.assertIn("item 3: has no text", printed)
        self.assertIn(totals(created=1, failed=3), printed)

    def test_deeply_nested_html_is_rejected_at_once(self):
        self.assert_rejected(html_page("<div class=tagItemView>" * 400_000), "is nested more than 5,000 levels deep")
        self.assert_rejected(html_page(html_item("<ul><li>" * 4_000)), "nested more than 100 levels deep")

    def test_a_story_that_is_too_large_is_rejected(self):
        self.assert_rejected(html_page(html_item("<p>" + "x " * 600_000)), "body: The text has 1,200,007 characters")
        attributes = " ".join(f"a{number}" for number in range(6_000))
        self.assert_rejected(html_page(f"<p {attributes}>"), "has an element with 5,000 attributes or more")

    def test_inlined_pictures_are_removed(self):
        picture = f'<img src="data:image/png;base64,{"x" * 2_000_000}">'
        self.import_content(html_page(html_item(f"<p>{picture}Back. See {picture} {LINK}</p>")))
        self.assertEqual((Story.objects.get().body, Source.objects.get().label), ("<p>Back.</p>", "BBC"))

    def test_too_many_tags_and_too_long_names_are_rejected(self):
        self.assert_rejected(html_page(html_item(tags=range(10_000))), "tags: there are 10,001, the limit is 100")
        self.assert_rejected(html_page(html_item(tags=["x" * 101])), "is longer than 100 characters")
        self.assert_rejected(html_page(html_item(headline="x" * 256)), "headline: Ensure this value has at most 255")
        self.assertEqual(Tag.objects.count(), 0)

    def test_null_characters_are_removed(self):
        hostile = html_item("<p>A\0B</p>", headline="C\0D", region="E\0F", tags=["G\0H"])
        self.import_content("<!DOCTYPE html>" + "<!-- -->" * 600 + html_page(hostile))
        self.assertNotIn("\0", Story.objects.get().body)
        self.assertEqual(Story.objects.get().region.name, "EF")
