"""What was done to tags, and to the tags of many stories at once, with all that is needed to undo it.

Each kind has a file of its own, which knows how to do it and how to go back: tag_removal.py merges and deletions,
tag_names.py renames and other names, retagging.py what is put on or taken off many stories.
"""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from . import retagging, tag_names, tag_removal
from .cannot_undo import CannotUndo
from .counts import SiteVersion
from .tag import Region, Tag


class TagChangeQuerySet(models.QuerySet):
    def about(self, tag: Tag):
        """What was done to this tag itself, or into it."""
        return self.filter(models.Q(kept=tag.pk) | models.Q(tag=tag.name))


class TagChangeManager(models.Manager.from_queryset(TagChangeQuerySet)):
    """Each does a thing and remembers it, in one transaction."""

    @transaction.atomic
    def merge(self, tag: Tag, kept: Tag, *, by) -> "TagChange":
        """Merge the tag into the other, see Tag.merge_into()."""
        SiteVersion.lock()
        before = tag_removal.removal_state(tag, kept)
        tag.merge_into(kept)
        details = f"{story_count_label(before['stories'])} had it, {len(before['both'])} had both."
        return self._keep("merge", before["name"], by, before, details, into=kept.name, kept=kept.pk)

    @transaction.atomic
    def delete_tag(self, tag: Tag, *, by) -> "TagChange":
        SiteVersion.lock()
        before = tag_removal.removal_state(tag, None)
        tag.delete()
        return self._keep("delete", before["name"], by, before, f"{story_count_label(before['stories'])} had it.")

    def edited(self, tag: Tag, was: dict, *, by) -> "TagChange | None":
        """Remember that these were the tag's words, see take_tag_snapshot(), if they are others now."""
        became = tag_names.take_tag_snapshot(tag)
        details = tag_names.describe_edit(was, became)
        if not details:
            return None
        before = {"was": was, "became": became, "stories": []}
        return self._keep("edit", was["name"], by, before, f"{details}.", into=became["name"], kept=tag.pk)

    @transaction.atomic
    def retag(self, pks, *, add=(), remove=(), region: Region | None = None, by) -> "TagChange":
        """Names of tags to put on these stories and tags to take off, and a region to move them to."""
        SiteVersion.lock()
        added = list(Tag.objects.ensure(add).values())
        return self._retag("retag", "", pks, added, list(remove), region, by)

    @transaction.atomic
    def split(self, tag: Tag, pks, name: str, *, stays: bool, by) -> "TagChange":
        """These stories get the tag of this name, and lose this one, unless it `stays` on them."""
        SiteVersion.lock()
        is_new = name not in Tag.objects.named([name])
        other = Tag.objects.ensure([name])[name]
        change = self._retag("split", tag.name, pks, [other], [] if stays else [tag], None, by, into=other.name)
        change.kept, change.before["new"] = other.pk, is_new and other.pk
        change.before["from"] = tag.pk
        change.save()
        return change

    def _retag(self, what, name, pks, added, removed, region, by, **fields):
        said = [f"“{tag}” put on" for tag in added] + [f"“{tag}” taken off" for tag in removed]
        said += [f"moved to “{region}”"] if region else []
        details = f"{', '.join(said)}."
        before = retagging.retag(list(pks), add=added, remove=removed, region=region, by=by, said=details)
        before["names"] = {tag.pk: tag.name for tag in (*added, *removed)}
        return self._keep(what, name, by, before, details, **fields)

    def _keep(self, what, tag, by, before, details, **fields):
        number = len(before["stories"])
        return self.create(what=what, tag=tag, by=by, before=before, stories=number, details=details, **fields)


class TagChange(models.Model):
    KINDS = {
        "merge": tag_removal.undo_removal,
        "delete": tag_removal.undo_removal,
        "edit": tag_names.undo_rename,
        "split": retagging.undo_retag,
        "retag": retagging.undo_retag,
    }

    what = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    # Names, for people to read; keys are below.
    tag = models.CharField(max_length=100, blank=True)
    into = models.CharField(max_length=100, blank=True)
    details = models.TextField(blank=True)
    # How many changed.
    stories = models.PositiveIntegerField(default=0)
    # The key of the tag that stayed. Not a foreign key, because that tag may go too.
    kept = models.BigIntegerField(null=True)
    # Its shape is the kind's affair. Of a large tag it is some megabytes, which a list has no need of.
    before = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = TagChangeManager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="tag_change_newest")]

    def __str__(self):
        return {
            "merge": f"“{self.tag}” merged into “{self.into}”",
            "delete": f"“{self.tag}” deleted",
            "edit": f"“{self.tag}” renamed “{self.into}”" if self.tag != self.into else f"“{self.tag}” edited",
            "split": f"“{self.into}” split off “{self.tag}”",
            "retag": f"{story_count_label(self.stories)} changed at once",
        }[self.what]

    @property
    def stories_label(self) -> str:
        return story_count_label(self.stories)

    def undo(self, *, by) -> None:
        """Make it as it was, as far as nobody has changed it since. Raises CannotUndo."""
        with transaction.atomic():
            SiteVersion.lock()
            change = TagChange.objects.select_for_update().get(pk=self.pk)
            if change.undone_at:
                raise CannotUndo(f"{self} is undone already.")
            change.undone_by, change.undone_at = by, timezone.now()
            self.KINDS[self.what](change)
            if self.what == "split":
                change._close_split()
            change.save(update_fields=["undone_by", "undone_at"])

    def _close_split(self):
        """The tag that the split had made goes, if nothing has it by now, and its address leads back."""
        new = Tag.objects.filter(pk=self.before["new"] or None, story_tags=None).first()
        origin = Tag.objects.filter(pk=self.before["from"]).first()
        if new and origin:
            new.merge_into(origin)
            origin.aliases.filter(normal=new.normal).delete()


def story_count_label(stories: list | int) -> str:
    number = stories if isinstance(stories, int) else len(stories)
    return f"{number:,} {'story' if number == 1 else 'stories'}"
