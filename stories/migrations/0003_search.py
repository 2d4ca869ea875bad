"""Create the table of the search index. The triggers that write it are installed after each `migrate`."""

from django.db import migrations

# `padding` makes each row too large for a page, so that `search` is stored outside of the rows: a search reads many
# rows, but the words of none. Padding compresses to nothing.
CREATE_POSTGRESQL = """
CREATE TABLE newsdesk_search (
  story_id bigint PRIMARY KEY, live_at timestamptz, region_id bigint NOT NULL, search tsvector NOT NULL,
  padding text NOT NULL DEFAULT repeat(' ', 2048)
) WITH (toast_tuple_target = 128);
ALTER TABLE newsdesk_search ALTER COLUMN search SET STORAGE EXTERNAL;
CREATE INDEX story_search_words ON newsdesk_search USING gin (search);
CREATE INDEX story_search_newest ON newsdesk_search (live_at, story_id);
"""
# The index keeps no text: the view newsdesk_search_text has it.
CREATE_SQLITE = """
CREATE VIRTUAL TABLE newsdesk_search USING fts5(
  text, content = 'newsdesk_search_text', content_rowid = 'place', columnsize = 0,
  tokenize = "unicode61 remove_diacritics 2"
)
"""


def create_table(apps, schema_editor):
    statement = {"postgresql": CREATE_POSTGRESQL, "sqlite": CREATE_SQLITE}[schema_editor.connection.vendor]
    schema_editor.execute(statement, params=None)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE newsdesk_search")


class Migration(migrations.Migration):
    dependencies = [("stories", "0002_groups")]

    operations = [migrations.RunPython(create_table, drop_table)]
