"""Text rules that need no model: names, words, slugs, URLs, fuzzy matching, differences and HTML."""
