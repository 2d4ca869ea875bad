"""Sessions that belong to a user, and the audit log. Users and groups are Django's own models."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from stories.text.normalize import tidy

from .client import client_ip
from .sessions import SessionStore


class SessionManager(BaseSessionManager["Session"]):
    def active(self, user: User) -> list["Session"]:
        """Return the sessions in which the user is logged in, last seen first. One query."""
        unexpired = self.filter(user=user, expire_date__gt=timezone.now())
        password_hash = user.get_session_auth_hash()
        active = [session for session in unexpired if session.password_hash == password_hash]
        return sorted(active, key=lambda session: session.last_seen_at, reverse=True)

    def end(self, user: User, *, keep: str | None = None) -> int:
        """End all the user's sessions except the one with the key `keep`. Return the number of ended sessions."""
        return self.filter(user=user).exclude(session_key=keep).delete()[0]


class Session(AbstractBaseSession):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")

    objects: ClassVar[SessionManager] = SessionManager()

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        return SessionStore

    @property
    def public_id(self) -> str:
        """Identify the session in a form. The session key itself would let a reader of the page log in."""
        return salted_hmac("accounts.session", self.session_key).hexdigest()[:20]

    @property
    def login(self) -> dict[str, Any]:
        """Return what receivers.py stored at the login: {"at", "ip", "browser"}."""
        return self.get_decoded().get("login", {})

    @property
    def password_hash(self) -> str | None:
        """Return the hash of the password at login. After a password change it differs, and the session is invalid."""
        return self.get_decoded().get("_auth_user_hash")

    @property
    def started_at(self) -> datetime | None:
        return parse_datetime(self.login.get("at"))

    @property
    def last_seen_at(self) -> datetime:
        return parse_datetime(self.get_decoded().get("seen")) or self.started_at or self.expire_date


def parse_datetime(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class AuditAction(models.TextChoices):
    LOGIN = "login", _("Logged in")
    LOGIN_FAILED = "login_failed", _("Login failed")
    LOCKED_OUT = "locked_out", _("Account locked")
    UNLOCKED = "unlocked", _("Account unlocked")
    LOGOUT = "logout", _("Logged out")
    CODE_ACCEPTED = "code_accepted", _("Code accepted")
    CODE_REJECTED = "code_rejected", _("Code rejected")
    SECOND_FACTOR = "second_factor", _("Second factor changed")
    PASSWORD = "password", _("Password changed")
    SESSIONS = "sessions", _("Sessions ended")
    ACCOUNT = "account", _("Account or group created or deleted")
    PERMISSIONS = "permissions", _("Permissions changed")
    STORY = "story", _("Story status changed")
    TAGS = "tags", _("Tags changed")


class AuditManager(models.Manager["AuditEntry"]):
    def record(
        self,
        action: AuditAction,
        by: User | AnonymousUser | str | None,
        target: object = "",
        details: str = "",
        *,
        request: HttpRequest | None = None,
    ) -> "AuditEntry":
        """Append an entry, in the caller's transaction. `by` is a user, or the user name given in a failed login."""
        return self.create(
            action=action,
            actor=tidy(str(by or ""))[:150],
            target=tidy(str(target))[:255],
            details=tidy(details)[:1000],
            ip=client_ip(request) if request else None,
        )

    def count_failed_logins(self, ip: str | None, since: datetime) -> int:
        return self.filter(ip=ip, at__gte=since, action=AuditAction.LOGIN_FAILED).count()


class AuditEntry(models.Model):
    """One action. It holds names instead of foreign keys, to stay readable after the user or story is deleted."""

    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.CharField(_("user"), max_length=150, blank=True)
    action = models.CharField(_("action"), max_length=20, choices=AuditAction)
    target = models.CharField(_("target"), max_length=255, blank=True)
    details = models.TextField(_("details"), blank=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True)

    objects: ClassVar[AuditManager] = AuditManager()

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log entries")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["action", "-at", "-id"], name="audit_action_newest"),
            models.Index(fields=["actor", "-at", "-id"], name="audit_actor_newest"),
            models.Index(fields=["ip", "-at"], name="audit_ip_newest"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [f"{self.at:%Y-%m-%d %H:%M}", self.actor, self.get_action_display(), self.target]))
