"""The page cache: whole public pages in memory, each valid for one site version."""

from .cache import PageCache
from .cached_pages import CachedPage, CachedPages, SiteVersion
from .http import accepts_gzip, is_cacheable

__all__ = ["CachedPage", "CachedPages", "PageCache", "SiteVersion", "accepts_gzip", "is_cacheable"]
