"""Modules that hold rules, and the names of the test files that hold each: tests/test_<name>.py."""

MODULES = {
    "stories/text/fuzzy.py": "naming taxonomy tag_admin",
    "stories/text/normalize.py": "naming taxonomy hostile_texts",
    "stories/text/html_depth.py": "body",
    "stories/models/body.py": "body control_characters story",
    "stories/models/workflow.py": "workflow permissions story_admin",
    "stories/models/story.py": "story workflow tagging previews",
    "stories/models/snapshot.py": "versions collisions",
    "stories/models/term.py": "taxonomy tags_heal tag_changes",
    "stories/models/tag_names.py": "tag_changes tags_heal taxonomy",
    "stories/models/retagging.py": "retagging tag_changes",
    "stories/listings/listing.py": "listing archive reader_pages",
    "stories/importers/provenance.py": "import_rules import_json_lines",
    "newsdesk/page_cache/cache.py": "page_cache freshness",
    "newsdesk/page_cache/cached_pages.py": "page_cache freshness",
}
