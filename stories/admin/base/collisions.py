"""Error messages instead of server errors when two people collide or a URL was tampered with."""

from contextlib import suppress
from typing import Any

from django.contrib import admin, messages
from django.db import DataError, IntegrityError, connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from stories.models import SiteVersion

MAX_SEARCH_CHARS = 200


class CollisionsMixin(admin.ModelAdmin):
    """ModelAdmin for objects that several people change at the same time."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            with suppress(IntegrityError):
                return super().changeform_view(request, object_id, form_url, extra_context)
            # The competing row is now visible: validated again, the form shows the error and keeps the input.
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            self.message_user(request, _("Not saved: another item already uses that name."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show an error for filters or selected rows that the database can't read: anyone can edit a URL."""
        try:
            response = super().changelist_view(request, extra_context)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response
        except (ValueError, OverflowError, DataError):
            self.message_user(request, _("That filter isn't available."), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Cut long searches: each word is one SQL condition, and databases refuse thousands of them."""
        return super().get_search_results(request, queryset, search_term[:MAX_SEARCH_CHARS])

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Take the write lock before a change, so that the form checks and saves current data."""
        found = super().get_object(request, object_id, from_field)
        # Some views accept POST but change nothing; these have no transaction to lock in.
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        SiteVersion.lock()
        return super().get_object(request, object_id, from_field)
