"""What people type to get in, and to change their second factor. The codes themselves are checked in second_factor.py."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from . import second_factor


class LoginForm(AdminAuthenticationForm):
    def clean_username(self):
        """Nobody has a longer name, and the table of failures takes none."""
        if len(self.cleaned_data["username"]) > User._meta.get_field("username").max_length:
            raise self.get_invalid_login_error()
        return self.cleaned_data["username"]


class CodeForm(forms.Form):
    """A code, from the app or a recovery code; `used` says which it was. A right recovery code is used up by it."""

    code = forms.CharField(
        max_length=40,
        label="Code",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self):
        if wait := second_factor.seconds_to_wait(self.user):
            raise ValidationError(f"That was wrong too often. Wait {wait} seconds, then try the newest code.")
        self.used = second_factor.check(self.user, self.cleaned_data["code"])
        if self.used is None:
            raise ValidationError("That is not the code, or it was used already. Wait for the next one in your app.")
        return self.cleaned_data["code"]


class PasswordAndCodeForm(CodeForm):
    """For what weakens an account: somebody at an unlocked screen should not be able to."""

    password = forms.CharField(
        strip=False, label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ["password", "code"]

    def clean_password(self):
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError("That is not your password.")
        return self.cleaned_data["password"]

    def clean_code(self):
        """Not looked at with a wrong password, or a recovery code would be gone for nothing."""
        return super().clean_code() if "password" in self.cleaned_data else self.cleaned_data["code"]


class ConfirmForm(forms.Form):
    """The first code from an app that is being set up."""

    code = forms.CharField(
        max_length=40,
        label="Code from the app",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self):
        self.recovery_codes = second_factor.confirm(self.user, self.cleaned_data["code"])
        if self.recovery_codes is None:
            raise ValidationError("That is not the code that your app should show now. Is your phone's clock right?")
        return self.cleaned_data["code"]
