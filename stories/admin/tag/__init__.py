"""The tag screens."""
