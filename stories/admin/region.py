"""The region screens."""

from django.contrib import admin
from django.db.models import OuterRef

from stories.models import Region, listing_story_count

from .base.collisions import CollisionsMixin
from .base.labels import LabelledBoxes
from .base.links import story_count_link


@admin.register(Region)
class RegionAdmin(LabelledBoxes, CollisionsMixin, admin.ModelAdmin):
    list_display = ["name", "position", "stories", "address"]
    list_editable = ["position"]
    search_fields = ["name"]
    fields = ["name", "address", "former_names", "position", "description", "stories"]
    readonly_fields = ["address", "former_names", "stories"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(uses=listing_story_count(tag=0, region=OuterRef("pk")))

    @admin.display(ordering="uses", description="Published stories")
    def stories(self, region):
        return story_count_link("region__id__exact", region.pk, region.uses) if region.pk else "None yet."

    @admin.display
    def address(self, region):
        return region.get_absolute_url() if region.pk else "Made from the name."

    @admin.display
    def former_names(self, region):
        return (region.pk and ", ".join(map(str, region.aliases.filter(slug=None)))) or "None."
