"""The story screens: list, form and preview. Each further ability of StoryAdmin is a mixin in a file of this package."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from js_asset import Media

from stories import search
from stories.admin.base.bounded_list import BoundedListMixin
from stories.admin.base.collisions import CollisionsMixin
from stories.admin.base.requests import staff_user
from stories.admin.base.times import format_time
from stories.admin.widgets.schedule import ScheduleMixin
from stories.fields import FIELDS, FORM_SECTIONS
from stories.models import Autosave, Revision, Status, Story

from .autosave import AutosaveMixin
from .duplicate import DuplicateMixin
from .form import StoryForm
from .history import HistoryMixin
from .link_titles import LinkTitlesMixin
from .list_filters import AuthorFilter, MissingFilter, MonthFilter, StateFilter, TagFilter
from .live_preview import LivePreviewMixin
from .moves import MovesMixin
from .preview_links import PreviewLinksMixin
from .quick_edit import QuickEditMixin
from .retag import RetagMixin
from .similar_stories import SimilarStoriesMixin


@admin.register(Story)
class StoryAdmin(
    AutosaveMixin,
    HistoryMixin,
    LivePreviewMixin,
    PreviewLinksMixin,
    SimilarStoriesMixin,
    LinkTitlesMixin,
    DuplicateMixin,
    QuickEditMixin,
    MovesMixin,
    RetagMixin,
    BoundedListMixin,
    CollisionsMixin,
    ScheduleMixin,
    admin.ModelAdmin,
):
    form = StoryForm
    fieldsets = [
        (heading, {"fields": [field.name for field in FIELDS if field.section == section]})
        for section, heading in FORM_SECTIONS.items()
    ]
    list_display = ["headline", "state", "region", "tag_names", "dated", "saved"]
    list_filter = [StateFilter, AuthorFilter, "region", TagFilter, MonthFilter, MissingFilter]
    # Only these have an index: sorting a million stories by another column takes seconds.
    sortable_by = ["dated", "saved"]
    ordering = ["-updated_at", "-pk"]
    # Shows the search box; get_search_results() uses the search index instead.
    search_fields = ["headline", "body", "byline"]

    class Media:
        css = {"all": [f"admin/{name}.css" for name in ("story", "preview", "editor")]}
        js = [
            "admin/elements.js",
            "admin/answers.js",
            "admin/story-form.js",
            "admin/reading-time.js",
            "admin/clean-paste.js",
            "admin/paste.js",
            "admin/quotes.js",
            Script("admin/autosave.js", defer=True),
            Script("admin/live-preview.js", defer=True),
            Script("admin/share.js", defer=True),
            Script("admin/similar-stories.js", defer=True),
            Script("admin/shortcuts.js", defer=True),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        return super().get_queryset(request).select_related("region", "created_by").prefetch_related("story_tags__tag")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Story], search_term: str
    ) -> tuple[QuerySet[Story], bool]:
        return search.filter_stories(queryset, search_term) if search_term.strip() else queryset, False

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", preview, name="stories_story_preview"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Stories"} | (extra_context or {}))

    @admin.display(description="Status")
    def state(self, story: Story) -> SafeString:
        label = "Scheduled" if story.is_scheduled else story.get_status_display()
        return format_html('<span class="state state-{}">{}</span>', label.lower().replace(" ", "-"), label)

    @admin.display(description="Tags")
    def tag_names(self, story: Story) -> str:
        return ", ".join(tag.name for tag in story.tags_in_order)

    @admin.display(ordering="published_at", description="Publish date", empty_value="")
    def dated(self, story: Story) -> str | None:
        return format_time(story.published_at) if story.published_at else None

    @admin.display(ordering="updated_at", description="Last saved")
    def saved(self, story: Story) -> str:
        return format_time(story.updated_at)

    @admin.display(description="Writer")
    def writer(self, story: Story) -> str | User | None:
        return story.byline or story.created_by

    def has_change_permission(self, request: HttpRequest, obj: Story | None = None) -> bool:
        may_change = super().has_change_permission(request, obj)
        return may_change and (obj is None or obj.may_be_changed_by(staff_user(request)))

    def has_delete_permission(self, request: HttpRequest, obj: Story | None = None) -> bool:
        """Let everybody who may change a story delete it: editors any, writers their drafts."""
        may_delete = super().has_delete_permission(request, obj)
        return may_delete and (obj is None or obj.may_be_changed_by(staff_user(request)))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # Without the admin's buttons for the related object: regions have a page of their own.
        if db_field.name == "region":
            return db_field.formfield(empty_label="Choose a region")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Story | None = None) -> list[str]:
        return ["slug"] if obj and obj.was_live else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Story | None = None) -> Any:
        return {} if obj else {"slug": ["headline"]}

    def get_fieldsets(self, request: HttpRequest, obj: Story | None = None) -> Any:
        """Show users who may not change the story its text, not the HTML."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["headline", "text", "see"]}), *fieldsets[1:]]
        return fieldsets

    @admin.display(description="Body")
    def text(self, story: Story) -> SafeString:
        return mark_safe(story.body)  # noqa: S308 (sanitised when it was stored)

    @admin.display(description="Sources")
    def see(self, story: Story) -> SafeString:
        return format_html_join(", ", '<a href="{}">{}</a>', ((source.url, source) for source in story.sources.all()))

    def save_model(self, request: HttpRequest, obj: Story, form: Any, change: bool) -> None:
        """Save only what changed: an unchanged story keeps its version and its date of saving."""
        if not change:
            obj.created_by = staff_user(request)
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.sources.replace(form.cleaned_data["sources"])
        before = (form.before, form.status_before) if change else None
        coalesce = not (form.is_stale or form.cleaned_data["compared"])
        form.instance.record(by=staff_user(request), before=before, coalesce=coalesce)
        Autosave.objects.saved(form.cleaned_data["token"], by=staff_user(request))

    def delete_model(self, request: HttpRequest, obj: Story) -> None:
        obj.delete(by=staff_user(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        queryset.delete(by=staff_user(request))

    def log_change(self, request: HttpRequest, obj: Story, message: Any) -> Any:
        """Log nothing for a button that only moves the story: the move is logged already."""
        return super().log_change(request, obj, message) if message else None

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Story | None = None,
    ) -> HttpResponse:
        user = staff_user(request)
        story = obj or Story(created_by=user)
        context |= (
            self.unsaved_and_others(request, obj)
            | self.preview_links(request, obj)
            | {
                "story": obj,
                "state": obj and self.state(obj),
                "moves": story.moves_for(user),
                "said": self.move_comment(obj),
                "save_label": "Save draft" if story.status == Status.DRAFT else "Save",
                # The rich-text editor's import map is an inline script.
                "media": Media.from_media(context["media"], nonce=str(getattr(request, "csp_nonce", ""))),
            }
        )
        return super().render_change_form(request, context, add, change, form_url, obj)

    def move_comment(self, story: Story | None) -> Revision | None:
        """Return the move with a comment that led to the story's present status."""
        if story is None or story.status == Status.PUBLISHED:
            return None
        move = Revision.objects.latest_comment(story.pk)
        return move if move and move.status == story.status else None

    def get_view_on_site_url(self, obj: Story | None = None) -> str | None:
        if obj is None or obj.pk is None:
            return None
        return obj.get_absolute_url() if obj.is_live else reverse("admin:stories_story_preview", args=[obj.pk])

    def response_post_save_change(self, request: HttpRequest, obj: Story) -> HttpResponseRedirect:
        if "_preview" in request.POST:
            return HttpResponseRedirect(self.get_view_on_site_url(obj) or "")
        return super().response_post_save_change(request, obj)

    response_post_save_add = response_post_save_change

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the saved story as readers will see it."""
        story = Story.objects.with_related().filter(pk=pk).first()
        if story is None:
            raise Http404
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        response = render(request, "stories/story_preview.html", {"story": story})
        response["X-Robots-Tag"] = "noindex"
        return response
