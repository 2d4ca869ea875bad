"""Signal receivers that write the audit log.

Changes of passwords, groups and accounts are recorded in admin.py, because their signals don't know the user who made
them.
"""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from stories.models import TRANSITIONS, Revision, TagChange

from . import second_factor
from .client import client_ip, describe_browser
from .models import AuditAction, AuditEntry

# Not plain saves, and not revisions made by a tag change, which is recorded once for all its stories.
AUDITED_MOVES = {*TRANSITIONS, "delete", "recover", "restore"}


@receiver(user_logged_in)
def record_login(request: HttpRequest, user: User, **_: Any) -> None:
    now = timezone.now().isoformat()
    request.session["seen"] = now
    request.session["login"] = {"at": now, "ip": client_ip(request), "browser": describe_browser(request)}
    if second_factor.get_device(user):
        request.session[second_factor.STATE_KEY] = second_factor.AWAITED
    AuditEntry.objects.record(AuditAction.LOGIN, user, request=request)


@receiver(user_logged_out)
def record_logout(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user:
        AuditEntry.objects.record(AuditAction.LOGOUT, user, request=request)


@receiver(user_login_failed)
def record_failed_login(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    AuditEntry.objects.record(AuditAction.LOGIN_FAILED, credentials.get("username"), request=request)


@receiver(user_locked_out)
def record_lockout(request: HttpRequest, username: str, **_: Any) -> None:
    AuditEntry.objects.record(AuditAction.LOCKED_OUT, username, request=request)


@receiver(post_save, sender=Revision)
def record_story_move(instance: Revision, raw: bool, **_: Any) -> None:
    """Record a move of a story, unless a fixture is being loaded: nobody made that move now."""
    if not raw and instance.move in AUDITED_MOVES:
        details = f"{instance.done.capitalize()}. {instance.comment}"
        AuditEntry.objects.record(AuditAction.STORY, instance.by, instance.content["headline"], details)


@receiver(post_save, sender=TagChange)
def record_tag_change(instance: TagChange, created: bool, raw: bool, **_: Any) -> None:
    """Record a tag change or its undoing, unless a fixture is being loaded."""
    if raw or not (created or instance.undone_at):
        return
    by = instance.undone_by if instance.undone_at else instance.by
    details = "Undone." if instance.undone_at else instance.details
    AuditEntry.objects.record(AuditAction.TAGS, by, instance, details)
