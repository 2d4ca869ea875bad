"""Getting in: wrong passwords, the second factor, sessions; and who may undo what for somebody else."""

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
        """What the app shows."""
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

    def test_the_right_password_opens(self):
        self.fail(4)
        self.log_in()
        self.assertTrue(self.is_in())

    def test_five_wrong_ones_lock_out_for_a_quarter_of_an_hour(self):
        self.assertContains(self.fail(5), "Try again in 15 minutes", status_code=429)
        self.assertEqual(self.log_in().status_code, 429)
        self.assertFalse(self.is_in())
        self.clock.shift(timedelta(minutes=16))
        self.log_in()
        self.assertTrue(self.is_in())

    def test_somebody_at_another_address_is_not_locked_out(self):
        self.fail(5, REMOTE_ADDR="192.0.2.7")
        self.log_in(REMOTE_ADDR="192.0.2.8")
        self.assertTrue(self.is_in())

    def test_the_page_does_not_say_whether_there_is_such_a_person(self):
        known = self.fail(5).text
        for _ in range(5):
            unknown = self.log_in("wrong", name="nobody").text
        self.assertHTMLEqual(*(re.sub('(token"|nonce=)[^>]+', "", text) for text in (known, unknown)))

    def test_who_tries_many_names_is_locked_out_too(self):
        with mock.patch.object(site, "FAILURES_FROM_ONE_ADDRESS", 8):
            for number in range(8):
                self.assertEqual(self.log_in("wrong", name=f"name {number}").status_code, 200)
            self.assertEqual(self.log_in().status_code, 429)
            self.assertNotEqual(self.log_in(REMOTE_ADDR="192.0.2.8").status_code, 429)

    def test_an_operator_lets_somebody_try_again(self):
        self.fail(5)
        operator = Client()
        operator.force_login(olga())
        operator.post("/admin/auth/user/", {"action": "let_try_again", "_selected_action": [self.ed.pk]})
        self.log_in()
        self.assertTrue(self.is_in())

    def test_a_name_that_no_database_can_hold_is_only_wrong(self):
        for name in ("ed\x00", "\x1b[31med", "x" * 5000):
            self.assertEqual(self.log_in(name=name).status_code, 200)


class PasswordTest(TestCase):
    def test_short_and_common_ones_are_refused(self):
        for password in ("tenletters", "password1234", "123456789012345"):
            with self.assertRaises(ValidationError):
                validate_password(password)

    def test_three_words_will_do(self):
        validate_password("ferry-lamp-quarry", User(username="ed"))


class SecondFactorTest(LoginCase):
    def test_without_one_the_password_is_enough(self):
        self.log_in()
        self.assertTrue(self.is_in())

    def test_with_one_nothing_opens_before_the_code(self):
        self.enrol()
        thief = Client()
        self.log_in(client=thief)
        for address in ("/admin/", reverse("admin:stories_story_change", args=[draft().pk]), ACCOUNT):
            answer = thief.get(address, follow=True)
            self.assertEqual(answer.redirect_chain[-1][0].partition("?")[0], CODE, address)

    def test_the_code_opens_and_leads_on(self):
        self.enrol()
        other = Client()
        self.log_in(client=other)
        answer = other.post(CODE, {"code": self.code(), "next": "/admin/stories/tag/"})
        self.assertRedirects(answer, "/admin/stories/tag/")

    def test_it_leads_to_no_other_site(self):
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

    def test_after_a_wrong_code_the_next_has_to_wait(self):
        self.enrol()
        other = Client()
        self.log_in(client=other)
        other.post(CODE, {"code": "000000"})
        self.assertContains(other.post(CODE, {"code": self.code()}), "wrong too often")
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

    def test_setting_it_up_needs_the_code_of_the_app(self):
        self.log_in()
        self.client.get(reverse("admin:enrol"))
        self.assertContains(self.client.post(reverse("admin:enrol"), {"code": "123"}), "not the code")
        self.assertFalse(TOTPDevice.objects.filter(confirmed=True).exists())

    def test_setting_it_up_logs_out_everywhere_else(self):
        other = Client()
        self.log_in(client=other)
        self.enrol()
        self.assertFalse(self.is_in(other))
        self.assertTrue(self.is_in())

    def test_who_has_it_can_not_set_it_up_again_without_it(self):
        self.enrol()
        thief = Client()
        self.log_in(client=thief)
        self.assertRedirects(thief.get(reverse("admin:enrol")), CODE)

    def test_switching_it_off_needs_password_and_code(self):
        codes, off = self.enrol(), reverse("admin:second_factor_off")
        self.client.post(off, {"password": "wrong", "code": codes[0]})
        self.assertTrue(TOTPDevice.objects.exists())
        self.client.post(off, {"password": PASSWORD, "code": codes[0]})  # a wrong password used nothing up
        self.assertFalse(TOTPDevice.objects.exists())
        self.assertTrue(self.is_in())

    def test_new_recovery_codes_make_the_old_ones_worthless(self):
        old = self.enrol()
        page = self.client.post(reverse("admin:recovery_codes"), {"password": PASSWORD, "code": self.code()})
        self.assertNotIn(old[0], page.text)
        other = Client()
        self.log_in(client=other)
        other.post(CODE, {"code": old[0]})
        self.assertFalse(self.is_in(other))

    def test_an_operator_resets_it_and_nobody_stays_logged_in(self):
        self.enrol()
        operator = Client()
        operator.force_login(olga())
        operator.post("/admin/auth/user/", {"action": "reset_second_factor", "_selected_action": [self.ed.pk]})
        self.assertFalse(self.is_in())
        self.log_in()
        self.assertTrue(self.is_in())

    @override_settings(SECOND_FACTOR_REQUIRED=True)
    def test_where_it_is_required_nothing_opens_before_it_is_set_up(self):
        self.log_in()
        self.assertRedirects(self.client.get("/admin/", follow=True), f"{reverse('admin:enrol')}?next=%2Fadmin%2F")
        self.assertRedirects(self.client.get(ACCOUNT, follow=True), f"{reverse('admin:enrol')}?next={ACCOUNT}")
        self.enrol()
        self.assertTrue(self.is_in())

    def test_a_reader_has_no_business_on_these_pages(self):
        self.client.force_login(User.objects.create(username="robin"))
        for address in (CODE, reverse("admin:enrol")):
            self.assertRedirects(self.client.get(address), LOGIN, fetch_redirect_response=False)


class SessionsTest(LoginCase):
    def setUp(self):
        super().setUp()
        self.log_in(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0", REMOTE_ADDR="192.0.2.8")
        self.other = Client()
        self.log_in(client=self.other)

    def test_one_sees_where_one_is_logged_in(self):
        self.assertContains(self.client.get(ACCOUNT), "Firefox on Linux")
        self.assertContains(self.client.get(ACCOUNT), "from 192.0.2.8")
        self.assertContains(self.client.get(ACCOUNT), "– this one", count=1)
        self.assertNotContains(self.client.get(ACCOUNT), self.other.session.session_key)

    def test_one_logs_out_another_of_ones_sessions(self):
        key = re.search('name="session" value="(.+?)"', self.client.get(ACCOUNT).text)[1]
        self.client.post(reverse("admin:end_sessions"), {"session": key})
        self.assertTrue(self.is_in())
        self.assertFalse(self.is_in(self.other))

    def test_one_logs_out_all_others(self):
        self.client.post(reverse("admin:end_sessions"), {"others": ""})
        self.assertEqual((self.is_in(), self.is_in(self.other)), (True, False))

    def test_nobody_ends_the_session_of_another(self):
        writer = Client()
        writer.force_login(rosa())
        public = [one.public_id for one in Session.objects.of(self.ed)]
        for key in public:
            writer.post(reverse("admin:end_sessions"), {"session": key})
        self.assertTrue(self.is_in() and self.is_in(self.other))

    def test_a_new_password_logs_out_everywhere_else(self):
        new = {"old_password": PASSWORD, "new_password1": "ferry-lamp-quarry", "new_password2": "ferry-lamp-quarry"}
        self.client.post(reverse("admin:password_change"), new)
        self.assertEqual((self.is_in(), self.is_in(self.other)), (True, False))
        self.assertEqual(len(Session.objects.of(User.objects.get(pk=self.ed.pk))), 1)

    def test_an_operator_logs_somebody_out(self):
        operator = Client()
        operator.force_login(olga())
        chosen = {"action": "end_sessions", "_selected_action": [self.ed.pk]}
        self.assertContains(
            operator.post("/admin/auth/user/", chosen, follow=True), "Logged out 1 person, of 2 sessions."
        )
        self.assertFalse(self.is_in() or self.is_in(self.other))

    def test_being_seen_is_written_down_every_five_minutes_only(self):
        before = Session.objects.of(self.ed)[0].seen_at
        for minutes, expected in ((2, before), (4, before + timedelta(minutes=6))):
            self.clock.shift(timedelta(minutes=minutes))
            self.client.get(ACCOUNT)
            self.assertEqual(Session.objects.of(self.ed)[0].seen_at, expected)

    def test_readers_get_no_session(self):
        self.assertEqual(Client().get("/").cookies, {})


class ClientTest(TestCase):
    def address(self, forwarded, proxies):
        request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
        with self.settings(PROXIES=proxies):
            return client_ip(request)

    def test_what_a_client_says_of_itself_is_not_believed(self):
        self.assertEqual(self.address("203.0.113.9", 0), "10.0.0.1")
        self.assertEqual(self.address("203.0.113.9, 198.51.100.4", 1), "198.51.100.4")
        self.assertEqual(self.address("203.0.113.9, 198.51.100.4, 10.0.0.7", 2), "198.51.100.4")

    def test_nonsense_is_no_address(self):
        self.assertIsNone(self.address("<script>", 1))
        self.assertEqual(self.address("", 2), "10.0.0.1")

    def test_a_browser_is_named_in_a_few_words(self):
        request = RequestFactory().get(
            "/", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140"
        )
        self.assertEqual(describe_browser(request), "Edge on Windows")
        self.assertEqual(describe_browser(RequestFactory().get("/")), "Another browser")
