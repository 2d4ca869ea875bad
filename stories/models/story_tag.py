"""The tags of a story: the through table, and taggit's manager extended so that a tag answers to several names."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F
from taggit.managers import _TaggableManager
from taggit.models import ItemBase

from .tag import Tag


class StoryTagManager(models.Manager["StoryTag"]):
    def get_by_natural_key(self, story: str, tag: str) -> "StoryTag":
        return self.get(content_object__slug=story, tag__slug=tag)


class StoryTag(ItemBase, models.Model):
    # taggit requires this name.
    content_object = models.ForeignKey("stories.Story", models.CASCADE, related_name="story_tags", verbose_name="story")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="story_tags")

    # Copies of the story's columns, kept by triggers, so that one index serves a tag's listing.
    live_at = models.DateTimeField(null=True, editable=False)
    region = models.ForeignKey(
        "stories.Region",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        editable=False,
        related_name="+",
    )

    objects = StoryTagManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="story_has_a_tag_once"),
        ]
        indexes = [
            models.Index(F("tag"), F("live_at").desc(), F("content_object").desc(), name="tag_newest"),
            models.Index(
                F("tag"), F("region"), F("live_at").desc(), F("content_object").desc(), name="tag_region_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tag} on {self.content_object}"

    def natural_key(self) -> tuple[str, str]:
        return (self.content_object.slug, self.tag.slug)

    natural_key.dependencies = ["stories.story", "stories.tag"]  # type: ignore[attr-defined]  # read by serializers


class TagsOfStory(_TaggableManager):
    """`story.tags`: taggit's manager, but a string may be any name of a tag, also a former name or synonym."""

    def _to_tag_model_instances(self, tags: Iterable[Any], tag_kwargs: dict[str, Any]) -> list[Tag]:
        tags = list(tags)
        known = Tag.objects.ensure(tag for tag in tags if isinstance(tag, str))
        return list(dict.fromkeys(known[tag] if isinstance(tag, str) else tag for tag in tags))

    def remove(self, *tags: Any) -> None:
        strings = [tag for tag in tags if isinstance(tag, str)]
        named = Tag.objects.named(strings).values()
        super().remove(*(tag.name for tag in (*named, *tags) if not isinstance(tag, str)))
