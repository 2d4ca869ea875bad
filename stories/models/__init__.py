"""The front door: other packages import models from here, not from the files behind it."""

from .addresses import address_of
from .body import check_size, sanitise, sanitise_typed
from .cannot_undo import CannotUndo
from .content import completed, content_of, is_content, merge, minute_of, put
from .counts import MonthCount, SiteVersion, TagCount, published, published_with_tag
from .depth import depth_of
from .naming import normal_form, printable, slug_for, tidy
from .near_twins import are_near, clues
from .open_form import OpenForm
from .preview_link import PreviewLink
from .retention import expired, prune
from .source import Source
from .story import FIRST_MOMENT, LAST_MOMENT, Story
from .tag_change import TagChange, counted
from .tag_names import words_of
from .tagging import StoryTag
from .taxonomy import Region, Tag, TagAlias, hue_of
from .version import StoryVersion
from .workflow import PUBLISH_STORY, TRANSITIONS, MoveNotAllowed, Status

__all__ = [
    "FIRST_MOMENT",
    "LAST_MOMENT",
    "PUBLISH_STORY",
    "TRANSITIONS",
    "CannotUndo",
    "MonthCount",
    "MoveNotAllowed",
    "OpenForm",
    "PreviewLink",
    "Region",
    "SiteVersion",
    "Source",
    "Status",
    "Story",
    "StoryTag",
    "StoryVersion",
    "Tag",
    "TagAlias",
    "TagChange",
    "TagCount",
    "address_of",
    "are_near",
    "check_size",
    "clues",
    "completed",
    "content_of",
    "counted",
    "depth_of",
    "expired",
    "hue_of",
    "is_content",
    "merge",
    "minute_of",
    "normal_form",
    "printable",
    "prune",
    "published",
    "published_with_tag",
    "put",
    "sanitise",
    "sanitise_typed",
    "slug_for",
    "tidy",
    "words_of",
]
