"""Models of the content. Other packages import them from here, not from the modules behind."""

from .autosave import Autosave
from .errors import CannotUndo, MoveNotAllowed
from .month_count import MonthCount, TagCount, listing_story_count, tag_story_count
from .preview_link import PreviewLink
from .region import Region, hue_number
from .retention import expired, prune
from .revision import Revision
from .site_version import SiteVersion
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
from .story import Story
from .story_tag import StoryTag
from .tag import Tag, TagAlias
from .tag_change import TagChange, story_count_label
from .tag_names import take_tag_snapshot
from .workflow import FIRST_MOMENT, LAST_MOMENT, PUBLISH_STORY, TRANSITIONS, Status

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
    "empty_snapshot",
    "expired",
    "format_minute",
    "hue_number",
    "is_snapshot",
    "listing_story_count",
    "merge",
    "prune",
    "restore_snapshot",
    "story_count_label",
    "tag_story_count",
    "take_snapshot",
    "take_tag_snapshot",
    "upgrade_snapshot",
]
