"""What the editor's screens cost: queries, and CPU time of this process and of the database's, a request.

Requests go through all of Newsdesk but the server of HTTP. What is saved here is undone, for the archive is kept.
"""

from random import Random
from time import process_time

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.processes import cpu_seconds
from stories.models import Story, Tag

REQUESTS = 40
NEWEST = 300


def figures() -> dict:
    """{screen: {"queries", "cpu"}}, milliseconds of CPU time a request, means of REQUESTS."""
    # What collectstatic would write is not what is measured.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    with transaction.atomic():
        desk = Desk()
        found = {name: cost(screen) for name, screen in desk.screens.items()}
        transaction.set_rollback(True)
    return found


class Desk:
    """An editor at work on the newest stories. Each screen is a request, another each time."""

    def __init__(self):
        self.chance = Random(1)
        self.client = Client(HTTP_HOST="127.0.0.1")
        editor = User.objects.create(username="bench", is_staff=True)
        editor.groups.add(Group.objects.get(name="Editors"))
        self.client.force_login(editor)
        self.stories = list(Story.objects.with_related().newest_first()[:NEWEST])
        self.tags = list(Tag.objects.order_by("pk").values_list("name", flat=True))
        self.screens = {
            "dashboard": lambda: self.get(reverse("admin:index")),
            "story list": lambda: self.get(reverse("admin:stories_story_changelist")),
            "story form": lambda: self.get(self.form_of(self.a_story())),
            "save": self.save,
            "tag box, one letter": lambda: self.suggest(1),
            "tag box, two letters": lambda: self.suggest(2),
            "tag box, four letters": lambda: self.suggest(4),
        }

    def a_story(self):
        return self.chance.choice(self.stories)

    def form_of(self, story):
        return reverse("admin:stories_story_change", args=[story.pk])

    def get(self, address, **data):
        self.expect(200, self.client.get(address, data))

    def suggest(self, letters):
        name = self.chance.choice(self.tags)
        start = self.chance.randrange(len(name) - letters)
        self.get(reverse("admin:stories_tag_suggest"), q=name[start : start + letters])

    def save(self):
        """Another headline, another tag, another source."""
        story = self.a_story()
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
            self.expect(302, self.client.post(self.form_of(story), fields))
            transaction.set_rollback(True)

    def expect(self, status, response):
        if response.status_code != status:
            raise RuntimeError(f"{response.request['PATH_INFO']} answered {response.status_code}")


def cost(screen) -> dict:
    screen()
    with CaptureQueriesContext(connection) as captured:
        screen()
    queries, before = len(captured), cpu()  # the next request forgets them
    for _ in range(REQUESTS):
        screen()
    return {"queries": queries, "cpu": 1000 * (cpu() - before) / REQUESTS}


def cpu():
    process = connection.connection.info.backend_pid if connection.vendor == "postgresql" else None
    return process_time() + cpu_seconds(process)
