"""Sessions that know whose they are, and the audit log. Users and groups are Django's own."""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from stories.text.normalize import tidy

from .client import client_ip
from .sessions import SessionStore


class SessionManager(BaseSessionManager):
    def of(self, user) -> list["Session"]:
        """Those in which this person is logged in now, the latest seen first. One query."""
        kept, password = self.filter(user=user, expire_date__gt=timezone.now()), user.get_session_auth_hash()
        sessions = [session for session in kept if session.auth_hash == password]
        return sorted(sessions, key=lambda session: session.seen_at, reverse=True)

    def end(self, user, *, but: str | None = None) -> int:
        """Log the person out everywhere, but for the session of this key. How many sessions ended."""
        return self.filter(user=user).exclude(session_key=but).delete()[0]


class Session(AbstractBaseSession):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")

    objects = SessionManager()

    @classmethod
    def get_session_store_class(cls):
        return SessionStore

    @property
    def public_id(self) -> str:
        """For a form: the key itself would be a login, for whoever reads the page."""
        return salted_hmac("accounts.session", self.session_key).hexdigest()[:20]

    @property
    def said(self) -> dict:
        """What was noted at the login: {"address", "browser", "at"}, see listeners.py."""
        return self.get_decoded().get("login", {})

    @property
    def auth_hash(self):
        """Of the password with which it began: a session from before another password is over."""
        return self.get_decoded().get("_auth_user_hash")

    @property
    def began_at(self):
        return parse_datetime(self.said.get("at"))

    @property
    def seen_at(self):
        return parse_datetime(self.get_decoded().get("seen")) or self.began_at or self.expire_date


def parse_datetime(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class What(models.TextChoices):
    LOGIN = "login", "Logged in"
    LOGIN_FAILED = "login_failed", "Login failed"
    LOCKED_OUT = "locked_out", "Locked out"
    LOGOUT = "logout", "Logged out"
    CODE_RIGHT = "code_right", "Code accepted"
    CODE_WRONG = "code_wrong", "Code refused"
    SECOND_FACTOR = "second_factor", "Second factor"
    PASSWORD = "password", "Password changed"
    SESSIONS = "sessions", "Sessions ended"
    ACCOUNT = "account", "Account made or deleted"
    RIGHTS = "rights", "Permissions changed"
    STORY = "story", "Story moved"
    TAGS = "tags", "Tags changed"


class AuditManager(models.Manager):
    def note(self, what: What, by, about="", details="", *, request=None) -> "AuditEntry":
        """`by` is a person, or the name that somebody gave. Part of the transaction that it is called in."""
        return self.create(
            what=what,
            who=tidy(str(by or ""))[:150],
            about=tidy(str(about))[:255],
            details=tidy(details)[:1000],
            address=request and client_ip(request),
        )

    def failed_from(self, address: str | None, since: datetime) -> int:
        return self.filter(address=address, at__gte=since, what=What.LOGIN_FAILED).count()


class AuditEntry(models.Model):
    """Names, not keys: what was done stays readable when the person, or the story, is gone."""

    at = models.DateTimeField(default=timezone.now)
    who = models.CharField(max_length=150, blank=True)
    what = models.CharField(max_length=20, choices=What)
    about = models.CharField(max_length=255, blank=True)
    details = models.TextField(blank=True)
    address = models.GenericIPAddressField(null=True)

    objects = AuditManager()

    class Meta:
        verbose_name = "audit log entry"
        verbose_name_plural = "audit log entries"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["what", "-at", "-id"], name="audit_what_newest"),
            models.Index(fields=["who", "-at", "-id"], name="audit_who_newest"),
            models.Index(fields=["address", "-at"], name="audit_address_newest"),
        ]

    def __str__(self):
        return " ".join(filter(None, [f"{self.at:%Y-%m-%d %H:%M}", self.who, self.get_what_display(), self.about]))
