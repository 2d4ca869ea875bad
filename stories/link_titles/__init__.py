"""Propose a label for a link, from the page that it leads to.

fetching.py fetches the page, page_title.py reads its title. Neither knows stories or forms: the admin decides who may
fetch, and how often.
"""

from .fetching import Page, Unreachable, fetch
from .page_title import label_for

__all__ = ["Page", "Unreachable", "fetch", "label_for"]
