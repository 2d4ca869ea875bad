"""The readers' site: URLs, views, filters, feeds, sitemaps, search page and previews."""
