"""The filters beside the story list. Each offers a bounded number of choices, however many tags and months there are."""

from collections import Counter
from datetime import date

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.utils import timezone

from stories.admin.base.bounded_list import MAX_ROWS
from stories.listings.months import following_month, midnight
from stories.models import MonthCount, Source, Status, Story, StoryTag, Tag

# The stories last saved, whose writers and tags are offered; and among which those are looked for that lack something.
NEWEST, LATEST = 300, 10_000
OFFERED = 12


class StateFilter(admin.SimpleListFilter):
    """The statuses, with the published ones told apart by whether their time has come."""

    title = "status"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            (Status.DRAFT, "Draft"),
            (Status.IN_REVIEW, "In review"),
            ("scheduled", "Scheduled"),
            (Status.PUBLISHED, "Published"),
            (Status.WITHDRAWN, "Withdrawn"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "scheduled":
            # They are few; as a condition like any other, databases look for it through all stories, newest saved first.
            return queryset.filter(
                pk__in=list(Story.objects.filter(live_at__gt=timezone.now()).values_list("pk", flat=True)[:MAX_ROWS])
            )
        if self.value() == Status.PUBLISHED:
            return queryset.published()
        return queryset.filter(status=self.value()) if self.value() else queryset


class TagFilter(admin.SimpleListFilter):
    """The tags used most of late, and the one that is chosen; the tag list leads to any other."""

    title = "tag"
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        choices = self.most_used()
        if self.value() and self.value() not in choices:
            choices |= dict(Tag.objects.filter(slug=self.value()).values_list("slug", "name"))
        return list(choices.items())

    def most_used(self) -> dict[str, str]:
        """{slug: name} of the tags that most of the newest stories have. One query."""
        newest = last_saved().values("pk")[:NEWEST]
        names = StoryTag.objects.filter(content_object__in=newest).values_list("tag__slug", "tag__name")
        return the_most(names.order_by())

    def queryset(self, request, queryset):
        return queryset.filter(story_tags__tag__slug=self.value()) if self.value() else queryset


class AuthorFilter(admin.SimpleListFilter):
    """Oneself, the writers of the newest stories, and the one who is chosen."""

    title = "author"
    parameter_name = "author"

    def lookups(self, request, model_admin):
        me = str(request.user.pk)
        choices = {me: "Mine"} if model_admin.has_add_permission(request) else {}
        choices = choices | {pk: name for pk, name in self.of_the_newest().items() if pk not in choices}
        if self.value() and self.value() not in choices:
            chosen = get_user_model().objects.filter(pk=self.value())
            choices |= {str(person.pk): str(person) for person in chosen}
        return list(choices.items())

    def of_the_newest(self) -> dict[str, str]:
        """{key: name} of those who wrote most of the newest stories. One query."""
        name = f"created_by__{get_user_model().USERNAME_FIELD}"
        writers = last_saved().values_list("created_by", name)[:NEWEST]
        return the_most((str(pk), name) for pk, name in writers if pk)

    def queryset(self, request, queryset):
        return queryset.filter(created_by=self.value()) if self.value() else queryset


class LacksFilter(admin.SimpleListFilter):
    """What is not finished, of late: to find the few among a million that lack something, all would be looked at."""

    title = f"what it lacks, of the {LATEST:,} last saved"
    parameter_name = "lacks"
    parts = {
        "tags": StoryTag.objects.filter(content_object=OuterRef("pk")),
        "sources": Source.objects.filter(story=OuterRef("pk")),
    }

    def lookups(self, request, model_admin):
        return [(name, f"No {name}") for name in self.parts]

    def queryset(self, request, queryset):
        """Two queries."""
        if self.value() not in self.parts:
            return queryset
        latest = Story.objects.filter(pk__in=last_saved().values("pk")[:LATEST])
        lacking = latest.exclude(Exists(self.parts[self.value()])).order_by("-updated_at", "-pk")
        return queryset.filter(pk__in=list(lacking.values_list("pk", flat=True)[:MAX_ROWS]))


class MonthFilter(admin.SimpleListFilter):
    """Years, and the months of the one that is chosen, at first of the newest: by the publish date."""

    title = "publish date"
    parameter_name = "month"

    def lookups(self, request, model_admin):
        kept = MonthCount.objects.filter(tag=0, region=0, stories__gt=0)
        months = list(kept.order_by("-month").values_list("month", flat=True))
        years = list(dict.fromkeys(f"{month:%Y}" for month in months))
        open_year = (self.value() or "")[:4] if (self.value() or "")[:4] in years else next(iter(years), None)
        choices = []
        for year in years:
            choices.append((year, year))
            if year == open_year:
                choices += [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months if f"{month:%Y}" == year]
        return choices

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        try:
            year, _, month = self.value().partition("-")
            first_day = date(int(year), int(month or 1), 1)
            beyond = following_month(first_day) if month else date(int(year) + 1, 1, 1)
            return queryset.filter(published_at__gte=midnight(first_day), published_at__lt=midnight(beyond))
        except (ValueError, OverflowError):
            return queryset.none()


def last_saved():
    """All stories, the last saved first: to be cut."""
    return Story.objects.order_by("-updated_at", "-pk")


def the_most(found) -> dict[str, str]:
    """{key: name} of the (key, name) that are found most, the most first."""
    most = Counter(found).most_common(OFFERED)
    return dict(key_and_name for key_and_name, _ in sorted(most, key=lambda counted: (-counted[1], counted[0][1])))
