"""Quick edit: change headline, tags, region and date of a story without leaving the list.

The form is a page that leads back to the list. With JavaScript, quick-edit.js shows it in a dialog over the list and
updates the story's row after saving.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.models import Story

from .quick_form import QuickForm


class QuickEditMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories. The same permissions apply, and the same saving, as on the story form."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.quick)
        return [path("<int:pk>/quick/", view, name="stories_story_quick"), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Leave out the writer when one author is selected, and the button for users who may change no story.

        Optional columns come last: the URL of a sorted list has the numbers of its columns.
        """
        columns: list[Any] = [*super().get_list_display(request)]
        if not request.GET.get("author"):
            columns.append("writer")
        if self.has_change_permission(request):
            columns.append(self.quick_edit_column(request))
        return columns

    def quick_edit_column(self, request: HttpRequest) -> Callable[[Story], SafeString | None]:
        """Return a column of links that keep the list's filters."""
        context: dict[str, Any] = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}

        @admin.display(description=gettext_lazy("Quick edit"), empty_value="")
        def quick_edit(story: Story) -> SafeString | None:
            if not self.has_change_permission(request, story):
                return None
            url = add_preserved_filters(context, reverse("admin:stories_story_quick", args=[story.pk]))
            label = _("Quick edit: %(story)s") % {"story": story}
            return format_html('<a class="quick-edit" href="{}" aria-label="{}">{}</a>', url, label, _("Quick edit"))

        return quick_edit

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        media = self.media + QuickForm().media
        return super().changelist_view(request, {"media": media} | (extra_context or {}))

    def quick(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, or save it."""
        if request.method != "POST":
            return self.quick_page(request, self.quick_form(request, pk))
        with transaction.atomic():
            return self.save_quick_form(request, self.quick_form(request, pk))

    def quick_form(self, request: HttpRequest, pk: int) -> ModelForm:
        """Return the form of the story. Raise Http404 or PermissionDenied."""
        story = self.get_object(request, str(pk))
        if story is None:
            raise Http404
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        # All fields, even if the user may no longer change the story: the form must give back their input.
        form_class = self.get_form(
            request, story, change=True, form=QuickForm, fields=QuickForm.Meta.fields, exclude=None
        )
        return form_class(request.POST if request.method == "POST" else None, instance=story)

    def save_quick_form(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Save as the story form does, or show the form with its errors."""
        story = form.instance
        if not self.has_change_permission(request, story) or not form.is_valid():
            return self.quick_page(request, form)
        self.save_form(request, form, change=True)
        self.save_model(request, story, form, change=True)
        self.save_related(request, form, [], change=True)
        self.log_change(request, story, self.construct_change_message(request, form, []))
        self.message_user(request, _("“%(story)s” was saved.") % {"story": story}, messages.SUCCESS)
        if "_in_place" in request.POST:  # quick-edit.js reads the story's row from a list of this story alone
            return HttpResponseRedirect(f"{reverse('admin:stories_story_changelist')}?id={story.pk}")
        return self.response_post_save_change(request, story)

    def quick_page(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Render the form, with status 403 and no button if the user may no longer change the story."""
        may_change = self.has_change_permission(request, form.instance)
        if not may_change and request.method != "POST":
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Quick edit"),
            "subtitle": form.before["headline"],
            "form": form,
            "story": form.instance,
            "may_change": may_change,
            "media": form.media,
            "preserved_filters": self.get_preserved_filters(request),
        }
        status = 200 if may_change else 403
        return TemplateResponse(request, "admin/stories/story/quick_edit.html", context, status=status)
