from io import StringIO
from unittest import mock

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import TestCase, override_settings

from stories.models import Status, Story
from tests.cast import draft


def load() -> str:
    out = StringIO()
    call_command("loaddemo", stdout=out)
    return out.getvalue()


class LoadDemoTest(TestCase):
    @override_settings(DEBUG=True)
    def test_in_debug_mode_it_loads_stories_and_logins_and_prints_the_logins(self):
        text = load()
        for name in ("rosa (writer)", "ed (editor)", "olga (operator)"):
            self.assertIn(name, text)
        self.client.post("/admin/login/", {"username": "ed", "password": "newsdesk-demo"})
        self.assertEqual(self.client.get("/admin/").status_code, 200)
        self.assertEqual(Story.objects.get(status=Status.IN_REVIEW).created_by.username, "rosa")

    def test_outside_debug_mode_it_creates_no_logins(self):
        with mock.patch("stories.management.commands.loaddemo.call_command") as loaded:
            self.assertNotIn("password", load())
        loaded.assert_called_once_with("loaddata", "regions", "demo", verbosity=0)
        self.assertFalse(User.objects.exists())

    @override_settings(DEBUG=True)
    def test_it_leaves_a_database_with_content_unchanged(self):
        draft("Mine")
        self.assertIn("not loaded", load())
        self.assertEqual(Story.objects.get().headline, "Mine")
        self.assertFalse(User.objects.exists())
