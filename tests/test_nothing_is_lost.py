"""Two editors change one story in any order: every text that was saved or autosaved can be found again."""

import json
import os
import random

from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse

from stories.models import Autosave, Revision, Story
from tests.cast import draft, ed, person
from tests.test_autosave import TYPED
from tests.test_story_admin import change

TEXTS = ("headline", "body", "byline")
STEPS = 14
# For a longer run by hand: INTERLEAVINGS=2000 pytest tests/test_nothing_is_lost.py
INTERLEAVINGS = int(os.environ.get("INTERLEAVINGS", "25"))


class Newsroom:
    """Two editors with two tabs each, who do what chance says."""

    def __init__(self, seed, people):
        self.chance = random.Random(seed)  # noqa: S311 (reproducible, not secret)
        self.people = people
        self.story = draft("Ferry", tags=["Coast"])
        self.tabs, self.kept, self.marks = {}, set(), 0

    def act(self):
        tab = self.chance.randint(0, 1), self.chance.randint(0, 1)
        often = [self.open_form, self.type, self.type, self.save, self.autosave]
        self.chance.choice([*often, *often, self.crash, self.restore, self.delete, self.recover, self.recover])(tab)

    def form_boxes(self, page):
        form = page.context["adminform"].form
        names = (*TEXTS, "region", "slug", "tags", "seen", "token", "compared")
        boxes = {name: form[name].value() for name in names}
        boxes["region"] = str(boxes["region"])
        boxes["tags"] = boxes["tags"] if isinstance(boxes["tags"], str) else "\n".join(map(str, boxes["tags"]))
        boxes["seen"] = boxes["seen"] if isinstance(boxes["seen"], str) else json.dumps(boxes["seen"])
        if not boxes.pop("compared"):
            return boxes | {"published_at_0": "", "published_at_1": "", "sources-url": [""], "sources-label": [""]}
        return boxes | {"compared": "1", "published_at_0": "", "published_at_1": ""}

    def is_there(self):
        return Story.objects.filter(pk=self.story.pk).exists()

    def open_form(self, tab):
        if self.is_there():
            self.tabs[tab] = self.form_boxes(self.people[tab[0]].get(change(self.story)))

    def type(self, tab):
        name = self.chance.choice(TEXTS)
        if tab in self.tabs:
            self.marks += 1
            mark = f" m{self.marks}m"
            text = self.tabs[tab][name] or ""
            self.tabs[tab][name] = text.replace("</p>", f"{mark}</p>", 1) if name == "body" else text + mark

    def marks_in(self, tab):
        typed = " ".join(self.tabs[tab][name] or "" for name in TEXTS)
        return {word for word in typed.replace("<", " ").split() if word.startswith("m") and word.endswith("m")}

    def autosave(self, tab):
        if tab in self.tabs:
            answer = self.people[tab[0]].post(TYPED, self.tabs[tab] | {"story": self.story.pk})
            assert answer.status_code == 200
            if not answer.json()["saved"]:
                self.kept |= self.marks_in(tab)

    def save(self, tab):
        if tab in self.tabs and self.is_there():
            page = self.people[tab[0]].post(change(self.story), self.tabs[tab])
            if page.status_code == 302:
                self.kept |= self.marks_in(tab)
                del self.tabs[tab]
            else:
                marks = self.marks_in(tab)
                self.tabs[tab] = self.form_boxes(page)
                assert marks <= self.marks_in(tab) | self.marks_kept()

    def crash(self, tab):
        self.tabs.pop(tab, None)

    def restore(self, tab):
        number = self.chance.randint(1, 3)
        self.people[tab[0]].post(reverse("admin:stories_story_restore", args=[self.story.pk, number]))

    def delete(self, tab):
        self.people[tab[0]].post(reverse("admin:stories_story_delete", args=[self.story.pk]), {"post": "yes"})

    def recover(self, tab):
        self.people[tab[0]].post(reverse("admin:stories_story_recover", args=[self.story.pk]))

    def marks_kept(self):
        contents = [*Revision.objects.values_list("content", flat=True)]
        contents += Autosave.objects.exclude(typed=None).values_list("typed", flat=True)
        texts = " ".join(f"{content[name]} " for content in contents for name in TEXTS)
        return {word for word in texts.replace("<", " ").split() if word.startswith("m") and word.endswith("m")}


class NothingIsLostTest(TestCase):
    def people(self):
        clients = []
        for user in (ed(), person("eva", "Editors")):
            clients.append(Client())
            clients[-1].force_login(user)
        return clients

    def test_every_saved_or_autosaved_text_can_be_found_again(self):
        people = self.people()
        for seed in range(INTERLEAVINGS):
            with self.subTest(seed=seed), transaction.atomic():
                newsroom = Newsroom(seed, people)
                for _ in range(STEPS):
                    newsroom.act()
                    self.assertLessEqual(newsroom.kept, newsroom.marks_kept())
                transaction.set_rollback(True)

    def test_the_newsroom_does_save_and_keep(self):
        newsroom = Newsroom(1, self.people())
        for act in (newsroom.open_form, newsroom.type, newsroom.autosave, newsroom.type, newsroom.save):
            act((0, 0))
        self.assertEqual(newsroom.kept, {"m1m", "m2m"})
