"""The pages on which people look after their own account: second factor, recovery codes, sessions."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from . import second_factor
from .forms import CodeForm, ConfirmForm, PasswordAndCodeForm
from .models import AuditEntry, Session, What


def for_staff(site, view):
    """Also before the second factor; only the password must have been right. The view gets the site."""

    @wraps(view)
    @never_cache
    @csrf_protect
    @sensitive_post_parameters()
    def guarded(request):
        if not (request.user.is_active and request.user.is_staff):
            return HttpResponseRedirect(reverse("admin:login"))
        return view(site, request)

    return guarded


def page(site, request, template, **context):
    return TemplateResponse(request, f"accounts/{template}", site.each_context(request) | context)


def note(what, request, about="", details=""):
    AuditEntry.objects.note(what, request.user, about, details, request=request)


def second_factor_code(site, request):
    """The second step of a login."""
    if request.session.get(second_factor.STATE) != second_factor.AWAITED:
        return HttpResponseRedirect(next_of(request))
    form = CodeForm(request.POST or None, user=request.user)
    if form.is_valid():
        request.session.cycle_key()
        request.session[second_factor.STATE] = second_factor.PASSED
        note(What.CODE_RIGHT, request, form.used)
        if form.used != "app":
            left = second_factor.recovery_codes_left(request.user)
            words = f"That recovery code is used up now. You have {left} left: see Your account."
            messages.warning(request, words)
        return HttpResponseRedirect(next_of(request))
    if form.is_bound:
        note(What.CODE_WRONG, request)
    return page(site, request, "second_factor.html", form=form, title="One more step", next=next_of(request))


def next_of(request) -> str:
    address = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, request.get_host(), request.is_secure())
    return address if is_ours else reverse("admin:index")


def account(site, request):
    return page(
        site,
        request,
        "account.html",
        title="Your account",
        device=second_factor.get_device(request.user),
        codes_left=second_factor.recovery_codes_left(request.user),
        sessions=Session.objects.of(request.user),
        current=request.session.session_key,
    )


def enrol(site, request):
    """Setting the app up. With a second factor already, only after it has been given."""
    if request.session.get(second_factor.STATE) == second_factor.AWAITED:
        return HttpResponseRedirect(reverse("admin:second_factor"))
    if request.session.get(second_factor.STATE) == second_factor.PASSED:
        return HttpResponseRedirect(reverse("admin:account"))
    form = ConfirmForm(request.POST or None, user=request.user)
    if form.is_valid():
        request.session[second_factor.STATE] = second_factor.PASSED
        Session.objects.end(request.user, but=request.session.session_key)
        note(What.SECOND_FACTOR, request, request.user, "Switched on.")
        return show_codes(site, request, form.recovery_codes)
    device = second_factor.enrolling(request.user)
    return page(
        site,
        request,
        "enrol.html",
        title="Set up the second factor",
        form=form,
        qr_code=second_factor.qr_code(device),
        key=second_factor.key_of(device),
    )


def show_codes(site, request, codes):
    return page(site, request, "recovery_codes.html", title="Your recovery codes", codes=codes)


def recovery_codes(site, request):
    """Ten new ones, for a password and a code; the old ones are worth nothing then."""
    form = PasswordAndCodeForm(request.POST or None, user=request.user)
    if form.is_valid():
        note(What.SECOND_FACTOR, request, request.user, "New recovery codes.")
        return show_codes(site, request, second_factor.renew_recovery_codes(request.user))
    context = {"title": "New recovery codes", "button": "Make ten new codes", "form": form}
    return page(site, request, "confirm.html", **context)


def switch_off(site, request):
    form = PasswordAndCodeForm(request.POST or None, user=request.user)
    if form.is_valid():
        second_factor.remove(request.user)
        request.session.pop(second_factor.STATE, None)
        note(What.SECOND_FACTOR, request, request.user, "Switched off.")
        messages.success(request, "The second factor is switched off.")
        return HttpResponseRedirect(reverse("admin:account"))
    context = {"title": "Switch off the second factor", "button": "Switch it off", "form": form}
    return page(site, request, "confirm.html", **context)


def end_sessions(site, request):
    """One of one's own sessions, or all but this one."""
    sessions = Session.objects.of(request.user)
    if "others" in request.POST:
        ended = [one for one in sessions if one.session_key != request.session.session_key]
    else:
        ended = [one for one in sessions if one.public_id == request.POST.get("session")]
    Session.objects.filter(pk__in=[one.pk for one in ended]).delete()
    if ended:
        note(What.SESSIONS, request, request.user, f"{len(ended)} ended.")
    said = {0: "That session had ended already.", 1: "One session is logged out."}
    messages.success(request, said.get(len(ended), f"{len(ended)} sessions are logged out."))
    return HttpResponseRedirect(reverse("admin:account"))
