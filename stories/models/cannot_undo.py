"""The refusal that all kinds of tag changes share."""


class CannotUndo(Exception):
    """Something that came after stands in the way. Its text is for the person who tried."""
