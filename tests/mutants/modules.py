"""Modules that hold rules, and the names of the test files that hold each: tests/test_<name>.py."""

MODULES = {
    # Tag names
    "stories/text/fuzzy.py": "fuzzy taxonomy",
    "stories/text/normalize.py": "slugs naming",
    "stories/text/slugs.py": "slugs naming",
    "stories/models/term.py": "terms taxonomy",
    "stories/models/tag_names.py": "tag_edits",
    # Sanitiser
    "stories/text/html.py": "html_depth body control_characters",
    "stories/text/html_depth.py": "html_depth body",
    "stories/models/body.py": "body story",
    # Workflow, permissions, visibility
    "stories/models/workflow.py": "workflow publish_moment story_rules permissions",
    "stories/models/story.py": "story_rules publish_moment story control_characters",
    "stories/listings/listing.py": "listing_rules listing publish_moment",
    # Nothing is lost: snapshots, merging, undo
    "stories/models/snapshot.py": "merge versions collisions",
    "stories/models/retagging.py": "retag_batches retagging",
    "stories/importers/provenance.py": "provenance import_rules",
    # Page cache
    "newsdesk/page_cache/cache.py": "page_cache_rules page_cache",
    "newsdesk/page_cache/cached_pages.py": "page_cache_rules page_cache",
    "newsdesk/page_cache/http.py": "page_cache_rules page_cache",
}
