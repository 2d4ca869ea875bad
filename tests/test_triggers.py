"""The triggers are one current definition on both databases, installed when it differs and never otherwise."""

from datetime import timedelta
from unittest import skipUnless
from unittest.mock import patch

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations import Migration
from django.test import TestCase, TransactionTestCase

from stories import search, triggers
from stories.listings.integrity import find_differences
from stories.models import MonthCount, SiteVersion, Story, StoryTag
from stories.search import index
from tests.cast import NOON, story

# Triggers and views as earlier versions named them.
OLD_DEFINITION = {
    "sqlite": """
        CREATE VIEW newsdesk_move AS SELECT 0 AS tag_id;
        CREATE TRIGGER newsdesk_move_counts INSTEAD OF INSERT ON newsdesk_move BEGIN SELECT 1; END;
        CREATE TRIGGER newsdesk_story_reads_again AFTER UPDATE ON stories_story BEGIN
          UPDATE stories_siteversion SET number = number + 1000;
        END;
    """,
    "postgresql": """
        CREATE FUNCTION story_words(bigint, text) RETURNS text LANGUAGE sql AS $$ SELECT $2 $$;
        CREATE FUNCTION story_search_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE FUNCTION newsdesk_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          UPDATE stories_siteversion SET number = number + 1000;
          RETURN NULL;
        END $$;
        CREATE TRIGGER story_search_moves AFTER UPDATE ON stories_story
          FOR EACH ROW EXECUTE FUNCTION story_search_moves();
        CREATE TRIGGER newsdesk_new_version BEFORE UPDATE ON stories_story
          FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_new_version();
    """,
}
# A trigger that an operator added.
AUDIT = {
    "sqlite": "CREATE TRIGGER story_after_update_audit AFTER UPDATE ON stories_story BEGIN SELECT 1; END;",
    "postgresql": """
        CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE TRIGGER story_after_update_audit AFTER UPDATE ON stories_story FOR EACH ROW EXECUTE FUNCTION audit();
    """,
}
DROP_AUDIT = {
    "sqlite": "DROP TRIGGER story_after_update_audit",
    "postgresql": "DROP FUNCTION audit() CASCADE",
}


def run(script: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executescript(script)
        else:
            cursor.execute(script)


def installed() -> set[tuple[str, str]]:
    return {(kind, name) for kind, name, _ in triggers.find_installed()}


def created() -> set[tuple[str, str]]:
    return {*triggers.CREATED.findall(triggers.read_definition(connection.vendor)), triggers.RECORD}


def found(text: str) -> list[str]:
    return [one.headline for one in search.filter_stories(Story.objects.order_by("pk"), text)]


class DefinitionTest(TestCase):
    def test_it_is_installed_by_migrate(self) -> None:
        self.assertEqual(installed(), created())
        self.assertTrue(triggers.is_installed(triggers.read_definition(connection.vendor)))

    def test_every_name_can_be_found_again(self) -> None:
        for vendor in ("sqlite", "postgresql"):
            names = [name for _, name in triggers.CREATED.findall(triggers.read_definition(vendor))]
            self.assertEqual([name for name in names if not triggers.OURS.fullmatch(name)], [])
            self.assertGreater(len(names), 20)

    def test_a_trigger_is_named_after_its_table_event_and_purpose(self) -> None:
        """For example story_after_insert_counts: AFTER INSERT ON stories_story, in counts.sql."""
        for vendor in ("sqlite", "postgresql"):
            statements = triggers.read_definition(vendor).split("CREATE TRIGGER ")[1:]
            for name, moment, event, table in (self.parse_trigger(statement) for statement in statements):
                self.assertTrue(name.startswith(f"{table}_{moment}_{event}_"), name)

    def parse_trigger(self, statement: str) -> tuple[str, str, str, str]:
        """Return (name, when, event, table) of a CREATE TRIGGER statement; any two events or more are a write."""
        name, rest = statement.split(maxsplit=1)
        words = rest.partition(" ON ")
        moment, _, events = words[0].lower().replace("instead of", "instead_of").partition(" ")
        table = words[2].split()[0].removeprefix("stories_")
        return name, moment, "write" if " or " in events else events, table

    def test_indexed_columns_are_filled_in(self) -> None:
        for vendor in ("sqlite", "postgresql"):
            self.assertNotRegex(index.read_trigger_sql(vendor).replace("{braces}", ""), r"\{\w+\}")

    def test_migrate_with_nothing_to_do_reads_and_writes_nothing_more(self) -> None:
        with self.assertNumQueries(3):
            triggers.install_triggers()


class InstallTest(TransactionTestCase):
    def test_a_lost_trigger_is_installed_again_and_what_it_missed_is_repaired(self) -> None:
        table = "" if connection.vendor == "sqlite" else " ON stories_storytag"
        run(f"DROP TRIGGER storytag_after_insert_counts{table}")
        story(tags=["Coast"])
        self.assertNotEqual(find_differences(), [])
        triggers.install_triggers()
        self.assertEqual((installed(), find_differences()), (created(), []))

    def test_a_changed_definition_is_installed_and_pages_are_rendered_again(self) -> None:
        number = SiteVersion.objects.get().number
        with patch.object(triggers, "read_trigger_sql", lambda vendor: f"{index.read_trigger_sql(vendor)}\n-- changed"):
            self.assertFalse(triggers.is_installed(triggers.read_definition(connection.vendor)))
            triggers.install_triggers()
            self.assertTrue(triggers.is_installed(triggers.read_definition(connection.vendor)))
        self.assertGreater(SiteVersion.objects.get().number, number)
        triggers.install_triggers()

    def test_triggers_of_earlier_versions_are_dropped_and_added_ones_stay(self) -> None:
        self.addCleanup(run, DROP_AUDIT[connection.vendor])
        run(OLD_DEFINITION[connection.vendor])
        run(AUDIT[connection.vendor])
        triggers.install_triggers()
        self.assertEqual(installed(), created())
        one = story()
        number = SiteVersion.objects.get().number
        one.save()
        self.assertLess(SiteVersion.objects.get().number, number + 10)

    def test_another_time_zone_moves_months_and_leaves_the_triggers_alone(self) -> None:
        story(at=NOON.replace(day=1, hour=1))
        self.addCleanup(triggers.install_triggers)
        with (
            self.settings(TIME_ZONE="America/New_York"),
            patch.object(triggers, "_replace", side_effect=AssertionError),
        ):
            triggers.install_triggers()
            months = MonthCount.objects.filter(stories=1, region=0).values_list("month", flat=True)
            self.assertEqual([f"{month:%Y-%m}" for month in months], ["2026-05"])

    def test_a_repair_that_was_interrupted_is_done_by_the_next_migrate(self) -> None:
        triggers.drop_triggers()
        story("Ferry", tags=["Coast"])
        with patch.object(triggers, "repair", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            triggers.install_triggers()
        self.assertNotEqual(find_differences(), [])
        triggers.install_triggers()
        self.assertEqual((installed(), find_differences(), found("ferry")), (created(), [], ["Ferry"]))

    @skipUnless(connection.vendor == "postgresql", "about PostgreSQL's locks")
    def test_a_table_in_use_is_not_waited_for_long(self) -> None:
        reader = connection.copy()
        self.addCleanup(reader.close)
        with reader.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE stories_story IN ACCESS SHARE MODE")
        with patch.object(triggers, "LOCK_TIMEOUT_MS", 50):
            self.assertRaises(OperationalError, triggers.drop_triggers)
        self.assertEqual(installed(), created())


class MigrateTest(TransactionTestCase):
    def test_what_was_written_without_triggers_is_counted_and_found(self) -> None:
        gone, changed = story("Lighthouse", tags=["Coast"]), story("Harbour")
        triggers.drop_triggers()
        self.assertEqual(installed(), set())
        gone.delete()
        Story.objects.filter(pk=changed.pk).update(headline="Pier", published_at=NOON - timedelta(days=400))
        story("Lightship", tags=["Coast", "Ships"])
        self.assertEqual(StoryTag.objects.filter(live_at=None).count(), 2)
        triggers.install_triggers()
        self.assertEqual(find_differences(), [])
        self.assertEqual(
            [found(word) for word in ("lighthouse", "harbour", "pier", "lightship")],
            [[], [], ["Pier"], ["Lightship"]],
        )

    def test_they_are_dropped_before_migrations_of_this_app_only(self) -> None:
        ours, other = Migration("0004_more", "stories"), Migration("0002_more", "accounts")
        for using, plan in (("default", []), ("default", [(other, False)]), ("other", [(ours, False)])):
            triggers.drop_before_migrations(using=using, plan=plan)
            self.assertEqual(installed(), created())
        self.addCleanup(triggers.install_triggers)
        triggers.drop_before_migrations(using="default", plan=[(other, False), (ours, False)])
        self.assertEqual(installed(), set())

    def test_the_index_can_be_migrated_away_and_back(self) -> None:
        self.addCleanup(call_command, "migrate", "stories", verbosity=0)
        story("Ferry", tags=["Coast"])
        call_command("migrate", "stories", "0002", verbosity=0)
        self.assertEqual(installed(), set())
        # Not a new story: the model has columns that this database lacks.
        Story.objects.update(headline="Lighthouse")
        call_command("migrate", "stories", verbosity=0)
        self.assertEqual((installed(), find_differences(), found("lighthouse")), (created(), [], ["Lighthouse"]))

    def test_a_column_added_to_the_index_is_searched_after_migrate(self) -> None:
        one = story("Ferry", correction="<p>An earlier version named the wrong quay.</p>")
        self.assertEqual(found("quay"), [])
        self.addCleanup(triggers.install_triggers)
        with patch.object(index, "PLAIN_COLUMNS", (*index.PLAIN_COLUMNS, "correction")):
            triggers.install_triggers()
            self.assertEqual(found("quay"), ["Ferry"])
            Story.objects.filter(pk=one.pk).update(correction="The wrong pier")
            self.assertEqual((found("quay"), found("pier")), ([], ["Ferry"]))
