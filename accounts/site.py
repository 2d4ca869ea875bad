"""The admin's site: who gets in, and the pages on which people look after their own account (see views.py)."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from stories.models import Story

from . import second_factor, views
from .client import client_ip
from .forms import LoginForm
from .models import AuditEntry, Session, What

# Beside the limit for one name from one address, which django-axes keeps: for who tries many names.
FAILURES_FROM_ONE_ADDRESS = 50
SEEN_EVERY = timedelta(minutes=5)


class NewsroomSite(admin.AdminSite):
    login_form = LoginForm

    def has_permission(self, request):
        return super().has_permission(request) and second_factor.is_enough(request)

    def login(self, request, extra_context=None):
        """Also where the admin sends everybody who may not come in yet: to the code, or to setting it up."""
        if super().has_permission(request) and not second_factor.is_enough(request):
            awaited = request.session.get(second_factor.STATE) == second_factor.AWAITED
            page = reverse("admin:second_factor" if awaited else "admin:enrol")
            return HttpResponseRedirect(f"{page}?{urlencode({'next': request.GET.get('next', '')})}")
        if request.method == "POST" and has_failed_often(client_ip(request)):
            return locked_out(request)
        return super().login(request, extra_context)

    def admin_view(self, view, cacheable=False):
        def noticed(request, *args, **kwargs):
            note_seen(request)
            return view(request, *args, **kwargs)

        return super().admin_view(noticed, cacheable)

    def index(self, request, extra_context=None):
        """With the dashboard, for whoever may see stories."""
        from stories.admin.dashboard.dashboard import (
            Dashboard,  # whose package registers its screens here as it is imported
        )

        shown = (
            {"dashboard": Dashboard(request.user)} if self.get_model_admin(Story).has_view_permission(request) else {}
        )
        return super().index(request, shown | (extra_context or {}))

    def password_change(self, request, extra_context=None):
        before = request.user.password
        response = super().password_change(request, extra_context)
        if request.user.password != before:
            AuditEntry.objects.note(What.PASSWORD, request.user, request.user, request=request)
            Session.objects.end(request.user, but=request.session.session_key)
        return response

    def get_urls(self):
        def page(view):
            return views.for_staff(self, view)

        return [
            path("second-factor/", page(views.second_factor_code), name="second_factor"),
            path("account/", self.admin_view(page(views.account)), name="account"),
            path("account/second-factor/", page(views.enrol), name="enrol"),
            path("account/second-factor/off/", self.admin_view(page(views.switch_off)), name="second_factor_off"),
            path("account/recovery-codes/", self.admin_view(page(views.recovery_codes)), name="recovery_codes"),
            path("account/sessions/end/", self.admin_view(require_POST(page(views.end_sessions))), name="end_sessions"),
            *super().get_urls(),
        ]


def note_seen(request):
    """At most every five minutes, because it is a write."""
    now = timezone.now()
    if request.user.is_authenticated and request.session.get("seen", "") < (now - SEEN_EVERY).isoformat():
        request.session["seen"] = now.isoformat()


def has_failed_often(address) -> bool:
    failed = AuditEntry.objects.failed_from(address, timezone.now() - settings.AXES_COOLOFF_TIME)
    return failed >= FAILURES_FROM_ONE_ADDRESS


def locked_out(request, credentials=None):
    """After too many wrong passwords; the same whether there is such a person or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = admin.site.each_context(request) | {"minutes": minutes, "title": "Too many tries"}
    return render(request, "accounts/locked_out.html", context, status=429)
