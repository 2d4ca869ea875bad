"""Where things stand on the site. The addresses themselves are in stories/urls.py."""

from functools import lru_cache

from django.urls import reverse


# A page of ten stories asks for some eighty addresses, and Django takes longer to find one than to read a story.
@lru_cache(maxsize=10_000)
def site_path(name: str, *arguments) -> str:
    """The path of one of our pages, by the name it has in stories/urls.py."""
    return reverse(f"stories:{name}", args=arguments)
