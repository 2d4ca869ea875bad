"""The second factor: a code from an app on the person's phone, or one of ten recovery codes. The codes are django-otp's.

How far a login has come stands in its session, so that asking costs no query: see STATE.
"""

from base64 import b32encode

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

# In the session: absent for somebody who has none.
STATE, AWAITED, PASSED = "second_factor", "awaited", "passed"
RECOVERY_CODES = 10


def is_enough(request) -> bool:
    """Whether this login has come far enough for the admin."""
    state = request.session.get(STATE)
    return state == PASSED or (state is None and not settings.SECOND_FACTOR_REQUIRED)


def get_device(user) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def enrolling(user) -> TOTPDevice:
    """What the person's app is to be told; the same until it is confirmed, so that a reload changes nothing."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "App"})
    return device


def qr_code(device) -> str:
    """An SVG without styles, which the Content-Security-Policy would refuse."""
    return segno.make(device.config_url, error="m").svg_inline(scale=5, border=2, svgclass="qr", lineclass=None)


def key_of(device) -> str:
    """What the QR code says, to be typed: base32 in groups of four."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


@transaction.atomic
def confirm(user, code: str) -> list[str] | None:
    """Switch it on, if the app shows this code; gives back the recovery codes, which can't be shown again."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(_digits(code)):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    return renew_recovery_codes(user)


@transaction.atomic
def renew_recovery_codes(user) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


@transaction.atomic
def check(user, code: str) -> str | None:
    """ "app" or "recovery code", which is used up by it; None when it is neither, or too soon after a wrong one."""
    tried = _digits(code)
    of_the_app = tried.isdigit() and len(tried) == 6
    model = TOTPDevice if of_the_app else StaticDevice
    device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device and device.verify_token(tried):
        return "app" if of_the_app else "recovery code"
    return None


def seconds_to_wait(user) -> int:
    """Seconds until a code is looked at again, after wrong ones."""
    waits = []
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.filter(user=user, confirmed=True):
            allowed, why = device.verify_is_allowed()
            if not allowed and why:
                waits.append(why["locked_until"])
    return max([0, *(round((until - timezone.now()).total_seconds()) + 1 for until in waits)])


@transaction.atomic
def remove(user) -> None:
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).delete()


def recovery_codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def _digits(code: str) -> str:
    """As people type it: spaces and hyphens aside. Recovery codes are letters and digits."""
    kept = "".join(character for character in code.lower() if character.isascii() and character.isalnum())
    return kept[:16]
