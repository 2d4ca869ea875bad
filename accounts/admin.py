"""What operators use: accounts and groups, each change of which is noted, and the audit log, which nobody can change."""

from axes.utils import reset as lift_lockout
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.template.defaultfilters import pluralize
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from stories.admin.base.bounded_list import BoundedListMixin

from . import second_factor
from .models import AuditEntry, Session, What

for model in (User, Group, TOTPDevice, StaticDevice):  # these devices' pages would show everybody's keys
    admin.site.unregister(model)

NEW_ACCOUNT = ["username", "email", "usable_password", "password1", "password2", "groups", "is_staff"]
FLAGS = {"is_active": "active", "is_staff": "staff", "is_superuser": "superuser"}


def describe_permissions(thing: User | Group) -> dict[str, str]:
    """What this account or group may do, in words. Two queries."""
    permissions = thing.user_permissions if isinstance(thing, User) else thing.permissions
    rights = {"name": str(thing), "permissions": ", ".join(sorted(permissions.values_list("codename", flat=True)))}
    if isinstance(thing, User):
        rights["groups"] = ", ".join(sorted(thing.groups.values_list("name", flat=True)))
        rights |= {name: "yes" if getattr(thing, flag) else "no" for flag, name in FLAGS.items()}
    return rights


def counted(number: int, words: str) -> str:
    return f"{number} {pluralize(number, words)}"


def people(queryset) -> str:
    return counted(queryset.count(), "person,people")


class NotedMixin:
    """For accounts and groups: who made, changed or deleted what, in the same transaction."""

    def save_model(self, request, obj, form, change):
        obj.rights_before = describe_permissions(self.model.objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        after, before = describe_permissions(form.instance), form.instance.rights_before
        changed = [
            f"{name}: {before.get(name) or 'none'} → {right or 'none'}"
            for name, right in after.items()
            if right != before.get(name, "")
        ]
        if changed or not change:
            what = What.RIGHTS if change else What.ACCOUNT
            self.note(request, what, form.instance, f"{'' if change else 'Made. '}{'; '.join(changed)}")

    def delete_model(self, request, obj):
        self.note(request, What.ACCOUNT, obj, "Deleted.")
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.note(request, What.ACCOUNT, obj, "Deleted.")
        super().delete_queryset(request, queryset)

    def note(self, request, what, about, details=""):
        name = f"{about._meta.verbose_name} “{about}”"
        AuditEntry.objects.note(what, request.user, name, details, request=request)


@admin.register(Group)
class NotedGroupAdmin(NotedMixin, GroupAdmin):
    pass


@admin.register(User)
class NotedUserAdmin(NotedMixin, UserAdmin):
    actions = ["end_sessions", "reset_second_factor", "let_try_again"]
    list_display = [*UserAdmin.list_display, "role"]
    filter_horizontal = ["user_permissions"]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": NEW_ACCOUNT})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display
    def role(self, user):
        return "Operator" if user.is_superuser else ", ".join(group.name for group in user.groups.all())

    def get_changeform_initial_data(self, request):
        """Whoever is not staff gets in nowhere, and there is nothing else to have an account for."""
        return {"is_staff": True} | super().get_changeform_initial_data(request)

    def formfield_for_manytomany(self, field, request, **kwargs):
        if field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(field, request, **kwargs)

    def user_change_password(self, request, id, form_url=""):
        before = User.objects.filter(pk=id).values_list("password", flat=True).first()
        response = super().user_change_password(request, id, form_url)
        user = User.objects.filter(pk=id).first()
        if user and user.password != before:
            Session.objects.end(user, but=request.session.session_key)
            self.note(request, What.PASSWORD, user)
        return response

    @admin.action(description="Log out everywhere", permissions=["change"])
    def end_sessions(self, request, queryset):
        ended = 0
        for user in queryset:
            number = Session.objects.end(user, but=request.session.session_key)
            self.note(request, What.SESSIONS, user, f"{number} ended.")
            ended += number
        self.message_user(
            request, f"Logged out {people(queryset)}, of {counted(ended, 'session,sessions')}.", messages.SUCCESS
        )

    @admin.action(description="Reset the second factor", permissions=["change"])
    def reset_second_factor(self, request, queryset):
        """For who has lost the phone and the recovery codes: the password alone is enough then, so others are logged out."""
        for user in queryset:
            second_factor.remove(user)
            Session.objects.end(user, but=request.session.session_key)
            self.note(request, What.SECOND_FACTOR, user, "Reset.")
        self.message_user(request, f"The second factor of {people(queryset)} is reset.", messages.SUCCESS)

    @admin.action(description="Let try again, after too many wrong passwords", permissions=["change"])
    def let_try_again(self, request, queryset):
        for user in queryset:
            lift_lockout(username=user.get_username())
            self.note(request, What.LOCKED_OUT, user, "Lifted.")
        self.message_user(request, f"{people(queryset)} may try again.", messages.SUCCESS)


@admin.register(AuditEntry)
class AuditEntryAdmin(BoundedListMixin, admin.ModelAdmin):
    list_display = ["at", "who", "what", "about", "details", "address"]
    list_display_links = None
    list_filter = ["what", ("at", admin.DateFieldListFilter)]
    sortable_by = []
    search_fields = ["who", "about", "address"]
    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Audit log"} | (extra_context or {}))
