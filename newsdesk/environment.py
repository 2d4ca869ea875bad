"""Strict reading of settings from environment variables, on top of django-environ."""

import zoneinfo
from collections.abc import Collection
from typing import Any, NoReturn, TypeAlias

import environ
from django.core.exceptions import ImproperlyConfigured

# For annotations inside Env, where methods hide the built-in names.
_str: TypeAlias = str
_bool: TypeAlias = bool
_int: TypeAlias = int
_list: TypeAlias = list

TRUE_WORDS, FALSE_WORDS = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
MAX_INT = 10**9


class Env(environ.Env):
    """django-environ with strict values, and errors that name the variable, the reason and an example.

    django-environ reads DEBUG=perhaps as False and takes `$` at the start for another variable's name. Here, a
    malformed value raises ImproperlyConfigured, and `$` has no meaning. An empty variable counts as unset, because
    Docker Compose passes unset variables on as empty ones. Only the methods below are strict, not inherited ones.
    """

    def str(
        self,
        name: _str,
        default: _str | None = None,
        *,
        reason: _str = "",
        prefixes: tuple[_str, ...] = (),
        example: _str = "",
    ) -> _str:
        """Return the text; without a default the variable is required, and `reason` says why."""
        value: _str | None = self.ENVIRON.get(name, "").strip() or default
        if value is None:
            raise ImproperlyConfigured(f"{name} is not set. {reason}".strip())
        if value and prefixes and not value.startswith(prefixes):
            _refuse(name, f"must begin with {_join(prefixes)}", value, example)
        return value

    def bool(self, name: _str, default: _bool) -> _bool:
        """Return the flag: 1, true, yes, on or 0, false, no, off."""
        value = self.str(name, "1" if default else "0")
        if value.lower() not in TRUE_WORDS | FALSE_WORDS:
            _refuse(name, "must be 1 or 0", value, "1")
        return value.lower() in TRUE_WORDS

    def int(self, name: _str, default: _int, *, minimum: _int = 0, maximum: _int = MAX_INT) -> _int:
        """Return the whole number within these limits."""
        value = self.str(name, f"{default}")
        if not (value.isascii() and value.isdigit() and minimum <= _int(value) <= maximum):
            _refuse(name, f"must be a whole number from {minimum:,} to {maximum:,}", value, f"{default}")
        return _int(value)

    def list(
        self,
        name: _str,
        default: _list[_str] | None = None,
        *,
        reason: _str = "",
        prefixes: tuple[_str, ...] = (),
        example: _str = "",
    ) -> _list[_str]:
        """Return the comma-separated values, each stripped, without empty ones."""
        value = self.str(name, None if default is None else ",".join(default), reason=reason)
        values = [part.strip() for part in value.split(",") if part.strip()]
        for part in values:
            if prefixes and not part.startswith(prefixes):
                _refuse(name, f"must be a list of values that begin with {_join(prefixes)}", part, example)
        return values

    def choice(self, name: _str, default: _str, choices: Collection[_str]) -> _str:
        value = self.str(name, default)
        if value not in choices:
            _refuse(name, f"must be {_join(choices)}", value, default)
        return value

    def time_zone(self, name: _str, default: _str) -> _str:
        """Return the name of a time zone that this machine knows."""
        value = self.str(name, default)
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            _refuse(name, "must be the name of a time zone", value, default, cause=error)
        return value

    def db_url(self, name: _str, default: _str) -> dict[_str, Any]:
        """Return a Django database dictionary for a SQLite or PostgreSQL URL."""
        example = "postgresql://user:password@host:5432/name"
        try:
            config: dict[_str, Any] = self.db_url_config(self.str(name, default))
        except Exception as error:  # django-environ raises many kinds
            _refuse(name, f"is not a database URL ({error})", None, example, cause=error)
        if not config.get("ENGINE", "").endswith((".sqlite3", ".postgresql")):
            _refuse(name, "must begin with sqlite:/// or postgresql://", None, example)
        return config

    def email_url(self, name: _str, default: _str) -> dict[_str, Any]:
        """Return the EMAIL_* settings for a URL of a mail server, or consolemail:// to print mails."""
        try:
            config: dict[_str, Any] = self.email_url_config(self.str(name, default))
        except Exception as error:  # django-environ raises many kinds
            schemes = "smtp://, smtp+tls://, smtp+ssl:// or consolemail://"
            _refuse(
                name, f"must begin with {schemes} ({error})", None, "smtp+tls://user:password@host:587", cause=error
            )
        return config


def _join(words: Collection[str]) -> str:
    """Join as in "a, b or c"."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _refuse(
    name: str, requirement: str, value: str | None, example: str, *, cause: Exception | None = None
) -> NoReturn:
    """Raise ImproperlyConfigured. Give no `value` for a URL: it may hold a password."""
    given = "" if value is None else f", not {value!r}"
    raise ImproperlyConfigured(f"{name} {requirement}{given}. Example: {name}={example}") from cause
