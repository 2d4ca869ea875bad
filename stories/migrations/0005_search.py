"""PostgreSQL's index for searching words; SQLite's is put on with the triggers, see stories/triggers/sqlite_search.sql."""

from django.db import migrations

# Tags within a word go without a trace, others and all punctuation leave a space: the parser would see addresses and
# signs in it. Cut, because a tsvector may not have a megabyte, and a letter's compatibility form may be a sentence.
ADD = r"""
ALTER TABLE stories_story ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', left(
  regexp_replace(
    regexp_replace(
      normalize(
        headline || ' ' || byline || ' ' || regexp_replace(
          regexp_replace(body, '</?(a|em|strong)(\s[^>]*)?>', '', 'g'), '<[^>]*>|&(amp|lt|gt|nbsp);', ' ', 'g'
        ), NFKD
      ), '[\u0300-\u036F]', '', 'g'
    ), '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u2000-\u206F\u3000-\u303F]+', ' ', 'g'
  ), 100000))) STORED;
CREATE INDEX story_search ON stories_story USING gin (search);
"""
DROP = "ALTER TABLE stories_story DROP COLUMN search"


def on_postgresql(statement):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("stories", "0004_admin_indexes")]

    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
