"""The log of tag changes, with the state that is needed to undo each.

One module for each kind makes and undoes it: tag_removal.py (merges, deletions), tag_names.py (renames, other names)
and retagging.py (bulk changes, splits).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from . import retagging, tag_names, tag_removal
from .errors import CannotUndo
from .region import Region
from .site_version import SiteVersion
from .tag import Tag


class TagChangeQuerySet(models.QuerySet["TagChange"]):
    def about(self, tag: Tag) -> TagChangeQuerySet:
        """Filter the changes of this tag, and the merges into it."""
        return self.filter(models.Q(kept=tag.pk) | models.Q(tag=tag.name))


class TagChangeManager(models.Manager.from_queryset(TagChangeQuerySet)):  # type: ignore[misc]  # made at run time
    """Make tag changes; each is logged in the same transaction."""

    @transaction.atomic
    def merge(self, tag: Tag, kept: Tag, *, by: User | None) -> TagChange:
        """Merge a tag into another, see Tag.merge_into()."""
        SiteVersion.lock()
        before = tag_removal.removal_state(tag, kept)
        tag.merge_into(kept)
        details = f"{story_count_label(before['stories'])} had it, {len(before['both'])} had both."
        return self._log("merge", before["name"], by, before, details, into=kept.name, kept=kept.pk)

    @transaction.atomic
    def delete_tag(self, tag: Tag, *, by: User | None) -> TagChange:
        SiteVersion.lock()
        before = tag_removal.removal_state(tag, None)
        tag.delete()
        return self._log("delete", before["name"], by, before, f"{story_count_label(before['stories'])} had it.")

    def edited(self, tag: Tag, was: tag_names.TagSnapshot, *, by: User | None) -> TagChange | None:
        """Log an edit that was just saved; `was` is the tag's snapshot before it. None when nothing changed."""
        became = tag_names.take_tag_snapshot(tag)
        details = tag_names.describe_edit(was, became)
        if not details:
            return None
        before = {"was": was, "became": became, "stories": []}
        return self._log("edit", was["name"], by, before, f"{details}.", into=became["name"], kept=tag.pk)

    @transaction.atomic
    def retag(
        self,
        pks: Iterable[int],
        *,
        add: Iterable[str] = (),
        remove: Iterable[Tag] = (),
        region: Region | None = None,
        by: User | None,
    ) -> TagChange:
        """Add tags by their names, remove tags, and move these stories to a region."""
        SiteVersion.lock()
        added = list(Tag.objects.ensure(add).values())
        return self._retag("retag", "", pks, added, list(remove), region, by)

    @transaction.atomic
    def split(self, tag: Tag, pks: Iterable[int], name: str, *, stays: bool, by: User | None) -> TagChange:
        """Give these stories the tag with this name, and remove the present tag unless it `stays`."""
        SiteVersion.lock()
        is_new = name not in Tag.objects.named([name])
        other = Tag.objects.ensure([name])[name]
        change = self._retag("split", tag.name, pks, [other], [] if stays else [tag], None, by, into=other.name)
        change.kept, change.before["new"] = other.pk, is_new and other.pk
        change.before["from"] = tag.pk
        change.save()
        return change

    def _retag(
        self,
        what: str,
        name: str,
        pks: Iterable[int],
        added: Sequence[Tag],
        removed: Sequence[Tag],
        region: Region | None,
        by: User | None,
        **fields: Any,
    ) -> TagChange:
        parts = [f"“{tag}” added" for tag in added] + [f"“{tag}” removed" for tag in removed]
        parts += [f"moved to “{region}”"] if region else []
        details = f"{', '.join(parts)}."
        before = retagging.retag(list(pks), add=added, remove=removed, region=region, by=by, comment=details)
        before["names"] = {tag.pk: tag.name for tag in (*added, *removed)}
        return self._log(what, name, by, before, details, **fields)

    def _log(
        self,
        what: str,
        tag: str,
        by: User | None,
        before: dict[str, Any],
        details: str,
        **fields: Any,
    ) -> TagChange:
        number = len(before["stories"])
        return self.create(what=what, tag=tag, by=by, before=before, stories=number, details=details, **fields)


class TagChange(models.Model):
    # {what: the function that undoes it}
    KINDS: dict[str, Callable[[TagChange], object]] = {
        "merge": tag_removal.undo_removal,
        "delete": tag_removal.undo_removal,
        "edit": tag_names.undo_rename,
        "split": retagging.undo_retag,
        "retag": retagging.undo_retag,
    }

    what = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    # Names, for display.
    tag = models.CharField(max_length=100, blank=True)
    into = models.CharField(max_length=100, blank=True)
    details = models.TextField(blank=True)
    # Number of changed stories.
    stories = models.PositiveIntegerField(default=0)
    # Key of the tag that was kept. No foreign key, because that tag may be deleted too.
    kept = models.BigIntegerField(null=True)
    # JSON; schema depends on `what`. Can be several MB: defer it in lists.
    before = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = TagChangeManager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="tag_change_newest")]

    def __str__(self) -> str:
        return {
            "merge": f"“{self.tag}” merged into “{self.into}”",
            "delete": f"“{self.tag}” deleted",
            "edit": f"“{self.tag}” renamed “{self.into}”" if self.tag != self.into else f"“{self.tag}” edited",
            "split": f"“{self.into}” split off “{self.tag}”",
            "retag": f"{story_count_label(self.stories)} changed in bulk",
        }[self.what]

    @property
    def stories_label(self) -> str:
        return story_count_label(self.stories)

    def undo(self, *, by: User | None) -> None:
        """Undo the change, as far as nobody has edited its stories since. Raises CannotUndo."""
        with transaction.atomic():
            SiteVersion.lock()
            change = TagChange.objects.select_for_update().get(pk=self.pk)
            if change.undone_at:
                raise CannotUndo(f"{self} was already undone.")
            change.undone_by, change.undone_at = by, timezone.now()
            self.KINDS[self.what](change)
            if self.what == "split":
                change._merge_split_back()
            change.save(update_fields=["undone_by", "undone_at"])

    def _merge_split_back(self) -> None:
        """Delete the tag that the split created, unless stories have it; its slug then leads to the first tag."""
        new = Tag.objects.filter(pk=self.before["new"] or 0, story_tags=None).first()
        origin = Tag.objects.filter(pk=self.before["from"]).first()
        if new and origin:
            new.merge_into(origin)
            origin.aliases.filter(normal=new.normal).delete()


def story_count_label(stories: Sequence[object] | int) -> str:
    """Return “1 story” or “12 stories”."""
    number = stories if isinstance(stories, int) else len(stories)
    return f"{number:,} {'story' if number == 1 else 'stories'}"
