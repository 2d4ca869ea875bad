"""security.txt and the web app manifest."""

from datetime import timedelta

import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.test import TestCase, override_settings

from tests.cast import NOON, story
from tests.test_settings import PRODUCTION, manage


class SiteFilesTest(TestCase):
    def test_there_is_no_security_txt_without_a_contact(self):
        self.assertEqual(self.client.get("/.well-known/security.txt").status_code, 404)

    @time_machine.travel(NOON, tick=False)
    @override_settings(SECURITY_CONTACT="mailto:security@example.org")
    def test_security_txt_names_the_contact_and_does_not_expire(self):
        text = self.client.get("/.well-known/security.txt?x=1").content.decode()
        self.assertIn("Canonical: http://testserver/.well-known/security.txt\n", text)
        self.assertIn("Contact: mailto:security@example.org\n", text)
        self.assertIn("Expires: 2026-12-12T00:00:00Z\n", text)
        with time_machine.travel(NOON + timedelta(days=300), tick=False):
            self.assertContains(self.client.get("/.well-known/security.txt"), "Expires: 2027-10-08")

    def test_a_contact_that_is_not_a_url_is_refused(self):
        result = manage("check", **PRODUCTION | {"SECURITY_CONTACT": "security@example.org"})
        self.assertIn("SECURITY_CONTACT must begin with mailto:", result.stderr)
        self.assertIn(ImproperlyConfigured.__name__, result.stderr)

    def test_every_page_links_to_the_manifest_and_the_manifest_to_the_icons(self):
        story()
        for path, status in (("/", 200), ("/tags/", 200), ("/nothing", 404)):
            self.assertContains(self.client.get(path), 'rel="manifest"', status_code=status)
        page = self.client.get("/manifest.webmanifest")
        self.assertEqual((page["Content-Type"], page.json()["name"]), ("application/manifest+json", "Newsdesk"))
        self.assertEqual([icon["sizes"] for icon in page.json()["icons"]], ["192x192", "512x512"])

    def test_the_manifest_says_the_language_and_its_direction(self):
        for code, direction in (("en-gb", "ltr"), ("ru", "ltr"), ("ar", "rtl")):
            with self.settings(LANGUAGE_CODE=code):
                manifest = self.client.get("/manifest.webmanifest").json()
            self.assertEqual((manifest["lang"], manifest["dir"]), (code, direction))
