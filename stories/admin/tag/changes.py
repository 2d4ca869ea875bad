"""The log of changes to tags, and to the tags of many stories at once, with a button that undoes each."""

from collections.abc import Iterable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stories.admin.base.requests import staff_user
from stories.models import CannotUndo, StoryTag, Tag, TagChange, story_count_label

PAGE_SIZE = 20


class TagChangesMixin(admin.ModelAdmin):
    """ModelAdmin of tags that logs deletions and shows the log of changes."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("changes/", view(self.changes), name="stories_tag_changes"),
            path("changes/<int:pk>/undo/", view(require_POST(self.undo)), name="stories_tag_undo"),
            *super().get_urls(),
        ]

    def changes(self, request: HttpRequest) -> HttpResponse:
        """List the changes, newest first, PAGE_SIZE a page."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        changes = TagChange.objects.select_related("by", "undone_by").defer("before")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Tag changes"),
            "page": Paginator(changes, PAGE_SIZE).get_page(request.GET.get("page")),
        }
        return TemplateResponse(request, "admin/stories/tag/changes.html", context)

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_delete_permission(request):
            raise PermissionDenied
        change = get_object_or_404(TagChange, pk=pk)
        try:
            change.undo(by=staff_user(request))
        except CannotUndo as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, _("Undone: %(change)s.") % {"change": change}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:stories_tag_changes"))

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        TagChange.objects.delete_tag(obj, by=staff_user(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        with transaction.atomic():
            for tag in queryset:
                TagChange.objects.delete_tag(tag, by=staff_user(request))

    def get_deleted_objects(
        self, objs: Iterable[Tag], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Count the stories of each tag: Django would list every story by name. One query."""
        tags = list(objs)
        uses = StoryTag.objects.filter(tag__in=tags).order_by().values_list("tag").annotate(Count("pk"))
        counts = dict(uses)
        lines = [
            _("“%(tag)s” will be removed from %(stories)s")
            % {"tag": tag, "stories": story_count_label(counts.get(tag.pk, 0))}
            for tag in tags
        ]
        missing_permissions = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return lines, {"tags": len(tags)}, missing_permissions, []
