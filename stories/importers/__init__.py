"""The front door: commands import from here, not from the files behind it. What is read comes in through
`Import`, whatever its format; what goes out is JSON lines."""

from .files import atomic_write
from .formats.json_lines import export_queryset, write
from .item import Refused
from .pipeline import Import

__all__ = ["Import", "Refused", "atomic_write", "export_queryset", "write"]
