"""The front door: commands import from here, not from the files behind it. What is read comes in through
`Import`, whatever its format; what goes out is JSON lines."""

from .files import replacing
from .formats.json_lines import in_full, write
from .item import Refused
from .pipeline import Import

__all__ = ["Import", "Refused", "in_full", "replacing", "write"]
