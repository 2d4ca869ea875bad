"""What the screens do when two people collide, or an address was tampered with: words, never a server error."""

from contextlib import suppress

from django.contrib import messages
from django.db import DataError, IntegrityError, connection
from django.http import HttpResponseRedirect

from stories.models import SiteVersion

LONGEST_SEARCH = 200


class CollisionsMixin:
    """For a ModelAdmin whose things several people change."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            with suppress(IntegrityError):
                return super().changeform_view(request, object_id, form_url, extra_context)
            # By now the other is there to be seen: checked again, the form says what is wrong and keeps what was typed.
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            self.message_user(request, "Nothing was saved: a name is used twice, if only on the way.", messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def changelist_view(self, request, extra_context=None):
        """Filters and ticked rows come from the address and the form, where anybody can write anything."""
        try:
            response = super().changelist_view(request, extra_context)
            return response.render() if hasattr(response, "render") else response
        except (ValueError, OverflowError, DataError):
            self.message_user(request, "That filter or selection means nothing here.", messages.ERROR)
            return HttpResponseRedirect(request.path)

    def get_search_results(self, request, queryset, search_term):
        """Each word is a condition, and thousands of them no query."""
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    def get_object(self, request, object_id, from_field=None):
        """Before a change, waits for whoever is changing it: what is checked and saved must be what is there now."""
        found = super().get_object(request, object_id, from_field)
        # Of the views that may be posted to, those that change nothing have no transaction to lock in.
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        SiteVersion.lock()
        return super().get_object(request, object_id, from_field)
