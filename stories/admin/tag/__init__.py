"""The tag screens of the admin."""
