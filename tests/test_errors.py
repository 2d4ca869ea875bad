"""Error pages, and health checks."""

from unittest import mock

from django.db import OperationalError
from django.test import Client, TestCase, override_settings

from tests.cast import olga, region


class ErrorPagesTest(TestCase):
    def test_a_404_looks_like_the_site(self):
        region("Europe")
        response = self.client.get("/nothing/")
        self.assertContains(response, "Page not found", status_code=404)
        self.assertContains(response, "masthead", status_code=404)
        self.assertContains(response, "/regions/europe/", status_code=404)

    @override_settings(DEBUG=True)
    def test_a_404_is_the_same_while_debugging(self):
        self.client.force_login(olga())
        for path in ("/nothing/", "/stories/nothing/", "/admin/nothing/"):
            self.assertContains(self.client.get(path), "Page not found", status_code=404)

    @override_settings(DEBUG=True)
    def test_an_invalid_filter_explains_itself_while_debugging_too(self):
        self.assertContains(self.client.get("/?since=soon"), 'class="error"', status_code=404)

    def test_a_500_page_takes_no_query(self):
        broken = Client(raise_request_exception=False)
        with mock.patch("stories.public.views.FrontPage.get", side_effect=ZeroDivisionError), self.assertNumQueries(0):
            response = broken.get("/")
        self.assertContains(response, "Something went wrong", status_code=500)

    def test_an_unknown_host_gets_an_explanation(self):
        response = Client(raise_request_exception=False).get("/", headers={"host": "elsewhere.example"})
        self.assertContains(response, "couldn’t read this request", status_code=400)

    def test_a_form_without_its_token_gets_an_explanation(self):
        strict = Client(enforce_csrf_checks=True)
        self.assertContains(strict.post("/admin/login/"), "This form has expired", status_code=403)


class HealthTest(TestCase):
    def test_livez_answers_for_any_host_without_a_query(self):
        with self.assertNumQueries(0):
            self.assertContains(self.client.get("/livez", headers={"host": "10.0.0.7"}), "ok")

    def test_readyz_answers_when_the_database_is_ready(self):
        self.assertEqual(self.client.get("/readyz").content, b"ok\n")

    def test_readyz_fails_without_the_database_and_says_so(self):
        with mock.patch("newsdesk.middleware.health.MigrationExecutor", side_effect=OperationalError):
            self.assertContains(self.client.get("/readyz"), "database: does not answer", status_code=503)

    def test_readyz_fails_before_migrations_and_names_them(self):
        missing = mock.Mock(app_label="stories")
        missing.name = "0009_later"
        with mock.patch("newsdesk.middleware.health.MigrationExecutor.migration_plan", return_value=[(missing, False)]):
            self.assertContains(self.client.get("/readyz"), "stories.0009_later", status_code=503)
