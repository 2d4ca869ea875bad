"""Settings: strict reading of environment variables, production defaults, databases, language and formats."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from unittest import TestCase, mock, skipUnless

import django.test
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import translation
from django.utils.formats import date_format, time_format

from newsdesk.environment import Env

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "DEBUG": "0", "HTTPS": "1", "SECRET_KEY": "k9-" * 30 + "abcdefgh", "ALLOWED_HOSTS": "news.example.org",
    "DATABASE_URL": "sqlite:///:memory:",
}  # fmt: skip


def manage(*arguments, **variables):
    """Run manage.py in a new process, with these environment variables only."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env={"PATH": os.environ["PATH"]} | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


class ProductionTest(TestCase):
    def test_production_does_not_start_without_a_secret_key_and_says_why(self):
        result = manage("check", **PRODUCTION | {"SECRET_KEY": ""})
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("SECRET_KEY is not set. Production needs", result.stderr)

    def test_the_deployment_check_finds_nothing(self):
        result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("no issues (0 silenced)", result.stdout)

    def test_a_database_url_can_turn_prepared_statements_off(self):
        show = "from django.db import connection; print(connection.settings_dict['OPTIONS']['server_side_binding'] is True)"
        for url, is_prepared in (
            ("postgresql://db/news", "True"),
            ("postgresql://db/news?server_side_binding=0", "False"),
        ):
            result = manage("shell", "--no-imports", "-c", show, **PRODUCTION | {"DATABASE_URL": url})
            self.assertEqual(result.stdout.strip(), is_prepared, result.stderr)

    def test_an_unknown_language_is_refused_with_the_choices(self):
        result = manage("check", **PRODUCTION | {"LANGUAGE_CODE": "fr"})
        self.assertIn("LANGUAGE_CODE must be en-gb, de or ru, not 'fr'. Example: LANGUAGE_CODE=en-gb", result.stderr)

    def test_no_migration_is_missing(self):
        result = manage("makemigrations", "--check", "--dry-run", **PRODUCTION)
        self.assertEqual(result.returncode, 0, result.stdout)


class EnvTest(TestCase):
    def read(self, value, method, *arguments, **options):
        with mock.patch.dict(os.environ, {"VARIABLE": value}):
            return getattr(Env(), method)("VARIABLE", *arguments, **options)

    def assert_refused(self, message, value, method, *arguments, **options):
        with self.assertRaisesRegex(ImproperlyConfigured, f"VARIABLE.*{message}"):
            self.read(value, method, *arguments, **options)

    def test_errors_name_the_variable_the_reason_and_an_example(self):
        self.assert_refused("is not set. We need it.", "", "str", reason="We need it.")
        self.assert_refused("is not set. We need it.", "", "list", reason="We need it.")
        self.assert_refused("must be 1 or 0, not 'perhaps'. Example: VARIABLE=1", "perhaps", "bool", True)
        for number in ("ten", "-1", "1.5", "²", "101"):
            message = f"must be a whole number from 0 to 100, not '{number}'. Example: VARIABLE=10"
            self.assert_refused(message, number, "int", 10, maximum=100)
        message = "must begin with mailto: or tel:, not 'x'. Example: VARIABLE=mailto:a@b.org"
        self.assert_refused(message, "x", "str", prefixes=("mailto:", "tel:"), example="mailto:a@b.org")
        message = "values that begin with https://, not 'b.org'. Example: VARIABLE=https://a.org"
        self.assert_refused(message, "https://a.org,b.org", "list", prefixes=("https://",), example="https://a.org")
        self.assert_refused("must be de or ru, not 'fr'. Example: VARIABLE=de", "fr", "choice", "de", ["de", "ru"])
        self.assert_refused("time zone, not 'Mars/Base'. Example: VARIABLE=UTC", "Mars/Base", "time_zone", "UTC")
        for url in ("mysql://localhost/news", "::::", "postgresql://db:port/news"):
            self.assert_refused("Example: VARIABLE=postgresql://", url, "db_url", "sqlite:///x")
        self.assert_refused(r"Example: VARIABLE=smtp\+tls://", "pigeon://loft", "email_url", "consolemail://")

    def test_values_as_people_write_them(self):
        self.assertIs(self.read("Off", "bool", True), False)
        self.assertEqual(self.read(" a.org, ,b.org ", "list"), ["a.org", "b.org"])
        self.assertEqual(self.read("", "list", []), [])
        self.assertEqual(self.read("", "time_zone", "Europe/London"), "Europe/London")
        config = self.read("postgresql://me:p%40ss@db:5433/news", "db_url", "sqlite:///x")
        self.assertEqual((config["HOST"], config["PORT"], config["PASSWORD"]), ("db", 5433, "p@ss"))
        self.assertEqual(self.read("smtp+tls://mail.example.org:587", "email_url", "")["EMAIL_PORT"], 587)

    def test_a_dollar_sign_is_part_of_the_value(self):
        self.assertEqual(self.read("$PATH", "str"), "$PATH")


class LanguageTest(TestCase):
    def test_british_times_have_24_hours(self):
        with translation.override("en-gb"):
            self.assertEqual(date_format(datetime(2026, 6, 5, 19, 30), "DATETIME_FORMAT"), "5 June 2026, 19:30")
            self.assertEqual(time_format(datetime(2026, 6, 5, 19, 30)), "19:30")

    def test_other_languages_use_the_formats_of_django(self):
        for code, expected in (("de", "5. Juni 2026 19:30"), ("ru", "5 июня 2026 г. 19:30")):
            with translation.override(code):
                self.assertEqual(date_format(datetime(2026, 6, 5, 19, 30), "DATETIME_FORMAT"), expected)
                self.assertEqual(time_format(datetime(2026, 6, 5, 19, 30)), "19:30")


class DatabaseTest(django.test.TestCase):
    @skipUnless(connection.vendor == "sqlite", "about SQLite")
    def test_sqlite_writers_wait_and_readers_are_not_blocked(self):
        with connection.cursor() as cursor:
            self.assertEqual(cursor.execute("PRAGMA journal_mode").fetchone(), ("wal",))
            self.assertEqual(cursor.execute("PRAGMA busy_timeout").fetchone(), (20_000,))
        self.assertEqual(connection.transaction_mode, "IMMEDIATE")

    @skipUnless(connection.vendor == "postgresql", "about PostgreSQL")
    def test_postgresql_connections_are_kept_and_checked(self):
        self.assertGreater(connection.settings_dict["CONN_MAX_AGE"], 60)
        self.assertTrue(connection.settings_dict["CONN_HEALTH_CHECKS"])

    @skipUnless(connection.vendor == "postgresql", "about PostgreSQL")
    def test_postgresql_plans_a_query_once_per_connection(self):
        with connection.cursor() as cursor:
            for number in range(7):
                cursor.execute("SELECT %s + 12345", [number])
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%% + 12345'")
            self.assertEqual(cursor.fetchone(), (1,))
