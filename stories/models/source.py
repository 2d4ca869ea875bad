"""The "See" links of a story, as data."""

import re
from urllib.parse import urlsplit

from django import forms
from django.core.validators import URLValidator
from django.db import models
from django.utils.encoding import iri_to_uri


def to_ascii_url(address: str) -> str:
    """The address as it goes over the wire: its host in IDNA, the rest percent-encoded. Twice changes nothing."""
    address = address.strip()
    if address.isascii():
        return iri_to_uri(address)
    try:
        host = urlsplit(address).hostname or ""
        if not host.isascii():
            address = address.replace(host, host.encode("idna").decode(), 1)
    except (UnicodeError, ValueError):
        pass  # the validator will refuse it, in words
    return iri_to_uri(address)


class URLFormField(forms.CharField):
    # The admin marks the box by this widget.
    widget = forms.URLInput

    def to_python(self, value):
        value = super().to_python(value)
        # As people type and copy it; what names another scheme is left for the validator to refuse.
        has_scheme = re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", value, re.IGNORECASE)
        return to_ascii_url(value if has_scheme or not value else f"https://{value}")


class SourceURLField(models.CharField):
    """An http or https address, kept in ASCII: 1,000 other characters would not fit a PostgreSQL index row."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 1000} | kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": URLFormField} | kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return to_ascii_url(value) if value else value

    def get_prep_value(self, value):
        return self.to_python(super().get_prep_value(value))


class SourceManager(models.Manager):
    def get_by_natural_key(self, story, url):
        return self.get(story__slug=story, url=url)

    def replace(self, links: list) -> None:
        """Of `story.sources`: make them just these (address, label), in this order. Two queries, and one for each change."""
        links = {to_ascii_url(url): label for url, label in links}
        known = {source.url: source for source in self.all()}
        if [(url, source.label) for url, source in known.items()] == list(links.items()):
            return
        self.exclude(url__in=links).delete()
        for position, (url, label) in enumerate(links.items()):
            source = known.get(url) or self.model(story=self.instance, url=url)
            source.label, source.position = label, position
            source.save()


class Source(models.Model):
    story = models.ForeignKey("stories.Story", models.CASCADE, related_name="sources")
    url = SourceURLField("address", help_text="Where readers can read more: https://…")
    label = models.CharField(max_length=200, blank=True, help_text="Empty: the name of the site.")
    position = models.PositiveSmallIntegerField(default=0)

    objects = SourceManager()

    class Meta:
        ordering = ["position", "pk"]
        # For the stories that have one source in common.
        indexes = [models.Index(fields=["url"], name="source_address")]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "url"],
                name="story_has_a_source_once",
                violation_error_message="This source is listed twice.",
            ),
        ]

    def __str__(self):
        return self.label or urlsplit(self.url).netloc.removeprefix("www.")

    def natural_key(self):
        return (self.story.slug, self.url)

    natural_key.dependencies = ["stories.story"]
