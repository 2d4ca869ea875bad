"""Headline, tags, region and date of a story, changed without leaving the list.

It is a page of its own that leads back to the list; quick-edit.js shows its form over the list instead, and puts into
the list what the row says afterwards.
"""

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from .quick_form import QuickForm


class QuickEditMixin:
    """For the ModelAdmin of stories. Whoever may change a story may change it here, and it is saved as its form saves it."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.quick)
        return [path("<int:pk>/quick/", view, name="stories_story_quick"), *super().get_urls()]

    def get_list_display(self, request):
        """Nobody needs one writer's name on each of her stories; who may change none needs no button.

        What comes and goes stands last: a sorted list is asked for by the numbers of its columns.
        """
        columns = [*super().get_list_display(request), *([] if request.GET.get("author") else ["writer"])]
        return [*columns, self.quick_button(request)] if self.has_change_permission(request) else columns

    def quick_button(self, request):
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}

        @admin.display(description="Quick edit", empty_value="")
        def quick_edit(story):
            if not self.has_change_permission(request, story):
                return None
            address = add_preserved_filters(filters, reverse("admin:stories_story_quick", args=[story.pk]))
            return format_html(
                '<a class="quick-edit" href="{}" aria-label="Quick edit: {}">Quick edit</a>', address, story
            )

        return quick_edit

    def changelist_view(self, request, extra_context=None):
        media = self.media + QuickForm().media
        return super().changelist_view(request, {"media": media} | (extra_context or {}))

    def quick(self, request, pk):
        if request.method != "POST":
            return self.quick_page(request, self.quick_form(request, pk))
        with transaction.atomic():
            return self.save_quickly(request, self.quick_form(request, pk))

    def quick_form(self, request, pk):
        story = self.get_object(request, pk)
        if story is None:
            raise Http404
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        # All boxes, also of whoever may no longer change the story: they hold what she typed.
        made = self.get_form(request, story, change=True, form=QuickForm, fields=QuickForm.Meta.fields, exclude=None)
        return made(request.POST if request.method == "POST" else None, instance=story)

    def save_quickly(self, request, form):
        story = form.instance
        if not self.has_change_permission(request, story) or not form.is_valid():
            return self.quick_page(request, form)
        self.save_form(request, form, change=True)
        self.save_model(request, story, form, change=True)
        self.save_related(request, form, [], change=True)
        self.log_change(request, story, self.construct_change_message(request, form, []))
        self.message_user(request, f"“{story}” was saved.", messages.SUCCESS)
        if "_in_place" in request.POST:  # the script takes just this row
            return HttpResponseRedirect(f"{reverse('admin:stories_story_changelist')}?id={story.pk}")
        return self.response_post_save_change(request, story)

    def quick_page(self, request, form):
        """Also for who may no longer change the story: what she typed stands there still."""
        may_change = self.has_change_permission(request, form.instance)
        if not may_change and request.method != "POST":
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Quick edit",
            "subtitle": form.before["headline"],
            "form": form,
            "story": form.instance,
            "may_change": may_change,
            "media": form.media,
            "preserved_filters": self.get_preserved_filters(request),
        }
        status = 200 if may_change else 403
        return TemplateResponse(request, "admin/stories/story/quick.html", context, status=status)
