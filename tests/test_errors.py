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
        for address in ("/nothing/", "/stories/nothing/", "/admin/nothing/"):
            self.assertContains(self.client.get(address), "Page not found", status_code=404)

    @override_settings(DEBUG=True)
    def test_a_filter_that_means_nothing_explains_itself_while_debugging_too(self):
        self.assertContains(self.client.get("/?since=soon"), 'class="error"', status_code=404)

    def test_a_500_asks_nothing_of_the_database(self):
        broken = Client(raise_request_exception=False)
        with mock.patch("stories.public.views.FrontPage.get", side_effect=ZeroDivisionError), self.assertNumQueries(0):
            response = broken.get("/")
        self.assertContains(response, "Something broke", status_code=500)

    def test_a_host_that_is_not_ours_gets_words(self):
        response = Client(raise_request_exception=False).get("/", headers={"host": "elsewhere.example"})
        self.assertContains(response, "could not be read", status_code=400)

    def test_a_form_without_its_token_gets_words(self):
        strict = Client(enforce_csrf_checks=True)
        self.assertContains(strict.post("/admin/login/"), "This form has expired", status_code=403)


class HealthTest(TestCase):
    def test_the_process_says_it_lives_whatever_the_host(self):
        with self.assertNumQueries(0):
            self.assertContains(self.client.get("/livez", headers={"host": "10.0.0.7"}), "ok")

    def test_it_is_ready_when_the_database_is(self):
        self.assertEqual(self.client.get("/readyz").content, b"ok\n")

    def test_it_is_not_ready_without_its_database_and_says_so(self):
        with mock.patch("newsdesk.middleware.health.MigrationExecutor", side_effect=OperationalError):
            self.assertContains(self.client.get("/readyz"), "database: does not answer", status_code=503)

    def test_it_is_not_ready_before_its_migrations_and_names_them(self):
        missing = mock.Mock(app_label="stories")
        missing.name = "0009_later"
        with mock.patch("newsdesk.middleware.health.MigrationExecutor.migration_plan", return_value=[(missing, False)]):
            self.assertContains(self.client.get("/readyz"), "stories.0009_later", status_code=503)
