"""The front door: other packages import models from here, not from the files behind it."""

from .autosave import OpenForm
from .body import check_size, sanitise, sanitise_typed
from .cannot_undo import CannotUndo
from .counts import MonthCount, SiteVersion, TagCount, published, published_with_tag
from .preview_link import PreviewLink
from .retention import expired, prune
from .revision import StoryVersion
from .snapshot import completed, content_of, is_content, merge, minute_of, put
from .source import Source
from .story import FIRST_MOMENT, LAST_MOMENT, Story
from .story_tag import StoryTag
from .tag import Region, Tag, TagAlias, hue_of
from .tag_change import TagChange, counted
from .tag_names import words_of
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
    "check_size",
    "completed",
    "content_of",
    "counted",
    "expired",
    "hue_of",
    "is_content",
    "merge",
    "minute_of",
    "prune",
    "published",
    "published_with_tag",
    "put",
    "sanitise",
    "sanitise_typed",
    "words_of",
]
