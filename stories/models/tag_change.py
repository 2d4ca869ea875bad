"""What was done to a tag that took it away, with all that is needed to undo it: merges and deletions.

Renames need no undoing here: a tag answers to its former names, and is renamed back like that.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from .counts import SiteVersion
from .tagging import StoryTag
from .taxonomy import Tag, TagAlias

# Stories a query, well below what either database takes.
BATCH = 5_000


class CannotUndo(Exception):
    """Something that came after stands in the way. Its text is for the person who tried."""


class TagChangeManager(models.Manager):
    def merge(self, tag: Tag, kept: Tag, *, by) -> "TagChange":
        """Merge the tag into the other, see Tag.merge_into(), and remember how it was."""
        with transaction.atomic():
            SiteVersion.lock()
            before = _state(tag, kept)
            tag.merge_into(kept)
            return self.create(
                what="merge", tag=tag.name, into=kept.name, kept=before.pop("kept"), before=before, by=by
            )

    def delete_tag(self, tag: Tag, *, by) -> "TagChange":
        with transaction.atomic():
            SiteVersion.lock()
            before = _state(tag, None)
            tag.delete()
            return self.create(what="delete", tag=before["name"], kept=before.pop("kept"), before=before, by=by)


class TagChange(models.Model):
    what = models.CharField(max_length=10, choices=[("merge", "merged"), ("delete", "deleted")])
    # Names, for people to read; keys are below.
    tag = models.CharField(max_length=100)
    into = models.CharField(max_length=100, blank=True)
    # The key of the tag that stayed. Not a foreign key, because that tag may go too.
    kept = models.BigIntegerField(null=True)
    # See _state().
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
        return f"“{self.tag}” {self.get_what_display()}{f' into “{self.into}”' if self.into else ''}"

    @property
    def stories(self) -> int:
        return len(self.before["stories"])

    def undo(self, *, by) -> Tag:
        """Bring the tag back with its names, its addresses and its stories; gives it back. Raises CannotUndo.

        Of the stories it gets those that are still there and still have the tag that stayed: what an editor
        retagged since is left as it is.
        """
        with transaction.atomic():
            SiteVersion.lock()
            change = TagChange.objects.select_for_update().get(pk=self.pk)
            change._check()
            tag = Tag(
                pk=self.before["pk"], **{name: self.before[name] for name in ("name", "normal", "slug", "description")}
            )
            Tag.objects.bulk_create([tag])
            change._give_back_names(tag)
            change._give_back_stories(tag)
            change.undone_by, change.undone_at = by, timezone.now()
            change.save(update_fields=["undone_by", "undone_at"])
        return tag

    def _check(self):
        if self.undone_at:
            raise CannotUndo(f"{self} is undone already.")
        if self.kept and not Tag.objects.filter(pk=self.kept).exists():
            raise CannotUndo(f"“{self.into}” has itself been merged or deleted since: undo that first.")
        normals, slugs = self._names()
        holder = Tag.objects.filter(Q(normal__in=normals) | Q(slug__in=slugs)).first()
        other = TagAlias.objects.filter(Q(normal__in=normals) | Q(slug__in=slugs)).exclude(tag=self.kept).first()
        if holder or other:
            raise CannotUndo(
                f"“{holder or other.tag}” has a name or address of “{self.tag}” by now: rename or merge it first."
            )

    def _names(self):
        aliases = self.before["aliases"]
        normals = [self.before["normal"], *(alias["normal"] for alias in aliases if alias["normal"])]
        return normals, [self.before["slug"], *(alias["slug"] for alias in aliases if alias["slug"])]

    def _give_back_names(self, tag):
        normals, slugs = self._names()
        TagAlias.objects.filter(Q(normal__in=normals) | Q(slug__in=slugs)).delete()
        TagAlias.objects.bulk_create(TagAlias(tag=tag, **alias) for alias in self.before["aliases"])

    def _give_back_stories(self, tag):
        both = set(self.before["both"])
        moved = [pk for pk in self.before["stories"] if pk not in both]
        for start in range(0, len(moved), BATCH):
            some = moved[start : start + BATCH]
            if self.kept:
                StoryTag.objects.filter(tag=self.kept, content_object__in=some).update(tag=tag)
            else:
                self._put_on(tag, some)
        there = sorted(both)
        for start in range(0, len(there), BATCH):
            self._put_on(tag, there[start : start + BATCH])

    def _put_on(self, tag, pks):
        from .story import Story

        stories = Story.objects.filter(pk__in=pks)
        if self.kept:
            stories = stories.filter(story_tags__tag=self.kept)
        StoryTag.objects.bulk_create(
            StoryTag(content_object_id=pk, tag=tag) for pk in stories.values_list("pk", flat=True)
        )


def _state(tag: Tag, kept: Tag | None) -> dict:
    """A tag with its names, addresses and stories, and which of these the other has too. Four queries."""
    tag = Tag.objects.get(pk=tag.pk)  # the caller's copy may be older than a rename
    stories = list(tag.story_tags.values_list("content_object", flat=True))
    both = (
        kept.story_tags.filter(content_object__in=tag.story_tags.values("content_object"))
        if kept
        else StoryTag.objects.none()
    )
    return {
        "pk": tag.pk,
        "name": tag.name,
        "normal": tag.normal,
        "slug": tag.slug,
        "description": tag.description,
        "aliases": list(tag.aliases.values("name", "normal", "slug")),
        "stories": stories,
        "both": list(both.values_list("content_object", flat=True)),
        "kept": kept.pk if kept else None,
    }
