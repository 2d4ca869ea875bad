"""Admin site with a second factor, limits on failed logins, and pages for one's own account (views.py)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stories.models import Story

from . import second_factor, views
from .client import client_ip
from .forms import LoginForm
from .models import AuditAction, AuditEntry, Session

# Against guessing many user names. django-axes limits the failures of one user name from one IP.
MAX_FAILED_LOGINS_PER_IP = 50
# Storing when a session was last seen is a write, so it isn't done at each request.
SEEN_INTERVAL = timedelta(minutes=5)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class NewsroomSite(admin.AdminSite):
    login_form = LoginForm

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and second_factor.is_login_complete(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Log in; after the password, go on to the code or to its set-up.

        The admin sends everyone here who may not see a page yet.
        """
        if super().has_permission(request) and not second_factor.is_login_complete(request):
            is_awaited = request.session.get(second_factor.STATE_KEY) == second_factor.AWAITED
            url = reverse("admin:second_factor" if is_awaited else "admin:enrol")
            return HttpResponseRedirect(f"{url}?{urlencode({'next': request.GET.get('next', '')})}")
        if request.method == "POST" and is_ip_blocked(client_ip(request)):
            return render_lockout(request)
        return super().login(request, extra_context)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        def view_with_last_seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            update_last_seen(request)
            return view(request, *args, **kwargs)

        return super().admin_view(cast(View, view_with_last_seen), cacheable)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Render the front page, with the dashboard for users who may see stories."""
        # stories.admin registers its pages on this site as it is imported, so the site must exist before.
        from stories.admin.dashboard.dashboard import Dashboard

        context = dict(extra_context or {})
        if self.get_model_admin(Story).has_view_permission(request):
            context.setdefault("dashboard", Dashboard(cast(User, request.user)))
        return super().index(request, context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        user = cast(User, request.user)
        before = user.password
        response = super().password_change(request, extra_context)
        if user.password != before:
            AuditEntry.objects.record(AuditAction.PASSWORD, user, user, request=request)
            Session.objects.end(user, keep=request.session.session_key)
        return response

    def get_urls(self) -> list[URLResolver | URLPattern]:
        def staff(view: Callable[[admin.AdminSite, views.StaffRequest], HttpResponse]) -> Callable[..., HttpResponse]:
            return views.for_staff(self, view)

        return [
            path("second-factor/", staff(views.second_factor_code), name="second_factor"),
            path("account/", self.admin_view(staff(views.account)), name="account"),
            path("account/second-factor/", staff(views.enrol), name="enrol"),
            path("account/second-factor/off/", self.admin_view(staff(views.turn_off)), name="second_factor_off"),
            path("account/recovery-codes/", self.admin_view(staff(views.recovery_codes)), name="recovery_codes"),
            path(
                "account/sessions/end/", self.admin_view(require_POST(staff(views.end_sessions))), name="end_sessions"
            ),
            *super().get_urls(),
        ]


def update_last_seen(request: HttpRequest) -> None:
    """Store the time in the session, at most every SEEN_INTERVAL."""
    now = timezone.now()
    if request.user.is_authenticated and request.session.get("seen", "") < (now - SEEN_INTERVAL).isoformat():
        request.session["seen"] = now.isoformat()


def is_ip_blocked(ip: str | None) -> bool:
    """Return True after too many failed logins from this IP, for any user names. One query."""
    failed = AuditEntry.objects.count_failed_logins(ip, timezone.now() - settings.AXES_COOLOFF_TIME)
    return failed >= MAX_FAILED_LOGINS_PER_IP


def render_lockout(request: HttpRequest, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """Render the page after too many failed logins. It is the same for unknown user names, to reveal none."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = admin.site.each_context(request) | {"minutes": minutes, "title": _("Too many failed logins")}
    return render(request, "accounts/locked_out.html", context, status=429)
