"""The story's list, form and preview. The form's boxes are in story_form.py, what is typed and not saved in
autosaves.py, versions in history.py, moves in moves.py, the tag box in tag_box.py, the list's filters in story_filters.py, its
quick edit in quick_edit.py.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from js_asset import Media

from stories import search
from stories.admin.base.bounded_list import BoundedListMixin
from stories.admin.base.collisions import CollisionsMixin
from stories.admin.base.moments import moment
from stories.admin.widgets.schedule import ScheduleMixin
from stories.fields import FIELDS, FORM_SECTIONS
from stories.models import Autosave, Revision, Status, Story

from .autosave import AutosaveMixin
from .duplicate import DuplicateMixin
from .form import StoryForm
from .history import HistoryMixin
from .link_titles import LinkTitlesMixin
from .list_filters import AuthorFilter, LacksFilter, MonthFilter, StateFilter, TagFilter
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
    BoundedListMixin,
    MovesMixin,
    RetagMixin,
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
    list_filter = [StateFilter, AuthorFilter, "region", TagFilter, MonthFilter, LacksFilter]
    # These two have an index; to sort a million stories by anything else takes seconds.
    sortable_by = ["dated", "saved"]
    ordering = ["-updated_at", "-pk"]
    # So that there is a box for it; see get_search_results().
    search_fields = ["headline", "body", "byline"]

    class Media:
        css = {"all": [f"admin/{name}.css" for name in ("story", "preview", "form-helps", "typing")]}
        js = [
            "admin/elements.js",
            "admin/answers.js",
            "admin/story-form.js",
            "admin/reading-time.js",
            "admin/clean-paste.js",
            "admin/paste.js",
            "admin/quotes.js",
            Script("admin/unsaved.js", defer=True),
            Script("admin/live-preview.js", defer=True),
            Script("admin/share.js", defer=True),
            Script("admin/near-stories.js", defer=True),
            Script("admin/shortcuts.js", defer=True),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("region", "created_by").prefetch_related("story_tags__tag")

    def get_search_results(self, request, queryset, search_term):
        return search.matching(queryset, search_term) if search_term.strip() else queryset, False

    def get_urls(self):
        preview = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", preview, name="stories_story_preview"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Stories"} | (extra_context or {}))

    @admin.display(description="Status")
    def state(self, story):
        label = "Scheduled" if story.is_scheduled else story.get_status_display()
        return format_html('<span class="state state-{}">{}</span>', label.lower().replace(" ", "-"), label)

    @admin.display(description="Tags")
    def tag_names(self, story):
        return ", ".join(tag.name for tag in story.tags_in_order)

    @admin.display(ordering="published_at", description="Publish date", empty_value="")
    def dated(self, story):
        return story.published_at and moment(story.published_at)

    @admin.display(ordering="updated_at", description="Last saved")
    def saved(self, story):
        return moment(story.updated_at)

    @admin.display(description="Writer")
    def writer(self, story):
        return story.byline or story.created_by

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.may_be_changed_by(request.user))

    def has_delete_permission(self, request, obj=None):
        """Whoever may change a story may delete it; a writer none that readers have seen."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.may_be_changed_by(request.user))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "region":  # without the admin's four buttons: regions are edited on their own page
            return db_field.formfield(empty_label="Choose a region")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj and obj.was_live else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["headline"]}

    def get_fieldsets(self, request, obj=None):
        """Who may only look at a story sees its text as readers do, not its HTML."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["headline", "text", "see"]}), *fieldsets[1:]]
        return fieldsets

    @admin.display(description="Body")
    def text(self, story):
        return mark_safe(story.body)  # noqa: S308 (sanitised as it was stored)

    @admin.display(description="Sources")
    def see(self, story):
        return format_html_join(", ", '<a href="{}">{}</a>', ((source.url, source) for source in story.sources.all()))

    def save_model(self, request, obj, form, change):
        """Saving what is there already is no change, and makes no version."""
        if not change:
            obj.created_by = request.user
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.sources.replace(form.cleaned_data["sources"])
        before = (form.before, form.status_before) if change else None
        coalesce = not (form.is_stale or form.cleaned_data["compared"])
        form.instance.record(by=request.user, before=before, coalesce=coalesce)
        Autosave.objects.saved(form.cleaned_data["token"], by=request.user)

    def delete_model(self, request, obj):
        obj.delete(by=request.user)

    def delete_queryset(self, request, queryset):
        queryset.delete(by=request.user)

    def log_change(self, request, obj, message):
        """A button that only moves the story logs the move, not a change of nothing as well."""
        if message:
            super().log_change(request, obj, message)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        story = obj or Story(created_by=request.user)
        context |= (
            self.unsaved_and_others(request, obj)
            | self.preview_links(request, obj)
            | {
                "story": obj,
                "state": obj and self.state(obj),
                "moves": story.moves_for(request.user),
                "said": self.move_comment(obj),
                "save_label": "Save draft" if story.status == Status.DRAFT else "Save",
                # The rich-text editor's import map is an inline script.
                "media": Media.from_media(context["media"], nonce=str(request.csp_nonce)),
            }
        )
        return super().render_change_form(request, context, add, change, form_url, obj)

    def move_comment(self, story):
        """What was said at the move into the status that the story still has."""
        said = story and Revision.objects.latest_comment(story.pk)
        return said if said and said.status == story.status and story.status != Status.PUBLISHED else None

    def get_view_on_site_url(self, obj=None):
        if obj is None or obj.pk is None:
            return None
        return obj.get_absolute_url() if obj.is_live else reverse("admin:stories_story_preview", args=[obj.pk])

    def response_post_save_change(self, request, obj):
        if "_preview" in request.POST:
            return HttpResponseRedirect(self.get_view_on_site_url(obj))
        return super().response_post_save_change(request, obj)

    response_post_save_add = response_post_save_change

    def preview(self, request, pk):
        """The story as readers will see it, for whoever may look at it here. Saved text only."""
        story = Story.objects.with_related().filter(pk=pk).first()
        if story is None:
            raise Http404
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        response = render(request, "stories/story_preview.html", {"story": story})
        response["X-Robots-Tag"] = "noindex"
        return response
