"""The readers' site in German and Russian: complete catalogues, and no word of English left on any page."""

import gettext
import json
import re
from datetime import date
from types import SimpleNamespace
from unittest import TestCase as PlainTestCase

import time_machine
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, TestCase, override_settings
from django.utils import translation
from selectolax.lexbor import LexborHTMLParser

from stories.models import PreviewLink, Region, Source, Status, Story, Tag
from stories.public.dates import dateline, format_month, format_short_month, today
from stories.templatetags.newsroom import stories_noun
from tests.cast import NOON, draft, ed, story
from tests.catalogues import LANGUAGES, bracketed, marked_strings, po_path, read_po
from tests.small_site import preview_path, small_site
from tests.test_valid_html import html_faults

PLURAL_FORMS = {"de": 2, "ru": 3}
FEEDS = ["/feed/", "/feed/atom/", "/feed.json"]
BRACKETS = re.compile("⟦[^⟦⟧]*⟧")
LATIN_WORD = re.compile("[A-Za-z]{2,}")
# Names that other languages keep, and the words in the paths of the pages.
NOT_ENGLISH = {"RSS", "Atom", "JSON", "Feed", "cookie", "boat", "boot", "zeppelin", "nothing", "nowhere"}
READ_ALOUD = ["aria-label", "title", "alt", "placeholder"]


class CatalogueTest(PlainTestCase):
    def test_the_catalogues_have_what_is_marked_and_nothing_else(self):
        for language in LANGUAGES:
            entries = read_po(language)[1:]
            self.assertEqual({entry.key for entry in entries}, marked_strings(), f"{language}: run make messages")

    def test_every_string_is_translated_in_all_plural_forms(self):
        for language in LANGUAGES:
            for entry in read_po(language)[1:]:
                self.assertEqual(len(entry.forms), PLURAL_FORMS[language] if entry.plural else 1, entry)
                self.assertTrue(all(entry.forms) and not entry.is_fuzzy, entry)

    def test_a_translation_keeps_placeholders_and_tags(self):
        for language in LANGUAGES:
            for entry in read_po(language)[1:]:
                for form in entry.forms:
                    for pattern in (r"%\(\w+\)s", "</?[a-z]+>"):
                        texts = (entry.singular, form)
                        self.assertEqual(*(sorted(re.findall(pattern, text)) for text in texts), (language, entry))

    def test_the_compiled_catalogues_are_those_of_the_sources(self):
        for language in LANGUAGES:
            with po_path(language).with_suffix(".mo").open("rb") as file:
                compiled = gettext.GNUTranslations(file)._catalog
            wanted = {}
            for entry in read_po(language)[1:]:
                name = entry.singular if entry.context is None else f"{entry.context}\x04{entry.singular}"
                forms = {(name, number): form for number, form in enumerate(entry.forms)}
                wanted |= forms if entry.plural else {name: entry.forms[0]}
            compiled.pop("", None)
            self.assertEqual(compiled, wanted, f"{language}: run make messages")


def greek_site() -> dict[str, str]:
    """{name: path} of the small site's pages, with all that a newsroom writes in Greek."""
    with time_machine.travel(NOON, tick=False):
        pages = small_site()
        withdrawn = Story.objects.get(status=Status.WITHDRAWN)
        previews = {
            f"the preview of {name}": f"/admin/stories/story/{one.pk}/preview/"
            for name, one in {
                "a draft": draft(),
                "a withdrawn story": withdrawn,
                "a story to come": story(at=NOON.replace(year=2027)),
                "a story in review": story(status=Status.IN_REVIEW),
                "a story": story(correction="It was wrong."),
            }.items()
        }
        pages |= {"a closed preview": preview_path(withdrawn, is_open=False)}
    Story.objects.update(headline="Πλοίο", body="<p>Πλοίο</p>", byline="Ρόζα")
    Story.objects.exclude(correction="").update(correction="Λάθος")
    Source.objects.update(label="Λιμάνι")
    for model in (Region, Tag):
        for pk in model.objects.values_list("pk", flat=True):
            model.objects.filter(pk=pk).update(name=f"Ακτή {pk}", description="Νησί")
    for link in PreviewLink.objects.all():
        link.content |= {"headline": "", "body": "<p>Πλοίο</p>", "region": "", "tags": []}
        link.save()
    return pages | previews


def shown_text(html: str) -> str:
    """Return the text of a page, its title, and what is read aloud of it."""
    page = LexborHTMLParser(html)
    for hidden in page.css("script, style"):
        hidden.decompose()
    attributes = [one.attributes.get(name) or "" for name in READ_ALOUD for one in page.css(f"[{name}]")]
    return "\n".join([page.css_first("title").text(), page.body.text(separator="\n"), *attributes])


@override_settings(SITE_NAME="Νέα")
class TranslatedSiteTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.pages = greek_site()
        cls.ed = ed()

    def setUp(self):
        self.client.force_login(self.ed)
        self.enterContext(time_machine.travel(NOON, tick=False))

    def texts(self) -> dict[str, str]:
        texts = {name: shown_text(self.client.get(path).content.decode()) for name, path in self.pages.items()}
        host = Client(raise_request_exception=False).get("/", headers={"host": "elsewhere.example"})
        form = Client(enforce_csrf_checks=True).post("/admin/login/")
        texts |= {"a wrong host": shown_text(host.content.decode()), "no token": shown_text(form.content.decode())}
        request = RequestFactory().get("/")
        errors = {name: render_to_string(name, request=request) for name in ("403.html", "500.html", "503.html")}
        return texts | {name: shown_text(html) for name, html in errors.items()}

    def test_every_word_of_ours_is_marked_for_translation(self):
        # A language that nothing else asks for, so that no cache keeps what is made here.
        with override_settings(LANGUAGE_CODE="eo"), bracketed():
            texts = self.texts()
        for name, text in texts.items():
            while BRACKETS.search(text):
                text = BRACKETS.sub("", text)
            self.assertEqual(set(LATIN_WORD.findall(text)) - NOT_ENGLISH, set(), name)

    def test_no_english_is_left_on_a_page(self):
        for language in LANGUAGES:
            entries = read_po(language)[1:]
            own = " ".join(form for entry in entries for form in entry.forms)
            parts = {
                part.strip(" .,:?“”") for entry in entries for part in re.split(r"%\(\w+\)s|<[^>]+>", entry.singular)
            }
            english = [part for part in parts if len(part) > 3 and not re.search(rf"\b{re.escape(part)}\b", own)]
            self.assertGreater(len(english), 70)
            with override_settings(LANGUAGE_CODE=language):
                for name, text in self.texts().items():
                    one_line = " ".join(text.split())
                    left = [part for part in english if re.search(rf"\b{re.escape(part)}\b", one_line)]
                    self.assertEqual(left, [], (language, name))
                    if language == "ru":
                        words = set(LATIN_WORD.findall(re.sub("<em>.*</em>", "", text))) - NOT_ENGLISH
                        self.assertEqual(words, set(), (language, name))

    def test_pages_are_valid_html_in_every_language(self):
        for language in LANGUAGES:
            with override_settings(LANGUAGE_CODE=language):
                for name, path in self.pages.items():
                    self.assertEqual(html_faults(self.client.get(path).content.decode()), [], (language, name))

    def test_pages_and_feeds_say_their_language(self):
        for language in LANGUAGES:
            with override_settings(LANGUAGE_CODE=language):
                self.assertContains(self.client.get("/"), f'<html lang="{language}" dir="ltr">')
                rss, atom, feed = (self.client.get(path).content.decode() for path in FEEDS)
            self.assertIn(f"<language>{language}</language>", rss)
            self.assertIn(f'xml:lang="{language}"', atom)
            self.assertEqual(json.loads(feed)["language"], language)
        with override_settings(LANGUAGE_CODE="ar"):
            self.assertContains(self.client.get("/"), '<html lang="ar" dir="rtl">')
        self.assertContains(self.client.get("/"), '<html lang="en-GB" dir="ltr">')

    def test_feeds_are_translated(self):
        for language, description, see in (
            ("de", "Die neuesten Meldungen", "Siehe "),
            ("ru", "Последние новости", "См. "),
        ):
            with override_settings(LANGUAGE_CODE=language):
                rss, atom, feed = (self.client.get(path).content.decode() for path in FEEDS)
            self.assertIn(f"<description>{description}</description>", rss)
            self.assertEqual(json.loads(feed)["description"], description)
            for text in (rss, atom, feed):
                self.assertIn(f" {see}", text)
                self.assertNotIn("See ", text)

    def test_the_originals_words_are_the_same_in_english(self):
        tag, region = (f"Ακτή {pk}" for pk in (Tag.objects.get(slug="coast").pk, Region.objects.get(slug="europe").pk))
        page = " ".join(shown_text(self.client.get("/tags/coast/").content.decode()).split())
        for words in (f"Displaying items by tag: {tag}", f"Published in {region}", "See Λιμάνι", "Page 1 of 3"):
            self.assertIn(words, page)

    def test_each_language_has_its_own_cached_parts(self):
        for language, word in {"de": "Schlagwörter", "ru": "Теги", "en-gb": "Tags"}.items():
            with override_settings(LANGUAGE_CODE=language):
                self.assertContains(self.client.get("/"), f">{word}</a></li>\n</ul>\n</nav>")


class PluralTest(PlainTestCase):
    def test_nouns_follow_their_numbers(self):
        for language, nouns in {
            "en-gb": ["stories", "story", "stories", "stories", "stories", "stories"],
            "de": ["Meldungen", "Meldung", "Meldungen", "Meldungen", "Meldungen", "Meldungen"],
            "ru": ["новостей", "новость", "новости", "новостей", "новостей", "новость"],
        }.items():
            with translation.override(language):
                self.assertEqual([stories_noun(number) for number in (0, 1, 2, 5, 11, 21)], nouns)

    def test_a_search_says_how_many_it_found(self):
        for language, sentences in {
            "en-gb": ["1 story found.", "2 stories found.", "5 stories found.", "21 stories found."],
            "de": ["1 Meldung gefunden.", "2 Meldungen gefunden.", "5 Meldungen gefunden.", "21 Meldungen gefunden."],
            "ru": ["Найдена 1 новость.", "Найдены 2 новости.", "Найдено 5 новостей.", "Найдена 21 новость."],
        }.items():
            with translation.override(language):
                for number, sentence in zip((1, 2, 5, 21), sentences, strict=True):
                    hits = SimpleNamespace(more=False, ranked=range(number))
                    self.assertIn(sentence, render_to_string("stories/_search_status.html", {"hits": hits}))


@time_machine.travel(NOON, tick=False)
class DateTest(PlainTestCase):
    def test_dates_are_written_as_the_language_writes_them(self):
        for language, wanted in {
            "en-gb": ["Monday 15 June 2026", "15 June 2026", "June 2026", "Mar 2024"],
            "de": ["Montag, 15. Juni 2026", "15. Juni 2026", "Juni 2026", "Mär 2024"],
            "ru": ["Понедельник, 15 июня 2026", "15 июня 2026", "июнь 2026", "мар 2024"],
        }.items():
            with translation.override(language):
                day = re.sub("<[^>]+>", "", dateline(NOON))
                months = format_month(date(2026, 6, 1), language), format_short_month(date(2024, 3, 1), language)
                self.assertEqual([today(), day, *months], wanted)
