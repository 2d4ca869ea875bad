"""Lists that open as fast with a million stories as with a thousand: counted, paged and acted on only so far."""

from functools import cached_property

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.core.paginator import Paginator

MOST = 2_000


class BoundedPaginator(Paginator):
    """Pages through the first so many; nobody turns two hundred pages, and to count a million takes a second."""

    @cached_property
    def count(self) -> int:
        return min(self._found, MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than it pages through."""
        return self._found > MOST

    @cached_property
    def _found(self):
        return self.object_list.order_by().values("pk")[: MOST + 1].count()


class BoundedListMixin:
    """For a ModelAdmin with very many rows. "Select all" is for lists that are counted to their end."""

    paginator = BoundedPaginator
    show_full_result_count = False
    # They would count all the rows of each choice.
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    # Those that keep to a limit of their own.
    unbounded_actions = ()

    def response_action(self, request, queryset):
        across = request.POST.get("select_across") == "1" and request.POST.get("action") not in self.unbounded_actions
        if across and BoundedPaginator(queryset, self.list_per_page).is_cut:
            words = f"These are more than {MOST:,}, too many to change at once. Narrow the list first."
            self.message_user(request, words, messages.WARNING)
            return None
        return super().response_action(request, queryset)
