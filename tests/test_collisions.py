"""Two people who change one thing at once, and requests that no form would send."""

import json
from threading import Barrier, Thread

from django.db import connections
from django.test import Client, TestCase, TransactionTestCase
from django.urls import reverse

from stories.models import Revision, Status, Story, Tag, TagAlias, is_snapshot, restore_snapshot, take_snapshot
from tests.cast import draft, ed, olga, rosa, story
from tests.test_story_admin import ADD, LIST, change, form
from tests.test_tag_admin import answered

TAGS = reverse("admin:stories_tag_changelist")


class StaleFormTest(TestCase):
    """Rosa opens a story; before she saves, Ed saves it."""

    def setUp(self):
        self.rosa, self.ed = rosa(), ed()
        self.one = draft("Ferry returns", created_by=self.rosa, tags=["Coast", "Ships"])
        self.one.sources.replace([["https://example.org/a", ""], ["https://example.org/b", ""]])
        self.client.force_login(self.rosa)
        self.seen = json.dumps(take_snapshot(self.one))

    def by_ed(self, **fields):
        content = take_snapshot(self.one) | fields
        restore_snapshot(self.one, content)
        self.one.record(by=self.ed)

    def by_rosa(self, **fields):
        typed = {"body": "<p>The ferry is back.</p>", "tags": "Coast\nShips", "slug": self.one.slug, "seen": self.seen}
        links = {"sources-url": ["https://example.org/a", "https://example.org/b"], "sources-label": ["", ""]}
        return self.client.post(change(self.one), form(**typed | links | fields))

    def test_changes_of_different_fields_merge_by_themselves(self):
        self.by_ed(headline="Ferry stays")
        self.assertEqual(self.by_rosa(body="<p>By Rosa.</p>").status_code, 302)
        self.assertLessEqual({"headline": "Ferry stays", "body": "<p>By Rosa.</p>"}.items(), self.now().items())

    def now(self):
        return take_snapshot(Story.objects.get())

    def test_tags_merge_as_sets(self):
        self.by_ed(tags=["Ships", "Weather"])
        self.by_rosa(tags="Coast\nShips\nHarbours")
        self.assertEqual(set(self.now()["tags"]), {"Ships", "Weather", "Harbours"})

    def test_a_tag_that_was_merged_since_is_no_change_by_rosa(self):
        coast, shore = Tag.objects.ensure(["Coast", "Shore"]).values()
        coast.merge_into(shore)
        self.by_rosa(headline="By Rosa")
        self.assertEqual(set(self.now()["tags"]), {"Ships", "Shore"})

    def test_sources_merge_by_their_addresses(self):
        self.by_ed(sources=[["https://example.org/a", "The paper"], ["https://example.org/c", ""]])
        self.by_rosa(**{"sources-url": ["https://example.org/a", "https://example.org/d"]})
        links = {"https://example.org/a": "The paper", "https://example.org/c": "", "https://example.org/d": ""}
        self.assertEqual(dict(self.now()["sources"]), links)

    def test_a_clash_shows_both_and_the_next_save_keeps_hers(self):
        self.by_ed(body="<p>By Ed.</p>", byline="Ed")
        page = self.by_rosa(body="<p>By Rosa.</p>")
        self.assertContains(page, "Not saved yet: ed also changed the body")
        form = page.context["adminform"].form
        self.assertEqual((form["body"].value(), form["byline"].value()), ("<p>By Rosa.</p>", "Ed"))
        self.assertEqual(self.now()["body"], "<p>By Ed.</p>")
        self.by_rosa(body="<p>By Rosa.</p>", byline="Ed", seen=form["seen"].value())
        self.assertEqual((self.now()["body"], self.now()["byline"]), ("<p>By Rosa.</p>", "Ed"))

    def test_the_other_text_stays_as_a_version(self):
        self.test_a_clash_shows_both_and_the_next_save_keeps_hers()
        bodies = [version.content["body"] for version in Revision.objects.all()]
        self.assertEqual(bodies[:2], ["<p>By Rosa.</p>", "<p>By Ed.</p>"])

    def test_a_form_that_is_up_to_date_is_saved(self):
        self.by_rosa(headline="Ferry stays")
        self.assertEqual(self.now()["headline"], "Ferry stays")

    def test_a_base_that_no_form_sent_is_answered(self):
        for seen in ("[]", "{", '{"headline": 3}', "null", "9" * 5_000, "[" * 50_000):
            self.assertIn(self.by_rosa(seen=seen).status_code, {200, 302}, seen[:20])

    def test_a_base_that_no_database_held_is_taken_for_none(self):
        self.by_ed(headline="Ferry stays", published_at="2026-06-15T12:00+00:00")
        seen = json.loads(self.seen)
        for odd in (
            *({"headline": "\ud800"}, {"tags": ["\x00"]}, {"tags": ["x"] * 70_000}, {"sources": [["\x00", ""]]}),
            *({"published_at": text} for text in ("noon", "2026-06-15T12:00", "0001-01-01T00:00+14:00")),
        ):
            answer = self.by_rosa(headline="Ferry goes", seen=json.dumps(seen | odd))
            self.assertIn(answer.status_code, {200, 302}, str(odd)[:40])
            self.assertFalse(is_snapshot(seen | odd), str(odd)[:40])


class TamperedTest(TransactionTestCase):
    def test_filters_and_ticks_that_mean_nothing_are_answered_in_words(self):
        self.client.force_login(olga())
        story(tags=["Coast"])
        for query in (
            "month=9999-12",
            "published_at__year=99999999999999999999",
            "region=99999999999999999999",
            "tag=%00",
            "state=%00",
        ):
            self.assertIn(self.client.get(f"{LIST}?{query}", follow=True).status_code, {200}, query)
        for address in (LIST, TAGS):
            page = self.client.post(address, {"action": "delete_selected", "_selected_action": ["abc"]}, follow=True)
            self.assertEqual(page.status_code, 200)

    def test_a_session_cookie_with_a_nul_is_no_session(self):
        self.client.cookies["sessionid"] = '"aaaaaaaaaa\\000aaa"'
        self.assertEqual(self.client.get("/admin/", follow=True).status_code, 200)

    def test_texts_that_would_choke_the_parser_are_refused_at_once(self):
        self.client.force_login(rosa())
        for field, value, words in (
            ("body", "<blockquote>" * 5_000, "levels deep"),
            ("body", "&" * 300_000, "Shorten it to 100,000"),
            ("tags", "a" + "\u0301" * 60_000, "more than 100 characters"),
            ("tags", "\n".join(map(str, range(60))), "at most 50 tags"),
        ):
            self.assertContains(self.client.post(ADD, form(**{field: value})), words)


class NamesTest(TestCase):
    def setUp(self):
        self.client.force_login(ed())
        self.tag = Tag.objects.create(name="Kiev")

    def save(self, name, *aliases):
        rows = {f"aliases-{number}-name": alias for number, alias in enumerate(aliases)}
        page = {"name": name, "description": "", "aliases-TOTAL_FORMS": len(aliases), "aliases-INITIAL_FORMS": 0}
        return answered(self.client, reverse("admin:stories_tag_change", args=[self.tag.pk]), page | rows)

    def test_the_old_name_may_be_added_while_renaming(self):
        self.save("Kyiv", "Kiev")
        self.assertEqual(TagAlias.objects.get(normal="kiev").tag, self.tag)

    def test_one_name_twice_is_refused_in_words(self):
        self.assertContains(self.save("Kiev", "Kiew", "KIEW"), "listed twice")

    def test_two_names_that_change_places_are_refused_in_words(self):
        rows = [TagAlias.objects.create(name=name, tag=self.tag) for name in ("Kiew", "Kyjiw")]
        page = {"name": "Kiev", "description": "", "aliases-TOTAL_FORMS": 2, "aliases-INITIAL_FORMS": 2}
        for number, (row, name) in enumerate(zip(rows, ("Kyjiw", "Kiew"), strict=True)):
            page |= {
                f"aliases-{number}-id": row.pk,
                f"aliases-{number}-tag": self.tag.pk,
                f"aliases-{number}-name": name,
            }
        answer = self.client.post(reverse("admin:stories_tag_change", args=[self.tag.pk]), page, follow=True)
        self.assertContains(answer, "Not saved: another item already uses that name.")
        self.assertEqual([row.name for row in TagAlias.objects.order_by("pk")], ["Kiew", "Kyjiw"])

    def test_a_name_that_cannot_be_read_is_refused(self):
        self.assertContains(self.save("Kiev", "\u200b"), "at least one letter or digit")

    def test_two_spellings_of_a_source_are_refused_in_words(self):
        urls = {"sources-url": ["http://a.com/é", "http://a.com/%C3%A9"]}
        page = self.client.post(ADD, form(**urls | {"sources-label": ["", ""]}))
        self.assertContains(page, "This source is listed twice")
        self.assertFalse(Story.objects.exists())

    def test_a_slug_that_the_script_made_follows_the_headline(self):
        self.client.post(ADD, form(headline="Café opens at last", slug="café-opens-at-last"))
        one = Story.objects.get()
        one.headline = "Bar opens"
        one.save()
        self.assertEqual(one.slug, "bar-opens")

    def test_a_history_may_be_asked_for_with_any_method(self):
        page = self.client.post(reverse("admin:stories_tag_history", args=[self.tag.pk]))
        self.assertEqual(page.status_code, 200)

    def test_a_headline_twice_gets_a_second_address(self):
        for _ in range(2):
            self.client.post(ADD, form(slug="ferry-returns"))
        self.assertEqual(set(Story.objects.values_list("slug", flat=True)), {"ferry-returns", "ferry-returns-2"})


class AtOnceTest(TransactionTestCase):
    """Threads with connections of their own."""

    def at_once(self, *actions):
        barrier, failures = Barrier(len(actions)), []

        def run(action):
            try:
                barrier.wait()
                action()
            except Exception as error:
                failures.append(repr(error))
            finally:
                connections.close_all()

        threads = [Thread(target=run, args=[action]) for action in actions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def logged_in(self, user):
        client = Client()
        client.force_login(user)
        return client

    def test_a_save_does_not_undo_a_publication(self):
        writer, editor = rosa(), ed()
        for number in range(5):
            one = draft(f"Story {number}", created_by=writer)
            by_writer, by_editor = self.logged_in(writer), self.logged_in(editor)
            self.at_once(
                lambda by_writer=by_writer, one=one: by_writer.post(change(one), form(headline=one.headline)),
                lambda by_editor=by_editor, one=one: by_editor.post(
                    LIST, {"action": "publish", "_selected_action": [one.pk]}
                ),
            )
            one.refresh_from_db()
            self.assertEqual(one.status, Status.PUBLISHED)

    def test_new_tags_may_be_made_by_two_at_once(self):
        for number in range(5):
            names = [f"{letter} {number}" for letter in "abcd"]
            self.at_once(
                lambda names=names: Tag.objects.ensure(names), lambda names=names: Tag.objects.ensure(names[::-1])
            )
        self.assertEqual(Tag.objects.count(), 20)

    def test_new_tags_with_one_slug_may_be_made_at_once(self):
        self.at_once(*[lambda mark=mark: Tag.objects.ensure([f"x{mark}"]) for mark in "!?*"])
        self.assertEqual(len(set(Tag.objects.values_list("slug", flat=True))), 3)
