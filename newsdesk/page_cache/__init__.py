"""The page cache: whole public pages in memory, valid for one site version."""
