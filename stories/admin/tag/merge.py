"""Merging tags: several into one that stays, with a preview. What it does to them is the model's affair."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Q
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from stories.models import StoryTag, Tag, TagChange


class TagMergeMixin:
    """For the ModelAdmin of tags."""

    actions = ["merge"]

    @admin.action(description="Merge selected tags into one", permissions=["delete"])
    def merge(self, request, queryset):
        """Asks which tag stays, then merges the others into it."""
        tags = list(queryset.order_by("-uses", "name"))
        if len(tags) < 2:
            return self.message_user(request, "Select two tags or more to merge.", messages.WARNING)
        keep = next((tag for tag in tags if str(tag.pk) == request.POST.get("keep")), None)
        if keep is None:
            context = {**self.admin_site.each_context(request), "title": "Merge tags", "tags": tags, "opts": self.opts}
            context |= merge_preview(tags)
            return TemplateResponse(request, "admin/stories/tag/merge.html", context)
        try:
            with transaction.atomic():
                for tag in tags:
                    if tag != keep:
                        TagChange.objects.merge(tag, keep, by=request.user)
        except (ValueError, Tag.DoesNotExist) as refusal:
            return self.message_user(request, str(refusal), messages.ERROR)
        names = ", ".join(f"“{tag}”" for tag in tags if tag != keep)
        said = f"Merged {names} into “{keep}”. Old names and addresses lead there."
        return self.message_user(
            request, format_html('{} <a href="{}">Undo</a>', said, reverse("admin:stories_tag_changes"))
        )


def merge_preview(tags) -> dict:
    """How many stories have any of these tags, and how many more than one, drafts too. One query."""
    stories = StoryTag.objects.filter(tag__in=tags).order_by().values("content_object").annotate(number=Count("pk"))
    return stories.aggregate(any=Count("content_object"), several=Count("content_object", filter=Q(number__gt=1)))
