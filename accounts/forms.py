"""Forms for logging in and for changing the second factor. The codes are checked in second_factor.py."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import second_factor

MAX_CODE_INPUT_CHARS = 40
MAX_USERNAME_CHARS = User._meta.get_field("username").max_length or 0


class LoginForm(AdminAuthenticationForm):
    def clean_username(self) -> str:
        """Refuse a name that is longer than any user's: django-axes could not store the failure."""
        if len(self.cleaned_data["username"]) > MAX_USERNAME_CHARS:
            raise self.get_invalid_login_error()
        return self.cleaned_data["username"]


class CodeForm(forms.Form):
    """A code from the app or a recovery code; `used` says which. Validating a recovery code uses it up."""

    code = forms.CharField(
        max_length=MAX_CODE_INPUT_CHARS,
        label=_("Code"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )
    used: str | None = None

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self) -> str:
        if wait := second_factor.get_wait_seconds(self.user):
            message = ngettext(
                "After a wrong code, wait %(seconds)d second. Then enter the newest code.",
                "After a wrong code, wait %(seconds)d seconds. Then enter the newest code.",
                wait,
            )
            raise ValidationError(message, params={"seconds": wait})
        self.used = second_factor.verify(self.user, self.cleaned_data["code"])
        if self.used is None:
            raise ValidationError(_("That code is wrong or already used. Enter the next code from your app."))
        return self.cleaned_data["code"]


class PasswordAndCodeForm(CodeForm):
    """Password and code, for what weakens an account: an unlocked screen alone must not be enough."""

    password = forms.CharField(
        strip=False, label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ["password", "code"]

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError(_("That password is wrong. Enter your current password."))
        return self.cleaned_data["password"]

    def clean_code(self) -> str:
        """Check the code only after a right password, or a recovery code would be used up for nothing."""
        return super().clean_code() if "password" in self.cleaned_data else self.cleaned_data["code"]


class EnrolForm(forms.Form):
    """First code from an app that is being set up; when valid, `recovery_codes` holds the new codes."""

    code = forms.CharField(
        max_length=MAX_CODE_INPUT_CHARS,
        label=_("Code from the app"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    recovery_codes: list[str] | None = None

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self) -> str:
        self.recovery_codes = second_factor.turn_on(self.user, self.cleaned_data["code"])
        if self.recovery_codes is None:
            raise ValidationError(_("That code is wrong. Enter the current code, and check your phone's clock."))
        return self.cleaned_data["code"]
