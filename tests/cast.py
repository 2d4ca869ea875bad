"""The people in the tests, and what they need: Rosa reports, Ed edits, Olga operates, Robin only reads."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Group, Permission, User

from stories.models import Region, Status, Story

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def person(name: str, group: str | None = None, **fields) -> User:
    user = User.objects.create(username=name, **{"is_staff": group is not None} | fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def rosa():
    return person("rosa", "Writers")


def ed():
    return person("ed", "Editors")


def olga():
    return person("olga", is_staff=True, is_superuser=True)


def robin():
    """Create a person who reads stories, tags and regions in the admin, and changes nothing."""
    user = person("robin", is_staff=True)
    codenames = [f"view_{model}" for model in ("story", "region", "tag")]
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="stories", codename__in=codenames))
    return user


def region(name="Europe"):
    return Region.objects.ensure([name])[name]


def story(headline="Ferry returns to Saltmere", *, tags=(), at=None, status=Status.PUBLISHED, **fields) -> Story:
    """Create a published story; `at` is its date (default: an hour ago)."""
    from django.utils import timezone

    if status == Status.PUBLISHED or at:
        fields["published_at"] = at or timezone.now() - timedelta(hours=1)
    made = Story.objects.create(
        **{"headline": headline, "body": "<p>The ferry is back.</p>", "region": region(), "status": status} | fields
    )
    made.tags.set(tags)
    return made


def draft(headline="Lighthouse to be lit again", **fields):
    return story(headline, status=Status.DRAFT, **fields)
