"""Undoing merges and deletions of tags: names, URLs and stories come back."""

from django.test import TestCase
from django.urls import reverse

from stories.listings.integrity import find_differences
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

    def test_undoing_a_merge_restores_both_tags(self):
        change = self.merge()
        self.assertEqual(self.headlines("Kyiv"), {"Old", "Both", "New"})
        change.undo(by=self.ed)
        self.assertEqual((self.headlines("Kiev"), self.headlines("Kyiv")), ({"Old", "Both"}, {"Both", "New"}))
        self.assertEqual(list(find_differences()), [])

    def test_every_url_leads_to_the_right_tag_at_each_step(self):
        change = self.merge()
        for former in ("kiev", "kiew"):
            self.assertRedirects(self.client.get(f"/tags/{former}/"), "/tags/kyiv/", 301)
        change.undo(by=self.ed)
        self.assertEqual(self.client.get("/tags/kiev/").status_code, 200)
        self.assertRedirects(self.client.get("/tags/kiew/"), "/tags/kiev/", 301)
        self.assertEqual(self.client.get("/tags/kyiv/").status_code, 200)

    def test_browsers_do_not_cache_redirects(self):
        self.merge()
        for url in ("/tags/kiev/", "/tags/KIEV"):
            self.assertEqual(self.client.get(url).headers["Cache-Control"], "no-cache", url)

    def test_undo_keeps_what_editors_retagged_since(self):
        change = self.merge()
        Story.objects.get(headline="Old").tags.set(["Lviv"])
        Story.objects.get(headline="Both").delete()
        change.undo(by=self.ed)
        self.assertEqual((self.headlines("Kiev"), self.headlines("Lviv")), (set(), {"Old"}))

    def test_a_chain_of_merges_is_undone_from_the_last(self):
        first = self.merge()
        last = TagChange.objects.merge(self.kyiv, Tag.objects.create(name="Capital"), by=self.ed)
        with self.assertRaisesMessage(CannotUndo, "Undo that first"):
            first.undo(by=self.ed)
        last.undo(by=self.ed)
        first.undo(by=self.ed)
        self.assertEqual((self.headlines("Kiev"), self.headlines("Kyiv")), ({"Old", "Both"}, {"Both", "New"}))

    def test_a_name_taken_since_prevents_undo(self):
        change = TagChange.objects.delete_tag(self.kiev, by=self.ed)
        Tag.objects.create(name="Kiev")
        with self.assertRaisesMessage(CannotUndo, "now has a name or URL of “Kiev”"):
            change.undo(by=self.ed)

    def test_a_change_is_undone_once(self):
        change = self.merge()
        change.undo(by=self.ed)
        with self.assertRaisesMessage(CannotUndo, "already undone"):
            change.undo(by=self.ed)

    def test_undoing_a_deletion_restores_the_tag(self):
        self.client.force_login(self.ed)
        self.client.post(reverse("admin:stories_tag_delete", args=[self.kiev.pk]), {"post": "yes"})
        self.assertEqual(self.client.get("/tags/kiev/").status_code, 404)
        self.client.post(reverse("admin:stories_tag_undo", args=[TagChange.objects.get().pk]))
        self.assertEqual(self.headlines("Kiev"), {"Old", "Both"})
        self.assertContains(self.client.get(LOG), "Undone by ed")

    def test_the_merge_screen_counts_the_stories_that_change(self):
        self.client.force_login(self.ed)
        chosen = {"action": "merge", "_selected_action": [self.kiev.pk, self.kyiv.pk]}
        page = self.client.post(reverse("admin:stories_tag_changelist"), chosen)
        self.assertContains(page, "3 stories have at least one of these tags, drafts included;")

    def test_writers_can_not_see_or_undo_changes(self):
        change = self.merge()
        self.client.force_login(rosa())
        self.assertEqual(self.client.get(LOG).status_code, 403)
        self.assertEqual(self.client.post(reverse("admin:stories_tag_undo", args=[change.pk])).status_code, 403)
