"""Cost of the editors' screens per request: queries, and CPU time of this process and the database's.

Requests go through all of Newsdesk except the HTTP server. Saves are rolled back, because the archive is reused.
"""

from collections.abc import Callable
from random import Random
from time import process_time

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.processes import cpu_seconds
from stories.models import Story, Tag

REQUESTS = 40
NEWEST_STORIES = 300


def figures() -> dict:
    """Return {screen: {"queries", "cpu"}}: CPU time in milliseconds per request, mean of REQUESTS."""
    # The manifest of static files comes from collectstatic, which is not measured.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    with transaction.atomic():
        desk = Desk()
        found = {name: cost(screen) for name, screen in desk.screens.items()}
        transaction.set_rollback(True)
    return found


class Desk:
    """An editor at work on the newest stories. Each screen is a function that makes a random request."""

    def __init__(self) -> None:
        self.chance = Random(1)
        self.client = Client(HTTP_HOST="127.0.0.1")
        editor = User.objects.create(username="bench", is_staff=True)
        editor.groups.add(Group.objects.get(name="Editors"))
        self.client.force_login(editor)
        self.stories = list(Story.objects.with_related().newest_first()[:NEWEST_STORIES])
        self.tags = list(Tag.objects.order_by("pk").values_list("name", flat=True))
        self.screens = {
            "dashboard": lambda: self.get(reverse("admin:index")),
            "story list": lambda: self.get(reverse("admin:stories_story_changelist")),
            "story form": lambda: self.get(self.get_form_url(self.pick_story())),
            "save": self.save,
            "tag box, one letter": lambda: self.suggest(1),
            "tag box, two letters": lambda: self.suggest(2),
            "tag box, four letters": lambda: self.suggest(4),
        }

    def pick_story(self) -> Story:
        return self.chance.choice(self.stories)

    def get_form_url(self, story: Story) -> str:
        return reverse("admin:stories_story_change", args=[story.pk])

    def get(self, url: str, **data: str) -> None:
        self.expect(200, self.client.get(url, data), url)

    def suggest(self, letters: int) -> None:
        name = self.chance.choice(self.tags)
        start = self.chance.randrange(len(name) - letters)
        self.get(reverse("admin:stories_tag_suggest"), q=name[start : start + letters])

    def save(self) -> None:
        """Save a changed headline, an added tag and an added source."""
        story = self.pick_story()
        fields = {
            "headline": f"{story.headline} and more",
            "body": str(story.body),
            "region": story.region_id,
            "tags": "\n".join([*(tag.name for tag in story.tags_in_order), self.chance.choice(self.tags)]),
            "byline": story.byline,
            "published_at_0": f"{story.published_at:%d/%m/%Y}",
            "published_at_1": f"{story.published_at:%H:%M:%S}",
            "sources-url": [*(source.url for source in story.sources_in_order), "https://example.org/more"],
            "sources-label": [*(source.label for source in story.sources_in_order), "More"],
        }
        with transaction.atomic():
            url = self.get_form_url(story)
            self.expect(302, self.client.post(url, fields), url)
            transaction.set_rollback(True)

    def expect(self, status: int, response: HttpResponseBase, url: str) -> None:
        if response.status_code != status:
            raise RuntimeError(f"{url} answered {response.status_code}")


def cost(screen: Callable[[], None]) -> dict[str, float]:
    screen()
    with CaptureQueriesContext(connection) as captured:
        screen()
    queries, before = len(captured), cpu()  # now: the next request clears them
    for _ in range(REQUESTS):
        screen()
    return {"queries": queries, "cpu": 1000 * (cpu() - before) / REQUESTS}


def cpu() -> float:
    process = connection.connection.info.backend_pid if connection.vendor == "postgresql" else None
    return process_time() + cpu_seconds(process)
