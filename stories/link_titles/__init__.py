"""What a link may be called, asked of the page that it leads to: fetching.py gets the page, page_title.py reads it.

No story is known here, and no form; who may ask, and how often, is for the admin to say.
"""

from .fetching import Page, Unreachable, fetch
from .page_title import label_for

__all__ = ["Page", "Unreachable", "fetch", "label_for"]
