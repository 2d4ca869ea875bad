"""Second factor of a login: a code from an authenticator app, or a recovery code. The codes are django-otp's.

The session stores how far its login has come, so that checking it costs no query: see STATE_KEY.
"""

from base64 import b32encode

import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

# In the session; absent if the user has no second factor.
STATE_KEY, AWAITED, PASSED = "second_factor", "awaited", "passed"
RECOVERY_CODE_COUNT = 10
APP_CODE_DIGITS = 6
MAX_CODE_CHARS = 16


def is_login_complete(request: HttpRequest) -> bool:
    """Return True if the login may use the admin: the code was given, or none is needed."""
    state = request.session.get(STATE_KEY)
    return state == PASSED or (state is None and not settings.SECOND_FACTOR_REQUIRED)


def get_device(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def get_or_create_pending_device(user: User) -> TOTPDevice:
    """Return the device that is being set up. Its key stays the same until confirmed, so the page can be reloaded."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "App"})
    return device


def render_qr_code(device: TOTPDevice) -> str:
    """Return an SVG. It has no style attributes: the Content Security Policy would block them."""
    return segno.make(device.config_url, error="m").svg_inline(scale=5, border=2, svgclass="qr", lineclass=None)


def format_key(device: TOTPDevice) -> str:
    """Return the key in the QR code for typing: base32 in groups of four."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


@transaction.atomic
def turn_on(user: User, code: str) -> list[str] | None:
    """Confirm the pending device with a code from it, and return new recovery codes; None if the code is wrong."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(_normalize_code(code)):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    return renew_recovery_codes(user)


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODE_COUNT)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


@transaction.atomic
def verify(user: User, code: str) -> str | None:
    """Return the kind of a valid code, "app" or "recovery code", else None. A recovery code is then used up.

    For some seconds after a wrong code, see get_wait_seconds(), every code is refused.
    """
    token = _normalize_code(code)
    is_from_app = token.isdigit() and len(token) == APP_CODE_DIGITS
    model = TOTPDevice if is_from_app else StaticDevice
    device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device and device.verify_token(token):
        return "app" if is_from_app else "recovery code"
    return None


def get_wait_seconds(user: User) -> int:
    """Return the seconds until verify() accepts codes again after wrong ones; 0 if it does now. Two queries."""
    waits = []
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.filter(user=user, confirmed=True):
            is_allowed, refusal = device.verify_is_allowed()
            if not is_allowed and refusal:
                waits.append(refusal["locked_until"])
    return max([0, *(round((until - timezone.now()).total_seconds()) + 1 for until in waits)])


@transaction.atomic
def remove(user: User) -> None:
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).delete()


def count_recovery_codes(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def _normalize_code(code: str) -> str:
    """Drop spaces, hyphens and case. Recovery codes are letters and digits."""
    kept = "".join(character for character in code.lower() if character.isascii() and character.isalnum())
    return kept[:MAX_CODE_CHARS]
