"""Create PostgreSQL's search index: a narrow table that triggers write. SQLite's is created with its triggers."""

from django.db import migrations

CREATE = r"""
CREATE TABLE newsdesk_search (
  story_id bigint PRIMARY KEY, live_at timestamptz, region_id bigint NOT NULL, search tsvector NOT NULL,
  padding text NOT NULL DEFAULT repeat(' ', 2048)
) WITH (toast_tuple_target = 128);
ALTER TABLE newsdesk_search ALTER COLUMN search SET STORAGE EXTERNAL;
CREATE INDEX story_search_words ON newsdesk_search USING gin (search);
CREATE INDEX story_search_newest ON newsdesk_search (live_at, story_id);

CREATE FUNCTION story_words(story bigint, headline text, byline text, body text) RETURNS tsvector
LANGUAGE plpgsql STABLE AS $$
DECLARE
  words text := headline || ' ' || byline || ' ' || regexp_replace(
    regexp_replace(body, '</?(a|em|strong)(\s[^>]*)?>', '', 'g'), '<[^>]*>|&(amp|lt|gt|nbsp);', ' ', 'g'
  );
  sources text := (
    SELECT string_agg(label || ' ' || substring(url FROM '://([^/?#]*)'), ' ' ORDER BY id)
      FROM stories_source WHERE story_id = story
  );
BEGIN
  words := left(words, 100000 - coalesce(length(sources), 0)) || ' ' || coalesce(sources, '');
  IF octet_length(words) <> char_length(words) THEN
    words := regexp_replace(normalize(words, NFKD), '[\u0300-\u036F]', '', 'g');
  END IF;
  RETURN to_tsvector('simple', left(regexp_replace(words,
    '[\u0001-\u001F\u0021-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u2000-\u206F\u3000-\u303F]+', ' ', 'g'
  ), 100000));
END $$;

CREATE FUNCTION story_search_comes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO newsdesk_search
    SELECT id, live_at, region_id, story_words(id, headline, byline, body) FROM after ORDER BY live_at, id;
  RETURN NULL;
END $$;

CREATE FUNCTION story_search_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM newsdesk_search WHERE story_id IN (SELECT id FROM before);
  RETURN NULL;
END $$;

CREATE FUNCTION story_search_is_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE newsdesk_search;
  RETURN NULL;
END $$;

CREATE FUNCTION story_search_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE newsdesk_search SET live_at = NEW.live_at, region_id = NEW.region_id WHERE story_id = NEW.id;
  RETURN NULL;
END $$;

CREATE FUNCTION story_search_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE newsdesk_search SET search = story_words(NEW.id, NEW.headline, NEW.byline, NEW.body) WHERE story_id = NEW.id;
  RETURN NULL;
END $$;

-- A dump or an import may bring a story's sources before the story, which then finds them.
CREATE FUNCTION story_search_takes_sources() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE keys bigint[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    keys := ARRAY(SELECT story_id FROM after);
  ELSIF TG_OP = 'DELETE' THEN
    keys := ARRAY(SELECT story_id FROM before);
  ELSE
    keys := ARRAY(SELECT unnest(ARRAY[before.story_id, after.story_id]) FROM before JOIN after USING (id)
      WHERE (before.story_id, before.label, before.url) IS DISTINCT FROM (after.story_id, after.label, after.url));
  END IF;
  UPDATE newsdesk_search SET search = story_words(id, headline, byline, body)
    FROM stories_story WHERE id = story_id AND story_id = ANY (keys);
  RETURN NULL;
END $$;

CREATE TRIGGER story_search_comes AFTER INSERT ON stories_story
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION story_search_comes();
CREATE TRIGGER story_search_goes AFTER DELETE ON stories_story
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION story_search_goes();
CREATE TRIGGER story_search_is_emptied AFTER TRUNCATE ON stories_story
  FOR EACH STATEMENT EXECUTE FUNCTION story_search_is_emptied();
CREATE TRIGGER story_search_moves AFTER UPDATE ON stories_story FOR EACH ROW
  WHEN ((OLD.live_at, OLD.region_id) IS DISTINCT FROM (NEW.live_at, NEW.region_id))
  EXECUTE FUNCTION story_search_moves();
CREATE TRIGGER story_search_changes AFTER UPDATE ON stories_story FOR EACH ROW
  WHEN ((OLD.headline, OLD.byline, OLD.body) IS DISTINCT FROM (NEW.headline, NEW.byline, NEW.body))
  EXECUTE FUNCTION story_search_changes();

CREATE TRIGGER story_search_comes AFTER INSERT ON stories_source
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION story_search_takes_sources();
CREATE TRIGGER story_search_goes AFTER DELETE ON stories_source
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION story_search_takes_sources();
CREATE TRIGGER story_search_moves AFTER UPDATE ON stories_source
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION story_search_takes_sources();
"""
DROP = """
DROP FUNCTION story_search_comes, story_search_goes, story_search_is_emptied, story_search_moves, story_search_changes,
  story_search_takes_sources CASCADE;
DROP FUNCTION story_words;
DROP TABLE newsdesk_search;
"""


def on_postgresql(statement):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("stories", "0002_groups")]

    operations = [migrations.RunPython(on_postgresql(CREATE), on_postgresql(DROP))]
