"""Pages for one's own account: second factor, recovery codes, sessions."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from . import second_factor
from .forms import CodeForm, EnrolForm, PasswordAndCodeForm
from .models import AuditAction, AuditEntry, Session


class StaffRequest(HttpRequest):
    """Type of the requests that for_staff() lets through."""

    user: User


def for_staff(
    site: AdminSite, view: Callable[[AdminSite, StaffRequest], HttpResponse]
) -> Callable[[HttpRequest], HttpResponse]:
    """Wrap a view for active staff, even before their second factor. The view gets the site as first argument."""

    @wraps(view)
    @never_cache
    @csrf_protect
    @sensitive_post_parameters()
    def guarded(request: HttpRequest) -> HttpResponse:
        if not (request.user.is_active and request.user.is_staff):
            return HttpResponseRedirect(reverse("admin:login"))
        return view(site, cast(StaffRequest, request))

    return guarded


def render_page(site: AdminSite, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    return TemplateResponse(request, f"accounts/{template}", site.each_context(request) | context)


def record(action: AuditAction, request: StaffRequest, target: object = "", details: str = "") -> None:
    AuditEntry.objects.record(action, request.user, target, details, request=request)


def second_factor_code(site: AdminSite, request: StaffRequest) -> HttpResponse:
    """Ask for the code, as the second step of a login."""
    if request.session.get(second_factor.STATE_KEY) != second_factor.AWAITED:
        return HttpResponseRedirect(get_next_url(request))
    form = CodeForm(request.POST or None, user=request.user)
    if form.is_valid():
        request.session.cycle_key()
        request.session[second_factor.STATE_KEY] = second_factor.PASSED
        record(AuditAction.CODE_ACCEPTED, request, form.used)
        if form.used != "app":
            warn_of_used_code(request)
        return HttpResponseRedirect(get_next_url(request))
    if form.is_bound:
        record(AuditAction.CODE_REJECTED, request)
    context = {"form": form, "title": _("Enter your code"), "next": get_next_url(request)}
    return render_page(site, request, "second_factor.html", **context)


def warn_of_used_code(request: StaffRequest) -> None:
    left = second_factor.count_recovery_codes(request.user)
    message = _("Recovery code used, %(count)d left. You can create new ones under “Your account”.")
    messages.warning(request, message % {"count": left})


def get_next_url(request: HttpRequest) -> str:
    """Return the URL to go on to: the one in the form or query if it is on this site, else the admin's front page."""
    url = request.POST.get("next") or request.GET.get("next", "")
    is_on_this_site = url_has_allowed_host_and_scheme(url, request.get_host(), request.is_secure())
    return url if is_on_this_site else reverse("admin:index")


def account(site: AdminSite, request: StaffRequest) -> HttpResponse:
    return render_page(
        site,
        request,
        "account.html",
        title=_("Your account"),
        device=second_factor.get_device(request.user),
        codes_left=second_factor.count_recovery_codes(request.user),
        sessions=Session.objects.active(request.user),
        current=request.session.session_key,
    )


def enrol(site: AdminSite, request: StaffRequest) -> HttpResponse:
    """Set up the app and turn the second factor on, for users who have none."""
    if request.session.get(second_factor.STATE_KEY) == second_factor.AWAITED:
        return HttpResponseRedirect(reverse("admin:second_factor"))
    if request.session.get(second_factor.STATE_KEY) == second_factor.PASSED:
        return HttpResponseRedirect(reverse("admin:account"))
    form = EnrolForm(request.POST or None, user=request.user)
    if form.is_valid():
        request.session[second_factor.STATE_KEY] = second_factor.PASSED
        Session.objects.end(request.user, keep=request.session.session_key)
        record(AuditAction.SECOND_FACTOR, request, request.user, "Turned on.")
        return show_recovery_codes(site, request, form.recovery_codes or [])
    device = second_factor.get_or_create_pending_device(request.user)
    return render_page(
        site,
        request,
        "enrol.html",
        title=_("Set up your second factor"),
        form=form,
        qr_code=second_factor.render_qr_code(device),
        key=second_factor.format_key(device),
    )


def show_recovery_codes(site: AdminSite, request: StaffRequest, codes: list[str]) -> HttpResponse:
    return render_page(site, request, "recovery_codes.html", title=_("Your recovery codes"), codes=codes)


def recovery_codes(site: AdminSite, request: StaffRequest) -> HttpResponse:
    """Replace the recovery codes, after a password and a code. The old ones no longer work."""
    form = PasswordAndCodeForm(request.POST or None, user=request.user)
    if form.is_valid():
        record(AuditAction.SECOND_FACTOR, request, request.user, "New recovery codes.")
        return show_recovery_codes(site, request, second_factor.renew_recovery_codes(request.user))
    context = {"title": _("Create new recovery codes"), "button": _("Create recovery codes"), "form": form}
    return render_page(site, request, "confirm.html", **context)


def turn_off(site: AdminSite, request: StaffRequest) -> HttpResponse:
    """Remove the second factor, after a password and a code."""
    form = PasswordAndCodeForm(request.POST or None, user=request.user)
    if form.is_valid():
        second_factor.remove(request.user)
        request.session.pop(second_factor.STATE_KEY, None)
        record(AuditAction.SECOND_FACTOR, request, request.user, "Turned off.")
        messages.success(request, _("Second factor turned off."))
        return HttpResponseRedirect(reverse("admin:account"))
    context = {"title": _("Turn off your second factor"), "button": _("Turn off second factor"), "form": form}
    return render_page(site, request, "confirm.html", **context)


def end_sessions(site: AdminSite, request: StaffRequest) -> HttpResponse:
    """End one of the user's own sessions, or all except the current one."""
    sessions = Session.objects.active(request.user)
    if "others" in request.POST:
        chosen = [session for session in sessions if session.session_key != request.session.session_key]
    else:
        chosen = [session for session in sessions if session.public_id == request.POST.get("session")]
    Session.objects.filter(pk__in=[session.pk for session in chosen]).delete()
    if chosen:
        record(AuditAction.SESSIONS, request, request.user, f"{len(chosen)} ended.")
        message = ngettext("%(count)d session ended.", "%(count)d sessions ended.", len(chosen))
        messages.success(request, message % {"count": len(chosen)})
    else:
        messages.success(request, _("That session has already ended."))
    return HttpResponseRedirect(reverse("admin:account"))
