"""Text rules that need no model: names, words, slugs, fuzzy matching, diffs and HTML."""
