"""The dashboard on the admin's first page."""
