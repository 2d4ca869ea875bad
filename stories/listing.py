"""A listing's pages: ten stories each, which numbers exist, and the addresses of the neighbours.

What stands in a listing is for the views to say.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import EmptyPage, Page, Paginator

PAGE_SIZE = 10


def page_of(stories, number: str) -> Page:
    """Page `number` of the stories, a text as it came in an address. Two queries: an exact count, and the ten.

    Raises EmptyPage for anything but the plain decimal number of a page that exists: int() would also
    take "+1", "1_0" and the digits of every other script, and so give one page endless addresses.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise EmptyPage(f"{number!r} is not a page number")
    return Paginator(stories, PAGE_SIZE).page(int(number))


@dataclass(frozen=True)
class Pager:
    """The links at the foot of a list. `address_of` gives the address of a page by its number."""

    page: Page
    address_of: Callable[[int], str]

    @property
    def number(self):
        return self.page.number

    @property
    def last(self):
        return self.page.paginator.num_pages

    @property
    def first_address(self):
        return self.address_of(1)

    @property
    def last_address(self):
        return self.address_of(self.last)

    @property
    def previous_address(self):
        return self.address_of(self.number - 1) if self.number > 1 else None

    @property
    def next_address(self):
        return self.address_of(self.number + 1) if self.number < self.last else None

    def near(self) -> list[tuple[int, str]]:
        """(number, address) of this page and up to two on each side."""
        numbers = range(max(1, self.number - 2), min(self.last, self.number + 2) + 1)
        return [(number, self.address_of(number)) for number in numbers]
