"""The story screens of the admin."""
