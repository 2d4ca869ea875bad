"""Paths of pages on the site, by the names of stories/public/urls.py."""

from functools import lru_cache

from django.urls import reverse


# A page of ten stories needs some eighty paths, and reversing one takes longer than reading a story.
@lru_cache(maxsize=10_000)
def site_path(name: str, *arguments: object) -> str:
    return reverse(f"stories:{name}", args=arguments)
