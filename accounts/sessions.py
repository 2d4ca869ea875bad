"""Sessions in the database, as Django's, but for keys that PostgreSQL can't even be asked for.

Without this, a cookie with a NUL in it is a server error there.
"""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
