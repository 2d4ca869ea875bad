"""Create a small newsroom for concurrent writers: 200 stories, 12 tags, the four regions."""

from datetime import UTC, datetime, timedelta

from django.core.management import call_command

from stories.models import Region, Status, Story

TAGS = [f"Tag {number}" for number in range(12)]


def figures() -> int:
    call_command("migrate", verbosity=0)
    call_command("loaddata", "regions", verbosity=0)
    region = Region.objects.first()
    for number in range(200):
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=3 * number)
        story = Story.objects.create(
            headline=f"Story {number}", body="<p>It is so.</p>", region=region, status=Status.PUBLISHED, published_at=at
        )
        story.tags.set([TAGS[number % 12], TAGS[number % 5]])
    return Story.objects.count()
