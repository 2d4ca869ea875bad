"""Sources: the "See" links of a story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.core.validators import URLValidator
from django.db import models

from stories.text.urls import to_ascii_url

if TYPE_CHECKING:
    from .story import Story


class URLFormField(forms.CharField):
    """A URL as people type or copy it; `https://` is added where there is no scheme."""

    # The admin styles the box by this widget.
    widget = forms.URLInput

    def to_python(self, value: Any) -> str:
        url = super().to_python(value) or ""
        # The validator refuses other schemes.
        has_scheme = re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", url, re.IGNORECASE)
        return to_ascii_url(url if has_scheme or not url else f"https://{url}")


class SourceURLField(models.CharField):
    """An http or https URL, stored in ASCII: 1,000 other characters would not fit a PostgreSQL index row."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 1000} | kwargs)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return super().formfield(*args, **{"form_class": URLFormField} | kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return to_ascii_url(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))


class SourceManager(models.Manager["Source"]):
    def get_by_natural_key(self, story: str, url: str) -> Source:
        return self.get(story__slug=story, url=url)

    # Set by Django on `story.sources`.
    instance: Story

    def replace(self, links: Iterable[Sequence[str]]) -> None:
        """Make these (url, label) the sources of `story.sources`. Two queries, and one for each change."""
        labels = {to_ascii_url(url): label for url, label in links}
        known = {source.url: source for source in self.all()}
        if [(url, source.label) for url, source in known.items()] == list(labels.items()):
            return
        self.exclude(url__in=labels).delete()
        for position, (url, label) in enumerate(labels.items()):
            source = known.get(url) or self.model(story=self.instance, url=url)
            source.label, source.position = label, position
            source.save()


class Source(models.Model):
    story = models.ForeignKey("stories.Story", models.CASCADE, related_name="sources")
    url = SourceURLField("URL", help_text="The page where readers can read more: https://…")
    label = models.CharField(
        max_length=200, blank=True, help_text="The text of the link. Leave empty to use the site's name."
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = SourceManager()

    class Meta:
        ordering = ["position", "pk"]
        # Finds stories that share a source.
        indexes = [models.Index(fields=["url"], name="source_url")]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "url"],
                name="story_has_a_source_once",
                violation_error_message="This source is listed twice.",
            ),
        ]

    def __str__(self) -> str:
        return self.label or urlsplit(self.url).netloc.removeprefix("www.")

    def natural_key(self) -> tuple[str, str]:
        return (self.story.slug, self.url)

    natural_key.dependencies = ["stories.story"]  # type: ignore[attr-defined]  # read by Django's serializers
