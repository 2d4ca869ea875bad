"""Tags renamed, merged, split, given other names, imported and undone in any order, held against a small model of them.

The model knows which tags each story should have, and every address that a tag ever had.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client, TestCase
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from stories.importers import Import
from stories.listings.integrity import find_differences
from stories.models import CannotUndo, Story, Tag, TagAlias, TagChange, take_tag_snapshot
from tests.cast import story
from tests.k2_pages import json_lines, record

# For a longer run by hand: CHANGES_OF_TAGS=500 pytest tests/test_tags_heal.py
EXAMPLES = int(os.environ.get("CHANGES_OF_TAGS", "15"))
NAMES = st.sampled_from(
    ["Kiev", "kyiv", "Kyïv", "Harbour", "Harbor", "Port", "Sea port", "C", "C++", "Ice", "ICE", "Λιμήν"]
)
CHANCE = st.integers(0, 1000)


class Newsroom(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undone_at_the_end = transaction.atomic()
        self.undone_at_the_end.__enter__()
        self.tags_of, self.addresses, self.records, self.effects = {}, set(), [], {}
        for number, names in enumerate((["Kiev"], ["Kiev", "Harbour"], ["Harbour", "Port"], [])):
            self.note(story(f"Story {number}", tags=names))

    def teardown(self):
        try:
            self.every_address_answers()
        finally:
            transaction.set_rollback(True)
            self.undone_at_the_end.__exit__(None, None, None)

    def note(self, written):
        self.tags_of[written.pk] = set(written.tags.values_list("pk", flat=True))

    def one(self, chance, *others):
        tags = Tag.objects.exclude(pk__in=[tag.pk for tag in others]).order_by("pk")
        return tags[chance % len(tags)]

    def some(self, chance, tag=None):
        stories = [pk for pk, tags in sorted(self.tags_of.items()) if tag is None or tag.pk in tags]
        return [pk for place, pk in enumerate(stories) if chance >> place & 1] or stories[:1]

    @rule(chance=CHANCE, name=NAMES)
    def rename(self, chance, name):
        tag = self.one(chance)
        was, tag.name = take_tag_snapshot(tag), name
        try:
            tag.full_clean()
        except ValidationError:
            return
        tag.save()
        self.remember(TagChange.objects.edited(tag, was, by=None), ("words",))

    @rule(chance=CHANCE, name=NAMES)
    def give_another_name(self, chance, name):
        tag = self.one(chance)
        was, alias = take_tag_snapshot(tag), TagAlias(tag=tag, name=name)
        try:
            alias.full_clean()
        except ValidationError:
            return
        alias.save()
        self.remember(TagChange.objects.edited(tag, was, by=None), ("words",))

    @precondition(lambda self: Tag.objects.count() > 1)
    @rule(chance=CHANCE, other=CHANCE)
    def merge(self, chance, other):
        tag = self.one(chance)
        kept = self.one(other, tag)
        gone = tag.pk  # merging takes it from the copy
        had = {pk for pk, tags in self.tags_of.items() if gone in tags}
        both = {pk for pk in had if kept.pk in self.tags_of[pk]}
        self.remember(TagChange.objects.merge(tag, kept, by=None), ("merge", gone, kept.pk, had, both))
        for pk in had:
            self.tags_of[pk] = self.tags_of[pk] - {gone} | {kept.pk}

    @rule(chance=CHANCE, which=CHANCE, name=NAMES, stays=st.booleans())
    def split(self, chance, which, name, stays):
        tag = self.one(chance)
        named = Tag.objects.named([name]).get(name)
        pks = self.some(which, tag)
        if named == tag or not pks:
            return
        change = TagChange.objects.split(tag, pks, name, stays=stays, by=None)
        other = Tag.objects.named([name])[name]
        self.retagged(change, pks, {other.pk}, set() if stays else {tag.pk}, new=None if named else (other.pk, tag.pk))

    @rule(chance=CHANCE, which=CHANCE, name=NAMES)
    def put_on_many(self, chance, which, name):
        tag, pks = self.one(chance), self.some(which)
        if Tag.objects.named([name]).get(name) == tag:
            return
        change = TagChange.objects.retag(pks, add=[name], remove=[tag], by=None)
        self.retagged(change, pks, {Tag.objects.named([name])[name].pk}, {tag.pk})

    def retagged(self, change, pks, put_on, taken_off, new=None):
        gained = {pk: put_on - self.tags_of[pk] for pk in pks}
        lost = {pk: taken_off & self.tags_of[pk] for pk in pks}
        for pk in pks:
            self.tags_of[pk] = (self.tags_of[pk] | put_on) - taken_off
        self.remember(change, ("retag", gained, lost, new))

    @rule(names=st.lists(NAMES, max_size=3))
    def bring_in(self, names):
        self.records.append(record(slug=f"brought-{len(self.records)}", tags=names))
        known = {tag.pk for tag in Tag.objects.named(names).values()}
        self.run_import()
        brought = Story.objects.get(slug=self.records[-1]["slug"])
        self.note(brought)
        assert known <= self.tags_of[brought.pk], "a name that a tag has or had did not give that tag"

    @precondition(lambda self: self.records)
    @rule()
    def bring_in_again(self):
        self.run_import()

    def run_import(self):
        with TemporaryDirectory() as folder:
            Path(folder, "stories.jsonl").write_text(json_lines(*self.records))
            importing = Import([folder])
            importing.run()
        assert not importing.report.failures, importing.report.failures

    @precondition(lambda self: self.effects)
    @rule(chance=CHANCE)
    def undo(self, chance):
        pk = sorted(self.effects)[chance % len(self.effects)]
        try:
            with transaction.atomic():
                TagChange.objects.get(pk=pk).undo(by=None)
        except CannotUndo:
            return
        what, *details = self.effects.pop(pk)
        {"words": lambda: None, "merge": self.unmerge, "retag": self.undo_retag}[what](*details)

    def unmerge(self, tag, kept, had, both):
        for pk in had:
            if kept in self.tags_of[pk]:
                self.tags_of[pk] = self.tags_of[pk] - (set() if pk in both else {kept}) | {tag}

    def undo_retag(self, gained, lost, new):
        for pk in gained:
            if gained[pk] <= self.tags_of[pk]:
                self.tags_of[pk] |= lost[pk]
            self.tags_of[pk] -= gained[pk]
        if new and not any(new[0] in tags for tags in self.tags_of.values()):
            assert not Tag.objects.filter(pk=new[0]).exists() or not Tag.objects.filter(pk=new[1]).exists()

    def remember(self, change, effect):
        if change:
            self.effects[change.pk] = effect

    @invariant()
    def every_story_has_its_tags(self):
        assert {one.pk: set(one.tags.values_list("pk", flat=True)) for one in Story.objects.all()} == self.tags_of

    @invariant()
    def the_counts_are_exact(self):
        assert list(find_differences()) == []
        uses = {tag.pk: tag.uses for tag in Tag.objects.with_uses()}
        assert uses == {pk: sum(pk in tags for tags in self.tags_of.values()) for pk in uses}

    @invariant()
    def every_address_leads_to_a_tag(self):
        self.addresses |= set(Tag.objects.values_list("slug", flat=True))
        for slug in self.addresses:
            assert Tag.objects.get_by_any_slug(slug)

    def every_address_answers(self):
        for slug in self.addresses:
            answer = Client().get(f"/tags/{slug}/")
            if answer.status_code == 301:
                answer = Client().get(answer.url)
            assert answer.status_code == 200, f"{slug}: {answer.status_code}"


class TagsHealTest(TestCase):
    def test_no_story_loses_meaning_and_no_address_is_lost(self):
        run_state_machine_as_test(
            Newsroom,
            settings=settings(max_examples=EXAMPLES, stateful_step_count=12, suppress_health_check=list(HealthCheck)),
        )
