"""Middleware of the project: health checks, outages, canonical paths."""
