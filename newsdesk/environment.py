"""Reads settings from the environment, and fails with the variable's name when one is missing or malformed.

What the variables mean stands in settings.py; this module knows only how to read one.
"""

import zoneinfo
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

_environ = environ.Env()


def load(path: Path) -> None:
    """Take what a `.env` file says, where the environment itself says nothing."""
    if path.is_file():
        environ.Env.read_env(path)


def text(name: str, default: str | None = None, *, why: str = "") -> str:
    """The variable's text; ImproperlyConfigured, with `why`, when it is empty and has no default."""
    value = _environ.str(name, default="").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. {why}".strip())
    return value


def flag(name: str, *, default: bool) -> bool:
    """1, true, yes, on or 0, false, no, off; anything else is an error rather than a silent `False`."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
    """A whole number, nought or more, within these limits."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    if not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} must be between {least} and {most}, not {value}.")
    return int(value)


def words(name: str, default: list[str] | None = None, *, why: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    fallback = None if default is None else ",".join(default) or ","
    return [word.strip() for word in text(name, fallback, why=why).split(",") if word.strip()]


def database(name: str, default: str) -> dict:
    """A Django database dictionary from a URL, for SQLite and PostgreSQL only."""
    address = text(name, default)
    try:
        config = environ.Env.db_url_config(address)
    except Exception as error:
        raise ImproperlyConfigured(f"{name} is not a database address: {error}") from error
    engine = config.get("ENGINE", "")
    if not engine.endswith((".sqlite3", ".postgresql")):
        raise ImproperlyConfigured(f"{name} must start with sqlite:/// or postgresql://.")
    return config


def email(name: str, default: str) -> dict:
    """The EMAIL_* settings from a URL such as smtp+tls://user:password@host:587 or consolemail://."""
    try:
        config = environ.Env.email_url_config(text(name, default))
    except Exception as error:
        raise ImproperlyConfigured(f"{name} is not an e-mail server's address: {error}") from error
    if "EMAIL_BACKEND" not in config:
        raise ImproperlyConfigured(f"{name} must start with smtp://, smtp+tls://, smtp+ssl:// or consolemail://.")
    return config


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImproperlyConfigured(f"{name} must be a name like Europe/London, not {value!r}.") from error
    return value
