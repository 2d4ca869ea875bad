"""Sessions in the database, as Django's, but each knows whose it is, so that people can see and end theirs."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls):
        from .models import Session

        return Session

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.user_id = data.get("_auth_user_id")
        return session

    def _validate_session_key(self, key):
        """Keys that PostgreSQL can't even be asked for, with a NUL in them, would be a server error there."""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
