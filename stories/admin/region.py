"""The region screens."""

from django.contrib import admin
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.models import Region, listing_story_count

from .base.collisions import CollisionsMixin
from .base.labels import LabelledInputsMixin
from .base.links import story_count_link


@admin.register(Region)
class RegionAdmin(LabelledInputsMixin, CollisionsMixin, admin.ModelAdmin):
    list_display = ["name", "position", "stories", "url"]
    list_editable = ["position"]
    search_fields = ["name"]
    fields = ["name", "url", "former_names", "position", "description", "stories"]
    readonly_fields = ["url", "former_names", "stories"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Region]:
        return super().get_queryset(request).annotate(uses=listing_story_count(tag=0, region=OuterRef("pk")))

    @admin.display(ordering="uses", description=gettext_lazy("Published stories"))
    def stories(self, region: Region) -> str:
        if not region.pk:
            return _("None yet.")
        uses = region.uses  # type: ignore[attr-defined]  # get_queryset() adds it
        return story_count_link("region__id__exact", region.pk, uses)

    @admin.display(description=gettext_lazy("URL"))
    def url(self, region: Region) -> str:
        return region.get_absolute_url() if region.pk else _("Created from the name.")

    @admin.display(description=gettext_lazy("Former names"))
    def former_names(self, region: Region) -> str:
        return (region.pk and ", ".join(map(str, region.aliases.filter(slug=None)))) or _("None.")
