import os
import subprocess
import sys
from pathlib import Path
from unittest import TestCase, mock, skipUnless

import django.test
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from newsdesk import environment

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "DEBUG": "0", "HTTPS": "1", "SECRET_KEY": "k9-" * 30 + "abcdefgh", "ALLOWED_HOSTS": "news.example.org",
    "DATABASE_URL": "sqlite:///:memory:",
}  # fmt: skip


def manage(*arguments, **variables):
    """manage.py in a process of its own, with only these variables."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env={"PATH": os.environ["PATH"]} | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


class ProductionTest(TestCase):
    def test_production_does_not_start_without_a_secret_key_and_says_why(self):
        result = manage("check", **PRODUCTION | {"SECRET_KEY": ""})
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("SECRET_KEY is not set. Production needs", result.stderr)

    def test_the_deployment_check_has_nothing_to_say(self):
        result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("no issues (0 silenced)", result.stdout)

    def test_the_address_of_a_database_may_say_that_nothing_is_to_be_prepared(self):
        show = "from django.db import connection; print(connection.settings_dict['OPTIONS']['server_side_binding'] is True)"
        for address, prepared in (
            ("postgresql://db/news", "True"),
            ("postgresql://db/news?server_side_binding=0", "False"),
        ):
            result = manage("shell", "--no-imports", "-c", show, **PRODUCTION | {"DATABASE_URL": address})
            self.assertEqual(result.stdout.strip(), prepared, result.stderr)

    def test_no_migration_is_missing(self):
        result = manage("makemigrations", "--check", "--dry-run", **PRODUCTION)
        self.assertEqual(result.returncode, 0, result.stdout)


class EnvironmentTest(TestCase):
    def read(self, value, reader, *arguments, **options):
        with mock.patch.dict(os.environ, {"VARIABLE": value}):
            return reader("VARIABLE", *arguments, **options)

    def refuses(self, value, reader, *arguments, **options):
        with self.assertRaisesRegex(ImproperlyConfigured, "VARIABLE"):
            self.read(value, reader, *arguments, **options)

    def test_every_reader_names_the_variable_that_is_wrong(self):
        self.refuses("", environment.text)
        self.refuses("perhaps", environment.flag, default=True)
        self.refuses("ten", environment.number, 10)
        self.refuses("-1", environment.number, 10)
        self.refuses("mysql://localhost/news", environment.database, "sqlite:///x")
        self.refuses("::::", environment.database, "sqlite:///x")
        self.refuses("pigeon://loft", environment.email, "consolemail://")
        self.refuses("Mars/Base", environment.time_zone, "UTC")

    def test_readers_understand_what_people_write(self):
        self.assertIs(self.read("Off", environment.flag, default=True), False)
        self.assertEqual(self.read(" a.org, ,b.org ", environment.words), ["a.org", "b.org"])
        self.assertEqual(self.read("", environment.words, []), [])
        self.assertEqual(self.read("", environment.time_zone, "Europe/London"), "Europe/London")
        config = self.read("postgresql://me:p%40ss@db:5433/news", environment.database, "sqlite:///x")
        self.assertEqual((config["HOST"], config["PORT"], config["PASSWORD"]), ("db", 5433, "p@ss"))


class DatabaseTest(django.test.TestCase):
    @skipUnless(connection.vendor == "sqlite", "about SQLite")
    def test_sqlite_waits_its_turn_and_lets_readers_read(self):
        with connection.cursor() as cursor:
            self.assertEqual(cursor.execute("PRAGMA journal_mode").fetchone(), ("wal",))
            self.assertEqual(cursor.execute("PRAGMA busy_timeout").fetchone(), (20_000,))
        self.assertEqual(connection.transaction_mode, "IMMEDIATE")

    @skipUnless(connection.vendor == "postgresql", "about PostgreSQL")
    def test_postgresql_connections_are_kept_and_looked_after(self):
        self.assertGreater(connection.settings_dict["CONN_MAX_AGE"], 60)
        self.assertTrue(connection.settings_dict["CONN_HEALTH_CHECKS"])

    @skipUnless(connection.vendor == "postgresql", "about PostgreSQL")
    def test_postgresql_plans_a_query_once_for_a_connection(self):
        with connection.cursor() as cursor:
            for number in range(7):
                cursor.execute("SELECT %s + 12345", [number])
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%% + 12345'")
            self.assertEqual(cursor.fetchone(), (1,))
