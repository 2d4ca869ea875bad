"""Exceptions whose text is shown to the user."""


class CannotUndo(Exception):
    """Raised when a tag change can't be undone, because a later change depends on it."""


class MoveNotAllowed(Exception):
    """Raised when a story's status doesn't allow a move, or when the move lacks its reason."""
