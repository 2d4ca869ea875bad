"""What is heard of logins, of stories that move and of tags that change, and goes into the audit log.

Whoever changes a password, a group or an account in the admin is noted in admin.py, which knows who that is.
"""

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from stories.models import TRANSITIONS, Revision, TagChange

from . import second_factor
from .client import client_ip, describe_browser
from .models import AuditEntry, What

# Neither plain saves nor those by a change of tags, which is noted itself.
NOTED = {*TRANSITIONS, "delete", "recover", "restore"}


@receiver(user_logged_in)
def note_login(request, user, **_):
    now = timezone.now().isoformat()
    request.session["seen"] = now
    request.session["login"] = {
        "at": now,
        "address": client_ip(request),
        "browser": describe_browser(request),
    }
    if second_factor.get_device(user):
        request.session[second_factor.STATE] = second_factor.AWAITED
    AuditEntry.objects.note(What.LOGIN, user, request=request)


@receiver(user_logged_out)
def note_logout(request, user, **_):
    if user:
        AuditEntry.objects.note(What.LOGOUT, user, request=request)


@receiver(user_login_failed)
def note_failure(credentials, request=None, **_):
    AuditEntry.objects.note(What.LOGIN_FAILED, credentials.get("username"), request=request)


@receiver(user_locked_out)
def note_lockout(request, username, **_):
    AuditEntry.objects.note(What.LOCKED_OUT, username, request=request)


@receiver(post_save, sender=Revision)
def note_move(instance, **_):
    if instance.move in NOTED:
        details = f"{instance.done.capitalize()}. {instance.comment}"
        AuditEntry.objects.note(What.STORY, instance.by, instance.content["headline"], details)


@receiver(post_save, sender=TagChange)
def note_change_of_tags(instance, created, **_):
    if created or instance.undone_at:
        by = instance.undone_by if instance.undone_at else instance.by
        details = "Undone." if instance.undone_at else instance.details
        AuditEntry.objects.note(What.TAGS, by, instance, details)
