"""The front door: other packages import models from here, not from the files behind it."""

from .addresses import address_of
from .body import check_size, depth_of, sanitise
from .counts import MonthCount, SiteVersion, published
from .naming import normal_form, tidy
from .source import Source
from .story import Story
from .tagging import StoryTag
from .taxonomy import Region, Tag, TagAlias
from .workflow import TRANSITIONS, MoveNotAllowed, Status

__all__ = [
    "TRANSITIONS",
    "MonthCount",
    "MoveNotAllowed",
    "Region",
    "SiteVersion",
    "Source",
    "Status",
    "Story",
    "StoryTag",
    "Tag",
    "TagAlias",
    "address_of",
    "check_size",
    "depth_of",
    "normal_form",
    "published",
    "sanitise",
    "tidy",
]
