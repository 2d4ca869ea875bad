"""The front door: other packages import models from here, not from the files behind it."""

from .autosave import Autosave
from .body import check_size, sanitise, sanitise_typed
from .cannot_undo import CannotUndo
from .counts import MonthCount, SiteVersion, TagCount, published, published_with_tag
from .preview_link import PreviewLink
from .retention import expired, prune
from .revision import Revision
from .snapshot import (
    Snapshot,
    empty_snapshot,
    format_minute,
    is_snapshot,
    merge,
    restore_snapshot,
    take_snapshot,
    upgrade_snapshot,
)
from .source import Source
from .story import FIRST_MOMENT, LAST_MOMENT, Story
from .story_tag import StoryTag
from .tag import Region, Tag, TagAlias, hue_number
from .tag_change import TagChange, story_count_label
from .tag_names import take_tag_snapshot
from .workflow import PUBLISH_STORY, TRANSITIONS, MoveNotAllowed, Status

__all__ = [
    "FIRST_MOMENT",
    "LAST_MOMENT",
    "PUBLISH_STORY",
    "TRANSITIONS",
    "Autosave",
    "CannotUndo",
    "MonthCount",
    "MoveNotAllowed",
    "PreviewLink",
    "Region",
    "Revision",
    "SiteVersion",
    "Snapshot",
    "Source",
    "Status",
    "Story",
    "StoryTag",
    "Tag",
    "TagAlias",
    "TagChange",
    "TagCount",
    "check_size",
    "empty_snapshot",
    "expired",
    "format_minute",
    "hue_number",
    "is_snapshot",
    "merge",
    "prune",
    "published",
    "published_with_tag",
    "restore_snapshot",
    "sanitise",
    "sanitise_typed",
    "story_count_label",
    "take_snapshot",
    "take_tag_snapshot",
    "upgrade_snapshot",
]
