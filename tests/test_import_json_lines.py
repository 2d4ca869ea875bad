import json
from datetime import UTC, datetime
from io import StringIO
from unittest import mock

from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from stories.importers.formats import json_lines as json_lines_format
from stories.models import Region, Source, Status, Story, Tag
from tests.cast import NOON, draft, ed, region, story
from tests.k2_pages import ImportCase, html_item, html_page, json_lines, record, text_item, text_page, totals

FIELDS = [
    "slug", "headline", "body", "region__name", "byline", "status", "published_at", "first_published_at",
    "created_at", "updated_at", "live_at", "import_ref",
]  # fmt: skip


def everything():
    """Return all values of the stories, in order of creation."""
    return [
        (
            Story.objects.filter(pk=one.pk).values(*FIELDS).get(),
            list(one.story_tags.order_by("pk").values_list("tag__name", flat=True)),
            list(one.sources.values_list("url", "label")),
        )
        for one in Story.objects.order_by("pk")
    ]


def export(**options):
    out = StringIO()
    call_command("exportstories", stdout=out, **options)
    return out.getvalue()


def empty_the_database():
    for model in (Story, Tag, Region):
        model.objects.all().delete()


class RoundTripTest(ImportCase):
    def make_stories(self):
        at = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)
        first = story(
            "Żółw “quoted” & <b>", tags=["Zebra", "Ärger"], at=at, byline="Rosa\u2028R.", region=region("Asia")
        )
        for position, url in enumerate(["https://example.org/ü", "https://example.com/?a=1&b=2"]):
            Source.objects.create(story=first, url=url, label=f"Nr {position}", position=5 - position)
        draft("Unfinished", body="<p>5 &lt; 6&nbsp;&amp; so on</p><ul><li><p>x</p></li></ul>", import_ref="k2:3")
        story("Later", at=datetime(2190, 1, 1, tzinfo=UTC), tags=["Zebra"])
        editor = ed()
        story("Gone").withdraw(by=editor, comment="It was wrong.")
        draft("In review", published_at=NOON).submit(by=editor)

    def test_an_export_restores_everything_in_an_empty_database(self):
        self.make_stories()
        before = everything()
        exported = export()
        empty_the_database()
        self.assertEqual(self.import_content(exported, "all.jsonl"), totals(created=5))
        self.assertEqual(everything(), before)
        self.assertEqual({status for one, _, _ in before for status in [one["status"]]}, set(Status.values))
        self.assertEqual(self.import_content(exported, "all.jsonl"), totals(unchanged=5))

    def test_an_export_changes_nothing_in_its_own_database(self):
        self.make_stories()
        self.import_content(html_page(html_item()))
        before = everything(), list(Story.objects.order_by("pk").values_list("version", "imported"))
        self.assertEqual(self.import_content(export(), "all.jsonl"), totals(unchanged=6))
        self.assertEqual((everything(), list(Story.objects.order_by("pk").values_list("version", "imported"))), before)

    def test_editors_changes_in_the_original_are_safe_in_the_copy(self):
        page = self.file(html_page(html_item(tags=["Removed"])))
        self.run_import(page)
        one = Story.objects.get()
        one.headline = "Better"
        one.save()
        one.tags.remove("Removed")
        exported = export()
        empty_the_database()
        self.import_content(exported, "all.jsonl")
        self.assertEqual(self.run_import(page), (0, totals(unchanged=1)))
        self.assertEqual(Story.objects.get().headline, "Better")
        self.assertEqual([tag.name for tag in Story.objects.get().tags.all()], ["Ferries"])

    def test_an_export_can_be_limited_to_a_tag_or_region(self):
        story("One", tags=["Zebra"], region=region("Asia"))
        story("Two", tags=["Zebra"])
        story("Three")
        headlines = [json.loads(line)["headline"] for line in export(tag="zebra", region="europe").splitlines()]
        self.assertEqual(headlines, ["Two"])
        self.assertEqual(len(export(region="europe").splitlines()), 2)
        for unknown in ({"tag": "nothing"}, {"region": "nowhere"}):
            with self.assertRaisesMessage(CommandError, "There is no"):
                export(**unknown)

    def test_an_export_takes_four_queries_for_any_number_of_stories(self):
        for number in range(3):
            story(f"Story {number}", tags=["Zebra"])
        with self.assertNumQueries(4):
            export()
        for number in range(20):
            story(f"More {number}", tags=["Zebra"])
        with self.assertNumQueries(4):
            export()


class OutputFileTest(ImportCase):
    def test_an_export_replaces_the_file_once_it_is_complete(self):
        story()
        target = self.file("old", "all.jsonl")
        self.assertEqual(export(output=str(target)), "")
        self.assertEqual(json.loads(target.read_text())["headline"], "Ferry returns to Saltmere")
        self.assertEqual(list(self.folder.iterdir()), [target])

    def test_an_interrupted_export_leaves_the_old_file(self):
        story()
        target = self.file("old", "all.jsonl")
        with mock.patch.object(json_lines_format, "_to_record", side_effect=KeyboardInterrupt):
            self.assertRaises(KeyboardInterrupt, export, output=str(target))
        self.assertEqual(target.read_text(), "old")
        self.assertEqual(list(self.folder.iterdir()), [target])

    def test_a_file_that_cannot_be_written_is_reported(self):
        for output in (self.folder, self.folder / "no" / "where", "/dev/null"):
            with self.assertRaisesMessage(CommandError, f"Can't write {output}: "):
                export(output=str(output))


class RecordTest(ImportCase):
    def test_missing_values_have_defaults(self):
        self.assertEqual(self.import_content(json_lines(record()), "new.jsonl"), totals(created=1))
        one = Story.objects.get()
        self.assertEqual((one.import_ref, one.byline, one.version), (None, "", 1))
        self.assertEqual(one.first_published_at, one.published_at)
        self.assertEqual(one.published_at, datetime(2024, 6, 20, 13, 5, tzinfo=UTC))

    def test_a_record_overrides_the_options_status_and_newest(self):
        text = json_lines(
            record(status="withdrawn", first_published_at="2020-01-01T00:00:00Z"), record(slug="b", status=None)
        )
        self.import_content(text, "new.jsonl", status="draft", newest="1999-01-01")
        found = Story.objects.order_by("pk").values_list("status", "published_at__year", "first_published_at__year")
        self.assertEqual(list(found), [("withdrawn", 2024, 2020), ("draft", 2024, None)])

    def test_a_story_that_an_editor_created_stays_unchanged(self):
        mine = story("Mine", slug="ferry-returns", tags=["Own"])
        sources = [{"url": "https://example.com/", "label": ""}]
        printed = self.import_content(json_lines(record(sources=sources), record(slug="other")), "new.jsonl")
        self.assertEqual(printed, totals(created=1, unchanged=1))
        mine.refresh_from_db()
        self.assertEqual((mine.headline, mine.version, mine.imported), ("Mine", 1, None))
        self.assertEqual(([tag.name for tag in mine.tags.all()], mine.sources.count()), (["Own"], 0))

    def test_urls_are_validated_as_in_the_admin(self):
        urls = [
            "https://example.com/a/b-c_d~e.html", "https://example.com", "https://example/a", "http://localhost/",
            "https://-a.com/b", "https://a..com/b", "https://999.1.1.1/", "https://1.2.3.4/", "ftp://example.com/a",
            f"https://{'a' * 64}.com/", f"https://{'a.' * 126}com/b", f"https://example.com/{'a' * 1000}",
        ]  # fmt: skip
        for url in urls:
            Story.objects.all().delete()
            self.import_content(json_lines(record(sources=[{"url": url}])), "new.jsonl")
            try:
                expected = [Source._meta.get_field("url").clean(url, None)]
            except ValidationError:
                expected = []
            self.assertEqual(list(Source.objects.values_list("url", flat=True)), expected)

    def test_a_slug_of_another_story_gets_a_number(self):
        for slug in ("ferry-returns", "x" * 120):
            story(slug=slug)
            self.import_content(json_lines(record(slug=slug, import_ref=f"my:{slug}")), "new.jsonl")
            found = Story.objects.get(import_ref=f"my:{slug}").slug
            self.assertTrue(found.startswith(slug[:90]) and slug != found and len(found) <= 120, found)

    def test_a_large_file_is_read_line_by_line(self):
        with mock.patch("stories.importers.formats.base.MAX_TEXT_BYTES", 100):
            self.assertEqual(self.import_content(json_lines(record()) * 50, "a.jsonl"), totals(created=1, unchanged=49))

    def test_byte_order_mark_blank_lines_and_missing_newline_are_accepted(self):
        text = "\ufeff\n\r\n" + json_lines(record(), record(slug="b")).replace("\n", "\r\n\n").strip()
        self.assertEqual(self.import_content(text, "a.jsonl"), totals(created=2))

    def test_an_old_export_does_not_undo_a_newer_one(self):
        monday = record(headline="Monday", updated_at="2024-01-01T00:00:00Z")
        tuesday = record(headline="Tuesday", updated_at="2024-01-02T00:00:00Z")
        both = json_lines(monday, tuesday)
        self.assertEqual(self.import_content(both, "a.jsonl"), totals(created=1, updated=1))
        self.assertEqual(self.import_content(both, "a.jsonl"), totals(unchanged=2))
        back = json_lines(monday | {"updated_at": "2024-01-03T00:00:00Z"})
        self.assertEqual(self.import_content(back, "a.jsonl"), totals(updated=1))
        self.assertEqual(Story.objects.get().headline, "Monday")


class RejectedRecordTest(ImportCase):
    def test_a_line_without_a_record_is_reported_with_its_number(self):
        deep = '{"a":' + "[" * 100_000
        lines = {
            "is not JSON": '{"slug": ',
            "is not a JSON object": "[1]",
            "is nested too deeply": deep,
            "needs a slug or an import_ref": "{}",
            "is not JSON: Exceeds the limit": '{"slug": ' + "9" * 5000 + "}",
        }
        for reason, line in lines.items():
            with self.subTest(reason):
                Story.objects.all().delete()
                printed = self.import_content(
                    json_lines(record(slug="a")) + line + "\n" + json_lines(record()), "a.jsonl"
                )
                self.assertIn(f"a.jsonl: line 2: {reason}", printed)
                self.assertIn(totals(created=2, failed=1), printed)

    def test_a_value_of_the_wrong_type_is_reported_with_its_name(self):
        wrong = {
            "headline": 5, "body": [], "region": {}, "tags": "Ferries", "sources": ["https://example.com"], "byline": True,
            "status": "lost", "published_at": "yesterday", "created_at": "2024-06-20T12:00:00", "updated_at": 1718888888,
            "slug": "a b", "import_ref": "x" * 201, "imported": {"k2": {"tags": 5}}, "first_published_at": "0001-01-01T00:00Z",
        }  # fmt: skip
        for name, value in wrong.items():
            with self.subTest(name):
                self.assert_rejected(json_lines(record(**{name: value})), f"a.jsonl: line 1: {name}: ", "a.jsonl")
        self.assert_rejected(json_lines(record(tags=["a", None])), "tags: must be text, not null", "a.jsonl")
        self.assert_rejected(
            json_lines(record(published_at=None)), "published_at: is required for a published story", "a.jsonl"
        )

    def test_an_empty_value_is_reported(self):
        for name, value in {"headline": " \0", "body": "<p> </p>", "region": "", "tags": ["\u200b"]}.items():
            with self.subTest(name):
                reason = f"line 1: {name.removesuffix('s')}: "
                self.assert_rejected(json_lines(record(**{name: value})), reason, "a.jsonl")

    def test_control_characters_and_surrogates_are_removed(self):
        bad = "A\ud800\0\x1bB"
        sources = [{"url": "https://example.com/\ud800", "label": "x"}, {"url": "https://example.com/", "label": bad}]
        fields = dict.fromkeys(["headline", "body", "region", "byline", "import_ref"], bad)
        printed = self.import_content(json_lines(record(tags=[bad], sources=sources, **fields)), "a.jsonl")
        self.assertEqual(printed, totals(created=1, lost=1))
        one = Story.objects.get()
        self.assertEqual([one.headline, one.region.name, one.byline, one.tags.get().name], ["A B"] * 4)
        self.assertEqual((one.body, one.sources.get().label), ("<p>AB</p>", "A B"))

    def test_a_reason_has_no_line_breaks_or_terminal_commands(self):
        self.assert_rejected(json_lines(record(published_at="\x1b[31m\n\ud800")), "not [31m", "a.jsonl")

    def test_a_very_long_line_fails_alone(self):
        with mock.patch.object(json_lines_format, "MAX_LINE_BYTES", 1000):
            text = json_lines(record()) + json_lines(record(byline="x" * 5000)) + json_lines(record(slug="b"))
            printed = self.import_content(text + "x" * 1000, "a.jsonl")
        self.assertIn("line 2: is longer than", printed)
        self.assertIn("line 4: is longer than", printed)
        self.assertIn(totals(created=2, failed=2), printed)

    def test_a_text_page_with_braces_is_not_taken_for_json(self):
        self.assertEqual(
            self.import_content(text_page(text_item("{Braces} open it.")), "a.jsonl", newest="2024-01-01"),
            totals(created=1),
        )
