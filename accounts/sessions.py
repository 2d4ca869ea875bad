"""Django's database sessions with the user as a column, so that users can see and end their sessions."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.sessions.backends import db

if TYPE_CHECKING:
    from .models import Session


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> "type[Session]":
        # models.py imports this module.
        from .models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> "Session":
        session = cast("Session", super().create_model_instance(data))
        session.user_id = data.get("_auth_user_id")
        return session

    def _validate_session_key(self, key: str) -> bool:
        """Refuse keys with other characters too: PostgreSQL raises an error for a NUL in a query."""
        is_valid = super()._validate_session_key(key)  # type: ignore[misc]  # the stubs omit this private method
        return is_valid and key.isascii() and key.isalnum()
