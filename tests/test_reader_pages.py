"""The readers' pages: lists, filters, the tag index and stories."""

import re
from datetime import timedelta

from django.test import TestCase
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from stories.models import Region, Status, Story, Tag
from tests.cast import draft, region, story


def words(response) -> str:
    """Return the text of the page's main part in one line."""
    main = LexborHTMLParser(response.content.decode()).css_first("main")
    return re.sub(r"\s+", " ", main.text())


class ListTest(TestCase):
    """One tag with 257 stories: 26 pages, the last with seven."""

    @classmethod
    def setUpTestData(cls):
        europe, tag = region("Europe"), Tag.objects.create(name="Coast")
        newest = timezone.now() - timedelta(hours=1)
        stories = [
            Story(
                headline=f"Story {number}", slug=f"story-{number}", body=f"<p>Text {number}.</p>", region=europe,
                status=Status.PUBLISHED, published_at=newest - timedelta(days=number), first_published_at=newest,
            )
            for number in range(257)
        ]  # fmt: skip
        for one in Story.objects.bulk_create(stories):
            one.story_tags.create(tag=tag)

    def headlines(self, address):
        page = self.client.get(address)
        return [one.headline for one in page.context["stories"]]

    def test_ten_stories_a_page_newest_first(self):
        self.assertEqual(self.headlines("/tags/coast/"), [f"Story {number}" for number in range(10)])
        self.assertEqual(self.headlines("/tags/coast/?page=2")[0], "Story 10")
        self.assertEqual(self.headlines("/tags/coast/?page=26"), [f"Story {number}" for number in range(250, 257)])

    def test_the_count_is_exact(self):
        self.assertIn("Page 1 of 26", words(self.client.get("/tags/coast/")))
        self.assertIn("Page 26 of 26", words(self.client.get("/tags/coast/?page=26")))

    def test_a_missing_page_is_a_404(self):
        for number in ("27", "0", "-1", "1.5", "abc", "last", "+2", "01", "1_0", "２", "9" * 30, "2\x00"):
            self.assertEqual(self.client.get("/tags/coast/", {"page": number}).status_code, 404, number)

    def test_the_pager_links_first_previous_near_next_and_last(self):
        html = self.client.get("/tags/coast/?page=13").content.decode()
        pager = LexborHTMLParser(html).css_first("nav.pager")
        links = {link.text().strip(): link.attributes["href"] for link in pager.css("a")}
        self.assertEqual(links["First"], "/tags/coast/")
        self.assertEqual(links["Last"], "/tags/coast/?page=26")
        self.assertEqual((links["Previous"], links["Next"]), ("/tags/coast/?page=12", "/tags/coast/?page=14"))
        self.assertEqual([text for text in links if text.startswith("Page")], [f"Page {n}" for n in range(11, 16)])

    def test_the_first_page_has_no_link_before_it(self):
        pager = LexborHTMLParser(self.client.get("/tags/coast/").content.decode()).css_first("nav.pager")
        self.assertNotIn("Previous", pager.text())
        self.assertIn("Next", pager.text())

    def test_every_page_of_a_list_costs_the_same_queries(self):
        for address, queries in (("/", 5), ("/tags/coast/", 5), ("/regions/europe/", 5), ("/tags/", 3)):
            for page in ("", "?page=26") if address != "/tags/" else ("",):
                with self.subTest(address + page), self.assertNumQueries(queries):
                    self.client.get(address + page)

    def test_a_filtered_list_costs_at_most_one_query_more(self):
        within_a_month = f"/?since={timezone.localtime() - timedelta(days=60):%Y-%m}-15"
        for address, queries in (
            ("/tags/coast/?region=europe", 5),
            ("/regions/europe/?tag=coast", 6),
            (within_a_month, 6),
        ):
            with self.subTest(address), self.assertNumQueries(queries):
                self.client.get(address)

    def test_the_tag_index_has_each_letter_once(self):
        story(tags=["#z", "1a", "Apple", "~b", "École"])
        letters = self.client.get("/tags/").context["letters"]
        self.assertEqual({letter: len(tags) for letter, tags in letters.items()}, {"#": 3, "A": 1, "C": 1, "E": 1})

    def test_the_tag_index_finds_tags_by_a_part_of_any_of_their_names(self):
        story(tags=["Réunion", "Apples"])
        Tag.objects.get(name="Réunion").aliases.create(name="Bourbon")
        for text, found in (("reun", ["Réunion"]), ("BOURB", ["Réunion"]), ("apple\0", ["Apples"]), ("pears", [])):
            page = LexborHTMLParser(self.client.get("/tags/", {"q": text}).content.decode())
            self.assertEqual([link.text() for link in page.css(".letter a")], found, text)
            self.assertEqual(page.css_first("meta[name=robots]").attributes["content"], "noindex")
        self.assertNotContains(self.client.get("/tags/"), "noindex")

    def test_the_tag_index_counts_exactly(self):
        draft(tags=["Coast"])
        self.assertIn("Coast 257 stories", words(self.client.get("/tags/")))


class WordsOfThePageTest(TestCase):
    def test_a_story_in_a_list_is_whole_and_in_the_bulletins_words(self):
        one = story("Ferry returns", body="<p>‘It’s back,’ they said - at last.</p>", tags=["Coast", "Ships"])
        one.sources.create(url="https://www.example.org/ferry", label="Harbour Office")
        text = words(self.client.get("/tags/coast/"))
        wanted = ["Displaying items by tag: Coast", "Ferry returns", "‘It’s back,’ they said - at last. See Harbour Office",
                  "Published in Europe", "Coast", "Ships", "Page 1 of 1"]  # fmt: skip
        for line in wanted:
            self.assertIn(line, text)
            text = text.split(line, 1)[1]

    def test_a_source_without_a_label_shows_its_site(self):
        story(tags=["Coast"]).sources.create(url="https://www.example.org/ferry")
        self.assertIn("See example.org", words(self.client.get("/tags/coast/")))

    def test_sources_end_the_last_paragraph_or_have_their_own(self):
        for body, there in (("<p>It is back.</p>", "<p>It is back. See "), ("<ul><li>It.</li></ul>", "</ul><p>See ")):
            link = story(body=body, tags=["Coast"]).sources.create(url="https://example.org/?a&b", label="B & C")
            wanted = f'{there}<a href="https://example.org/?a&amp;b" rel="external">B &amp; C</a></p></div>'
            self.assertContains(self.client.get("/tags/coast/"), wanted)
            link.delete()

    def test_a_story_without_sources_has_no_see(self):
        story(tags=["Coast"])
        self.assertNotIn("See", words(self.client.get("/tags/coast/")))

    def test_an_empty_list_says_so(self):
        Tag.objects.create(name="Coast")
        response = self.client.get("/tags/coast/")
        self.assertContains(response, "No stories yet.")
        self.assertContains(response, "noindex")

    def test_names_and_headlines_are_escaped(self):
        story("<script>alert(1)</script>", tags=["<b>Coast</b>"], byline="<i>Rosa</i>")
        for address in ("/", "/tags/", "/tags/bcoastb/"):
            self.assertNotContains(self.client.get(address), "<script>alert")
            self.assertNotContains(self.client.get(address), "<b>Coast")


class FilterTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        now = timezone.now()
        story("In Europe", tags=["Coast"], at=now - timedelta(days=1))
        story("In the Isles", tags=["Coast", "Ships"], region=region("British Isles"), at=now - timedelta(days=40))

    def headlines(self, address, **query):
        return [one.headline for one in self.client.get(address, query).context["stories"]]

    def test_a_tag_page_can_be_filtered_by_region(self):
        self.assertEqual(self.headlines("/tags/coast/", region="british-isles"), ["In the Isles"])

    def test_the_region_filter_is_a_select_that_shows_the_choice(self):
        form = LexborHTMLParser(self.client.get("/tags/coast/?region=europe").content.decode()).css_first(
            ".filter form"
        )
        box = form.css_first("select[name=region]")
        self.assertEqual(set(box.attributes), {"name", "id"})
        self.assertEqual([option.attributes["value"] for option in box.css("[selected]")], ["europe"])
        box = LexborHTMLParser(self.client.get("/regions/europe/").content.decode()).css_first("input[name=tag]")
        self.assertEqual(box.attributes["maxlength"], "100")

    def test_a_date_filter_repeats_its_input_and_marks_an_error(self):
        for typed, status, wrong in (("2024-02-29", 200, None), ('"><script>', 404, "true")):
            answer = self.client.get("/tags/coast/", {"since": typed})
            box = LexborHTMLParser(answer.content).css_first("input[name=since]").attributes
            self.assertEqual((answer.status_code, box["type"], box["value"]), (status, "date", typed))
            self.assertEqual(box.get("aria-invalid"), wrong)

    def test_a_region_page_can_be_filtered_by_tag(self):
        self.assertEqual(self.headlines("/regions/british-isles/", tag="coast"), ["In the Isles"])
        self.assertEqual(self.headlines("/regions/europe/", tag="ships"), [])

    def test_date_filters_include_both_days(self):
        day = f"{timezone.localtime() - timedelta(days=40):%Y-%m-%d}"
        self.assertEqual(self.headlines("/tags/coast/", since=day, until=day), ["In the Isles"])
        self.assertEqual(self.headlines("/tags/coast/", until="1850-01-01"), [])

    def test_a_name_redirects_to_its_slug(self):
        response = self.client.get("/regions/europe/", {"tag": "COAST", "since": "", "page": "1"})
        self.assertRedirects(response, "/regions/europe/?tag=coast", 301)

    def test_an_invalid_filter_is_a_404_with_a_message(self):
        for query in ({"tag": "nothing"}, {"since": "soon"}, {"since": "0000-00-00"}, {"tag": "x" * 101}):
            response = self.client.get("/regions/europe/", query)
            self.assertContains(response, 'class="error"', status_code=404)

    def test_a_page_does_not_grow_with_its_input(self):
        for name in ("tag", "since", "until"):
            short, long = (self.client.get("/regions/europe/", {name: '"' * length}) for length in (100, 10_000))
            self.assertLess(abs(len(long.content) - len(short.content)), 1_000, name)

    def test_a_name_longer_than_any_is_not_looked_up(self):
        for address in ("/tags/", "/regions/", "/stories/"):
            with self.assertNumQueries(1):  # the regions of the masthead
                self.assertEqual(self.client.get(f"{address}{'x' * 301}/").status_code, 404)

    def test_extreme_dates_are_no_error(self):
        for day in ("0001-01-01", "9999-12-31"):
            self.assertEqual(self.client.get("/tags/coast/", {"since": day, "until": day}).status_code, 200)

    def test_search_engines_do_not_index_pages_filtered_by_date(self):
        self.assertContains(self.client.get("/tags/coast/?since=2020-01-01"), "noindex")
        self.assertNotContains(self.client.get("/tags/coast/?region=europe"), "noindex")

    def test_pager_links_keep_the_filter(self):
        for number in range(12):
            story(f"Story {number}", tags=["Coast"])
        self.assertContains(self.client.get("/tags/coast/?region=europe"), "/tags/coast/?region=europe&amp;page=2")


class CanonicalURLTest(TestCase):
    """Every spelling of a URL redirects to the right one in one hop."""

    @classmethod
    def setUpTestData(cls):
        story("Ferry returns", tags=["Coast"])
        for old, new in (("Kiev", "Kyiv"), ("Kyiv", "Capital")):
            tag = Tag.objects.get_or_create(name=old)[0]
            tag.name = new
            tag.save()
        europe = Region.objects.get()
        europe.name = "The Continent"
        europe.save()

    def test_one_hop_to_the_right_spelling(self):
        for asked, right in {
            "/tags/Coast/": "/tags/coast/",
            "/tags/coast": "/tags/coast/",
            "/TAGS/Coast": "/tags/coast/",
            "/tags/coast?page=1": "/tags/coast/",
            "/tags/coast/?page=1": "/tags/coast/",
            "/tags/coast/?page=": "/tags/coast/",
            "/tags/Kiev": "/tags/capital/",
            "/tags/kyiv/": "/tags/capital/",
            "/tags/%20capital/": "/tags/capital/",
            "/regions/europe": "/regions/the-continent/",
            "/stories/Ferry-Returns": "/stories/ferry-returns/",
            "/tags": "/tags/",
        }.items():
            self.assertRedirects(self.client.get(asked), right, 301, msg_prefix=asked)

    def test_a_mistyped_url_of_nothing_is_a_404_without_a_redirect(self):
        for asked in (
            "/tags/nothing",
            "/Stories/Nothing",
            "/nothing",
            "/.//example.org/",
            "/tags/a/b",
            "/stories/%00/",
        ):
            self.assertEqual(self.client.get(asked).status_code, 404, asked)

    def test_a_redirect_keeps_the_page_number(self):
        for number in range(11):
            story(f"Story {number}", tags=["Coast"])
        self.assertRedirects(self.client.get("/tags/Coast?page=2"), "/tags/coast/?page=2", 301)

    def test_unknown_parameters_do_not_redirect(self):
        self.assertEqual(self.client.get("/tags/coast/?utm_source=x").status_code, 200)

    def test_a_post_is_not_redirected(self):
        self.assertEqual(self.client.post("/nothing").status_code, 404)

    def test_a_url_in_another_script_works(self):
        story("Новости", tags=["Россия"])
        self.assertRedirects(self.client.get("/tags/РОССИЯ/"), "/tags/%D1%80%D0%BE%D1%81%D1%81%D0%B8%D1%8F/", 301)
        self.assertEqual(self.client.get("/stories/новости/").status_code, 200)


class StoryPageTest(TestCase):
    def test_a_withdrawn_story_is_gone(self):
        story("Ferry returns", status=Status.WITHDRAWN, at=timezone.now(), first_published_at=timezone.now())
        self.assertContains(self.client.get("/stories/ferry-returns/"), "withdrawn", status_code=410)

    def test_a_story_that_never_was_public_is_not_found(self):
        draft("A draft")
        story("Scheduled", at=timezone.now() + timedelta(days=1))
        story("Pulled in time", status=Status.WITHDRAWN, at=timezone.now() + timedelta(days=1))
        for slug in ("a-draft", "scheduled", "pulled-in-time"):
            self.assertEqual(self.client.get(f"/stories/{slug}/").status_code, 404, slug)

    def test_a_story_page_costs_eight_queries(self):
        for headline in ("Ferry returns", "Ferry leaves"):
            story(headline, tags=["Coast"])
        with self.assertNumQueries(8):  # the story, its tags and sources, the regions, what is related
            self.assertContains(self.client.get("/stories/ferry-returns/"), "Ferry returns")


class NoLeakTest(TestCase):
    def test_no_public_page_shows_what_readers_may_not_see(self):
        later = timezone.now() + timedelta(days=1)
        story("Seen by all", tags=["Coast"])
        for headline, fields in {
            "Secret draft": {"status": Status.DRAFT},
            "Secret review": {"status": Status.IN_REVIEW},
            "Secret schedule": {"at": later},
            "Secret withdrawn": {"status": Status.WITHDRAWN},
        }.items():
            story(headline, tags=["Coast", "Secret tag"], **fields)
        for address in (
            "/",
            "/tags/",
            "/tags/coast/",
            "/regions/europe/",
            "/regions/europe/?tag=coast",
            "/tags/secret-tag/",
            "/sitemap-news.xml",
            "/feed/",
            "/tags/coast/feed/atom/",
            "/regions/europe/feed.json?tag=coast",
        ):
            response = self.client.get(address)
            for one in Story.objects.filter(headline__startswith="Secret"):
                self.assertNotContains(response, one.headline, msg_prefix=address)
        self.assertNotContains(self.client.get("/tags/"), "Secret tag")
        self.assertContains(self.client.get("/"), "Seen by all")
