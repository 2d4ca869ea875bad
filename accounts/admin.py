"""Admin pages for operators: users and groups, whose changes are recorded, and the read-only audit log."""

from typing import Any

from axes.utils import reset as unlock_login
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from stories.admin.base.bounded_list import BoundedListMixin

from . import second_factor
from .models import AuditAction, AuditEntry, Session

# The devices' own pages would show everyone's secret keys.
for model in (User, Group, TOTPDevice, StaticDevice):
    admin.site.unregister(model)

NEW_ACCOUNT_FIELDS = ["username", "email", "usable_password", "password1", "password2", "groups", "is_staff"]
FLAGS = {"is_active": "active", "is_staff": "staff", "is_superuser": "superuser"}


def describe_permissions(holder: User | Group) -> dict[str, str]:
    """Return what a user or group may do, by label, for the audit log. Two queries."""
    permissions = holder.user_permissions if isinstance(holder, User) else holder.permissions
    codenames = sorted(permissions.values_list("codename", flat=True))
    described = {"name": str(holder), "permissions": ", ".join(codenames)}
    if isinstance(holder, User):
        described["groups"] = ", ".join(sorted(holder.groups.values_list("name", flat=True)))
        described |= {label: "yes" if getattr(holder, flag) else "no" for flag, label in FLAGS.items()}
    return described


class AuditedAdmin(admin.ModelAdmin):
    """Base of the pages for users and groups: records creation, changes and deletion in the same transaction."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.permissions_before = describe_permissions(self.model.objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        after, before = describe_permissions(form.instance), form.permissions_before
        changes = "; ".join(
            f"{label}: {before.get(label) or 'none'} → {value or 'none'}"
            for label, value in after.items()
            if value != before.get(label, "")
        )
        if not change:
            self.record(request, AuditAction.ACCOUNT, form.instance, f"Created. {changes}")
        elif changes:
            self.record(request, AuditAction.PERMISSIONS, form.instance, changes)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.record(request, AuditAction.ACCOUNT, obj, "Deleted.")
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self.record(request, AuditAction.ACCOUNT, obj, "Deleted.")
        super().delete_queryset(request, queryset)

    def record(self, request: HttpRequest, action: AuditAction, target: Model, details: str = "") -> None:
        name = f"{target._meta.verbose_name} “{target}”"
        AuditEntry.objects.record(action, request.user, name, details, request=request)


@admin.register(Group)
class AuditedGroupAdmin(AuditedAdmin, GroupAdmin):
    pass


@admin.register(User)
class AuditedUserAdmin(AuditedAdmin, UserAdmin):
    actions = ["end_sessions", "reset_second_factor", "unlock"]
    list_display = ["username", "email", "first_name", "last_name", "is_staff", "role"]
    filter_horizontal = ["user_permissions"]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": NEW_ACCOUNT_FIELDS})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("role"))
    def role(self, user: User) -> str:
        return str(_("Operator")) if user.is_superuser else ", ".join(group.name for group in user.groups.all())

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Preset staff status: without it, an account can't log in anywhere."""
        return {"is_staff": True} | super().get_changeform_initial_data(request)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        before = User.objects.filter(pk=id).values_list("password", flat=True).first()
        response = super().user_change_password(request, id, form_url)
        user = User.objects.filter(pk=id).first()
        if user and user.password != before:
            Session.objects.end(user, keep=request.session.session_key)
            self.record(request, AuditAction.PASSWORD, user)
        return response

    @admin.action(description=_("Log out everywhere"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        total = 0
        for user in queryset:
            ended = Session.objects.end(user, keep=request.session.session_key)
            self.record(request, AuditAction.SESSIONS, user, f"{ended} ended.")
            total += ended
        message = ngettext("%(count)d session ended.", "%(count)d sessions ended.", total)
        self.message_user(request, message % {"count": total}, messages.SUCCESS)

    @admin.action(description=_("Reset second factor"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Remove the second factor of users who lost phone and recovery codes.

        The password alone is enough then, so it also logs them out everywhere.
        """
        for user in queryset:
            second_factor.remove(user)
            Session.objects.end(user, keep=request.session.session_key)
            self.record(request, AuditAction.SECOND_FACTOR, user, "Reset.")
        message = ngettext(
            "Second factor of %(count)d user reset.", "Second factor of %(count)d users reset.", len(queryset)
        )
        self.message_user(request, message % {"count": len(queryset)}, messages.SUCCESS)

    @admin.action(description=_("Unlock account"), permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            unlock_login(username=user.get_username())
            self.record(request, AuditAction.UNLOCKED, user)
        message = ngettext("%(count)d account unlocked.", "%(count)d accounts unlocked.", len(queryset))
        self.message_user(request, message % {"count": len(queryset)}, messages.SUCCESS)


@admin.register(AuditEntry)
class AuditEntryAdmin(BoundedListMixin, admin.ModelAdmin):
    list_display = ["at", "actor", "action", "target", "details", "ip"]
    list_display_links = None
    list_filter = ["action", ("at", admin.DateFieldListFilter)]
    sortable_by = []
    search_fields = ["actor", "target", "ip"]
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Audit log")} | (extra_context or {}))
