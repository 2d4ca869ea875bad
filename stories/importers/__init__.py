"""Import stories from files, and export them as JSON lines. Commands import from here, not from the modules inside."""

from .atomic_write import atomic_write
from .formats import FORMATS
from .formats.json_lines import to_json_lines
from .pipeline import Import

__all__ = ["FORMATS", "Import", "atomic_write", "to_json_lines"]
