"""How a tag stands on a story: the through table, and taggit's manager taught that a tag has several names."""

from django.db import models
from django.db.models import F
from taggit.managers import _TaggableManager
from taggit.models import ItemBase

from .tag import Tag


class StoryTagManager(models.Manager):
    def get_by_natural_key(self, story, tag):
        return self.get(content_object__slug=story, tag__slug=tag)


class StoryTag(ItemBase):
    # taggit finds the story by this name.
    content_object = models.ForeignKey("stories.Story", models.CASCADE, related_name="story_tags", verbose_name="story")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="story_tags")

    # Copies of the story's, kept by the database, so that a tag's listing is read from one index.
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

    def natural_key(self):
        return (self.content_object.slug, self.tag.slug)

    natural_key.dependencies = ["stories.story", "stories.tag"]


class TagsOfStory(_TaggableManager):
    """`story.tags`: as taggit's, but a string is any name of a tag, former ones and synonyms too."""

    def _to_tag_model_instances(self, tags, tag_kwargs):
        known = Tag.objects.ensure(tag for tag in tags if isinstance(tag, str))
        return list(dict.fromkeys(known[tag] if isinstance(tag, str) else tag for tag in tags))

    def remove(self, *tags):
        strings = [tag for tag in tags if isinstance(tag, str)]
        named = Tag.objects.named(strings).values()
        super().remove(*(tag.name for tag in (*named, *tags) if not isinstance(tag, str)))
