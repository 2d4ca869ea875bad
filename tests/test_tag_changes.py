"""A tag that was merged or deleted comes back: its names, its addresses, its stories."""

from django.test import TestCase
from django.urls import reverse

from stories.listings.integrity import differences
from stories.models import CannotUndo, Story, Tag, TagChange
from tests.cast import ed, rosa, story

LOG = reverse("admin:stories_tag_changes")


class UndoTest(TestCase):
    def setUp(self):
        self.ed = ed()
        for headline, tags in (("Old", ["Kiev"]), ("Both", ["Kiev", "Kyiv"]), ("New", ["Kyiv"])):
            story(headline, tags=tags)
        self.kiev, self.kyiv = Tag.objects.get(name="Kiev"), Tag.objects.get(name="Kyiv")
        self.kiev.remember("Kiew", "kiew")

    def headlines(self, name):
        return set(Story.objects.filter(tags__name=name).values_list("headline", flat=True))

    def merge(self):
        return TagChange.objects.merge(self.kiev, self.kyiv, by=self.ed)

    def test_a_merge_undone_is_as_if_it_had_not_been(self):
        change = self.merge()
        self.assertEqual(self.headlines("Kyiv"), {"Old", "Both", "New"})
        change.undo(by=self.ed)
        self.assertEqual((self.headlines("Kiev"), self.headlines("Kyiv")), ({"Old", "Both"}, {"Both", "New"}))
        self.assertEqual(list(differences()), [])

    def test_every_address_leads_right_at_each_step(self):
        change = self.merge()
        for former in ("kiev", "kiew"):
            self.assertRedirects(self.client.get(f"/tags/{former}/"), "/tags/kyiv/", 301)
        change.undo(by=self.ed)
        self.assertEqual(self.client.get("/tags/kiev/").status_code, 200)
        self.assertRedirects(self.client.get("/tags/kiew/"), "/tags/kiev/", 301)
        self.assertEqual(self.client.get("/tags/kyiv/").status_code, 200)

    def test_a_browser_asks_again_where_an_address_leads(self):
        self.merge()
        for address in ("/tags/kiev/", "/tags/KIEV"):
            self.assertEqual(self.client.get(address).headers["Cache-Control"], "no-cache", address)

    def test_what_an_editor_retagged_since_stays_so(self):
        change = self.merge()
        Story.objects.get(headline="Old").tags.set(["Lviv"])
        Story.objects.get(headline="Both").delete()
        change.undo(by=self.ed)
        self.assertEqual((self.headlines("Kiev"), self.headlines("Lviv")), (set(), {"Old"}))

    def test_a_chain_of_merges_is_undone_from_its_end(self):
        first = self.merge()
        last = TagChange.objects.merge(self.kyiv, Tag.objects.create(name="Capital"), by=self.ed)
        with self.assertRaisesMessage(CannotUndo, "Undo that first"):
            first.undo(by=self.ed)
        last.undo(by=self.ed)
        first.undo(by=self.ed)
        self.assertEqual((self.headlines("Kiev"), self.headlines("Kyiv")), ({"Old", "Both"}, {"Both", "New"}))

    def test_a_name_taken_since_stands_in_the_way_in_words(self):
        change = TagChange.objects.delete_tag(self.kiev, by=self.ed)
        Tag.objects.create(name="Kiev")
        with self.assertRaisesMessage(CannotUndo, "now has a name or URL of “Kiev”"):
            change.undo(by=self.ed)

    def test_nothing_is_undone_twice(self):
        change = self.merge()
        change.undo(by=self.ed)
        with self.assertRaisesMessage(CannotUndo, "already undone"):
            change.undo(by=self.ed)

    def test_a_deleted_tag_comes_back(self):
        self.client.force_login(self.ed)
        self.client.post(reverse("admin:stories_tag_delete", args=[self.kiev.pk]), {"post": "yes"})
        self.assertEqual(self.client.get("/tags/kiev/").status_code, 404)
        self.client.post(reverse("admin:stories_tag_undo", args=[TagChange.objects.get().pk]))
        self.assertEqual(self.headlines("Kiev"), {"Old", "Both"})
        self.assertContains(self.client.get(LOG), "Undone by ed")

    def test_the_merge_screen_says_how_many_stories_change(self):
        self.client.force_login(self.ed)
        chosen = {"action": "merge", "_selected_action": [self.kiev.pk, self.kyiv.pk]}
        page = self.client.post(reverse("admin:stories_tag_changelist"), chosen)
        self.assertContains(page, "on 3 stories, drafts included; 1 has more than one")

    def test_a_writer_neither_sees_nor_undoes(self):
        change = self.merge()
        self.client.force_login(rosa())
        self.assertEqual(self.client.get(LOG).status_code, 403)
        self.assertEqual(self.client.post(reverse("admin:stories_tag_undo", args=[change.pk])).status_code, 403)
