"""One's own account in Chromium: set up and use the second factor, end a session."""

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.cast import ed
from tests.chromium import IN_CHROMIUM

pytestmark = IN_CHROMIUM


def test_the_second_factor_is_set_up_and_used_and_a_session_ended(visitor):
    page = visitor.page
    visitor.log_in_by_form(ed())
    page.click("text=Your account")
    visitor.assert_accessible_in_both_schemes()
    page.click("text=Set up second factor")
    visitor.assert_accessible_in_both_schemes()
    device = TOTPDevice.objects.get()
    page.fill("#id_code", f"{totp(device.bin_key):06}")
    page.click("text=Turn on second factor")
    codes = page.locator(".codes code").all_inner_texts()
    visitor.assert_accessible_in_both_schemes()
    page.click("text=Log out")
    visitor.log_in_by_form(User.objects.get(), arrives="**/second-factor/**")
    visitor.assert_accessible_in_both_schemes()
    page.fill("#id_code", codes[0])
    page.click("text=Verify code")
    page.wait_for_selector("text=Recovery code used, 9 left")
    Client().force_login(User.objects.get())
    page.click("text=Your account")
    page.click("text=End session")
    page.wait_for_selector("text=1 session ended")
    page.click("text=Turn off second factor")
    visitor.assert_accessible_in_both_schemes()
