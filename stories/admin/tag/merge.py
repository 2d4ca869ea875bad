"""The list action that merges tags: choose the tag to keep, with a preview, then merge the others into it."""

from collections.abc import Iterable, Sequence

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.admin.base.requests import staff_user
from stories.models import StoryTag, Tag, TagChange


class TagMergeMixin(admin.ModelAdmin):
    """ModelAdmin of tags with the action "merge"."""

    actions = ["merge"]

    @admin.action(description=gettext_lazy("Merge selected tags into one"), permissions=["delete"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponse | None:
        """Ask which tag to keep, then merge the others into it."""
        tags = list(queryset.order_by(F("uses").desc(), "name"))
        if len(tags) < 2:
            self.message_user(request, _("Select at least two tags to merge."), messages.WARNING)
            return None
        kept = next((tag for tag in tags if str(tag.pk) == request.POST.get("keep")), None)
        if kept is None:
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Merge tags"),
                "tags": tags,
                **count_stories(tags),
            }
            return TemplateResponse(request, "admin/stories/tag/merge.html", context)
        self.merge_into(request, kept, [tag for tag in tags if tag != kept])
        return None

    def merge_into(self, request: HttpRequest, kept: Tag, others: Sequence[Tag]) -> None:
        """Merge all the others in one transaction, and tell the user."""
        try:
            with transaction.atomic():
                for tag in others:
                    TagChange.objects.merge(tag, kept, by=staff_user(request))
        except (ValueError, Tag.DoesNotExist) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        names = ", ".join(f"“{tag}”" for tag in others)
        message = _("Merged %(tags)s into “%(kept)s”. Old names and URLs lead there.") % {"tags": names, "kept": kept}
        log_url = reverse("admin:stories_tag_changes")
        self.message_user(request, format_html('{} <a href="{}">{}</a>', message, log_url, _("Undo")))


def count_stories(tags: Iterable[Tag]) -> dict[str, int]:
    """Return {"any": stories with any of the tags, "several": with more than one}, drafts included. One query."""
    stories = StoryTag.objects.filter(tag__in=tags).order_by().values("content_object").annotate(number=Count("pk"))
    return stories.aggregate(any=Count("content_object"), several=Count("content_object", filter=Q(number__gt=1)))
