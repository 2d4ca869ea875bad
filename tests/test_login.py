"""Logins: wrong passwords, the second factor, sessions, and what operators may reset for others."""

import re
from datetime import timedelta
from unittest import mock

import time_machine
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import site
from accounts.client import client_ip, describe_browser
from accounts.models import Session
from tests.cast import NOON, draft, ed, olga, rosa

LOGIN, CODE, ACCOUNT = reverse("admin:login"), reverse("admin:second_factor"), reverse("admin:account")
PASSWORD = "a long password"


class LoginCase(TestCase):
    def setUp(self):
        self.clock = self.enterContext(time_machine.travel(NOON, tick=False))
        self.ed = ed()
        self.ed.set_password(PASSWORD)
        self.ed.save()

    def log_in(self, password=PASSWORD, client=None, name="ed", **headers):
        return (client or self.client).post(LOGIN, {"username": name, "password": password}, **headers)

    def is_in(self, client=None):
        return (client or self.client).get("/admin/").status_code == 200

    def code(self, later=0):
        """Return the code that the app shows now, or some seconds later."""
        device = TOTPDevice.objects.get(user=self.ed)
        totp = TOTP(device.bin_key)
        totp.time = timezone.now().timestamp() + later
        return f"{totp.token():06}"

    def enrol(self):
        self.log_in()
        self.client.get(reverse("admin:enrol"))
        page = self.client.post(reverse("admin:enrol"), {"code": self.code()})
        self.clock.shift(60)
        return re.findall(r"<code>(\w{8})</code>", page.text)


class WrongPasswordTest(LoginCase):
    def fail(self, times, **headers):
        for _ in range(times):
            answer = self.log_in("wrong", **headers)
        return answer

    def test_the_right_password_logs_in(self):
        self.fail(4)
        self.log_in()
        self.assertTrue(self.is_in())

    def test_five_wrong_passwords_lock_out_for_15_minutes(self):
        self.assertContains(self.fail(5), "Try again in 15 minutes", status_code=429)
        self.assertEqual(self.log_in().status_code, 429)
        self.assertFalse(self.is_in())
        self.clock.shift(timedelta(minutes=16))
        self.log_in()
        self.assertTrue(self.is_in())

    def test_the_user_is_not_locked_out_at_another_ip(self):
        self.fail(5, REMOTE_ADDR="192.0.2.7")
        self.log_in(REMOTE_ADDR="192.0.2.8")
        self.assertTrue(self.is_in())

    def test_the_lockout_page_does_not_reveal_user_names(self):
        known = self.fail(5).text
        for _ in range(5):
            unknown = self.log_in("wrong", name="nobody").text
        self.assertHTMLEqual(*(re.sub('(token"|nonce=)[^>]+', "", text) for text in (known, unknown)))

    def test_an_ip_that_tries_many_names_is_locked_out_too(self):
        with mock.patch.object(site, "MAX_FAILED_LOGINS_PER_IP", 8):
            for number in range(8):
                self.assertEqual(self.log_in("wrong", name=f"name {number}").status_code, 200)
            self.assertEqual(self.log_in().status_code, 429)
            self.assertNotEqual(self.log_in(REMOTE_ADDR="192.0.2.8").status_code, 429)

    def test_an_operator_unlocks_an_account(self):
        self.fail(5)
        operator = Client()
        operator.force_login(olga())
        operator.post("/admin/auth/user/", {"action": "unlock", "_selected_action": [self.ed.pk]})
        self.log_in()
        self.assertTrue(self.is_in())

    def test_a_name_that_no_database_can_store_only_fails(self):
        for name in ("ed\x00", "\x1b[31med", "x" * 5000):
            self.assertEqual(self.log_in(name=name).status_code, 200)


class PasswordTest(TestCase):
    def test_short_and_common_passwords_are_refused(self):
        for password in ("tenletters", "password1234", "123456789012345"):
            with self.assertRaises(ValidationError):
                validate_password(password)

    def test_three_words_are_accepted(self):
        validate_password("ferry-lamp-quarry", User(username="ed"))


class SecondFactorTest(LoginCase):
    def test_without_a_second_factor_the_password_is_enough(self):
        self.log_in()
        self.assertTrue(self.is_in())

    def test_with_a_second_factor_no_page_opens_before_the_code(self):
        self.enrol()
        thief = Client()
        self.log_in(client=thief)
        for path in ("/admin/", reverse("admin:stories_story_change", args=[draft().pk]), ACCOUNT):
            answer = thief.get(path, follow=True)
            self.assertEqual(answer.redirect_chain[-1][0].partition("?")[0], CODE, path)

    def test_the_code_logs_in_and_redirects_to_the_page(self):
        self.enrol()
        other = Client()
        self.log_in(client=other)
        answer = other.post(CODE, {"code": self.code(), "next": "/admin/stories/tag/"})
        self.assertRedirects(answer, "/admin/stories/tag/")

    def test_the_redirect_leads_to_no_other_site(self):
        self.enrol()
        other = Client()
        self.log_in(client=other)
        answer = other.post(CODE, {"code": self.code(), "next": "https://example.net/"})
        self.assertRedirects(answer, "/admin/")

    def test_a_code_works_once(self):
        self.enrol()
        code = self.code()
        for expected in (True, False):
            other = Client()
            self.log_in(client=other)
            other.post(CODE, {"code": code})
            self.assertEqual(self.is_in(other), expected)

    def test_after_a_wrong_code_the_next_one_must_wait(self):
        self.enrol()
        other = Client()
        self.log_in(client=other)
        other.post(CODE, {"code": "000000"})
        self.assertContains(other.post(CODE, {"code": self.code()}), "After a wrong code, wait")
        self.clock.shift(30)
        other.post(CODE, {"code": self.code()})
        self.assertTrue(self.is_in(other))

    def test_a_recovery_code_works_once(self):
        codes = self.enrol()
        self.assertEqual(len(codes), 10)
        for expected in (True, False):
            other = Client()
            self.log_in(client=other)
            other.post(CODE, {"code": f" {codes[3][:4].upper()}-{codes[3][4:]} "})
            self.assertEqual(self.is_in(other), expected)

    def test_the_set_up_needs_a_code_from_the_app(self):
        self.log_in()
        self.client.get(reverse("admin:enrol"))
        self.assertContains(
            self.client.post(reverse("admin:enrol"), {"code": "123"}), "That code is wrong. Enter the current code"
        )
        self.assertFalse(TOTPDevice.objects.filter(confirmed=True).exists())

    def test_the_set_up_ends_all_other_sessions(self):
        other = Client()
        self.log_in(client=other)
        self.enrol()
        self.assertFalse(self.is_in(other))
        self.assertTrue(self.is_in())

    def test_a_second_factor_can_not_be_replaced_without_its_code(self):
        self.enrol()
        thief = Client()
        self.log_in(client=thief)
        self.assertRedirects(thief.get(reverse("admin:enrol")), CODE)

    def test_turning_it_off_needs_password_and_code(self):
        codes, off = self.enrol(), reverse("admin:second_factor_off")
        self.client.post(off, {"password": "wrong", "code": codes[0]})
        self.assertTrue(TOTPDevice.objects.exists())
        self.client.post(off, {"password": PASSWORD, "code": codes[0]})  # a wrong password used nothing up
        self.assertFalse(TOTPDevice.objects.exists())
        self.assertTrue(self.is_in())

    def test_new_recovery_codes_replace_the_old_ones(self):
        old = self.enrol()
        page = self.client.post(reverse("admin:recovery_codes"), {"password": PASSWORD, "code": self.code()})
        self.assertNotIn(old[0], page.text)
        other = Client()
        self.log_in(client=other)
        other.post(CODE, {"code": old[0]})
        self.assertFalse(self.is_in(other))

    def test_a_reset_by_an_operator_ends_all_sessions(self):
        self.enrol()
        operator = Client()
        operator.force_login(olga())
        operator.post("/admin/auth/user/", {"action": "reset_second_factor", "_selected_action": [self.ed.pk]})
        self.assertFalse(self.is_in())
        self.log_in()
        self.assertTrue(self.is_in())

    @override_settings(SECOND_FACTOR_REQUIRED=True)
    def test_if_it_is_required_no_page_opens_before_its_set_up(self):
        self.log_in()
        self.assertRedirects(self.client.get("/admin/", follow=True), f"{reverse('admin:enrol')}?next=%2Fadmin%2F")
        self.assertRedirects(self.client.get(ACCOUNT, follow=True), f"{reverse('admin:enrol')}?next={ACCOUNT}")
        self.enrol()
        self.assertTrue(self.is_in())

    def test_a_user_without_staff_status_is_sent_to_the_login(self):
        self.client.force_login(User.objects.create(username="robin"))
        for path in (CODE, reverse("admin:enrol")):
            self.assertRedirects(self.client.get(path), LOGIN, fetch_redirect_response=False)


class SessionsTest(LoginCase):
    def setUp(self):
        super().setUp()
        self.log_in(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0", REMOTE_ADDR="192.0.2.8")
        self.other = Client()
        self.log_in(client=self.other)

    def test_users_see_their_sessions(self):
        self.assertContains(self.client.get(ACCOUNT), "Firefox on Linux")
        self.assertContains(self.client.get(ACCOUNT), "IP address 192.0.2.8")
        self.assertContains(self.client.get(ACCOUNT), "(this session)", count=1)
        self.assertNotContains(self.client.get(ACCOUNT), self.other.session.session_key)

    def test_users_end_one_of_their_sessions(self):
        key = re.search('name="session" value="(.+?)"', self.client.get(ACCOUNT).text)[1]
        self.client.post(reverse("admin:end_sessions"), {"session": key})
        self.assertTrue(self.is_in())
        self.assertFalse(self.is_in(self.other))

    def test_users_end_all_their_other_sessions(self):
        self.client.post(reverse("admin:end_sessions"), {"others": ""})
        self.assertEqual((self.is_in(), self.is_in(self.other)), (True, False))

    def test_users_can_not_end_the_sessions_of_others(self):
        writer = Client()
        writer.force_login(rosa())
        public = [one.public_id for one in Session.objects.active(self.ed)]
        for key in public:
            writer.post(reverse("admin:end_sessions"), {"session": key})
        self.assertTrue(self.is_in() and self.is_in(self.other))

    def test_a_new_password_ends_all_other_sessions(self):
        new = {"old_password": PASSWORD, "new_password1": "ferry-lamp-quarry", "new_password2": "ferry-lamp-quarry"}
        self.client.post(reverse("admin:password_change"), new)
        self.assertEqual((self.is_in(), self.is_in(self.other)), (True, False))
        self.assertEqual(len(Session.objects.active(User.objects.get(pk=self.ed.pk))), 1)

    def test_an_operator_ends_the_sessions_of_a_user(self):
        operator = Client()
        operator.force_login(olga())
        chosen = {"action": "end_sessions", "_selected_action": [self.ed.pk]}
        self.assertContains(operator.post("/admin/auth/user/", chosen, follow=True), "2 sessions ended.")
        self.assertFalse(self.is_in() or self.is_in(self.other))

    def test_last_seen_is_stored_every_five_minutes_only(self):
        before = Session.objects.active(self.ed)[0].last_seen_at
        for minutes, expected in ((2, before), (4, before + timedelta(minutes=6))):
            self.clock.shift(timedelta(minutes=minutes))
            self.client.get(ACCOUNT)
            self.assertEqual(Session.objects.active(self.ed)[0].last_seen_at, expected)

    def test_readers_get_no_session(self):
        self.assertEqual(Client().get("/").cookies, {})


class ClientTest(TestCase):
    def read_ip(self, forwarded, proxies):
        request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
        with self.settings(PROXIES=proxies):
            return client_ip(request)

    def test_a_forged_forwarded_header_is_ignored(self):
        self.assertEqual(self.read_ip("203.0.113.9", 0), "10.0.0.1")
        self.assertEqual(self.read_ip("203.0.113.9, 198.51.100.4", 1), "198.51.100.4")
        self.assertEqual(self.read_ip("203.0.113.9, 198.51.100.4, 10.0.0.7", 2), "198.51.100.4")

    def test_a_malformed_ip_is_none(self):
        self.assertIsNone(self.read_ip("<script>", 1))
        self.assertEqual(self.read_ip("", 2), "10.0.0.1")

    def test_a_browser_is_described_in_a_few_words(self):
        request = RequestFactory().get(
            "/", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140"
        )
        self.assertEqual(describe_browser(request), "Edge on Windows")
        self.assertEqual(describe_browser(RequestFactory().get("/")), "Unknown browser")
