"""PostgreSQL's index of words in a table of its own, which triggers write: so narrow that a search for a common word reads
all that it finds without reading the stories. SQLite's index is such a table already.

The words themselves stand outside of its rows. PostgreSQL puts them there only when a row is longer than 2,000 bytes or
so, which the padding sees to: spaces, which it then makes into some 30 bytes. With them inside, all that is found takes
several times as long to read.

Writers wait until it is done, readers only for a moment at its end.
"""

from importlib import import_module

from django.db import migrations

MOVE = """
LOCK TABLE stories_story, stories_source IN SHARE ROW EXCLUSIVE MODE;
CREATE TABLE newsdesk_search (
  story_id bigint PRIMARY KEY, live_at timestamptz, region_id bigint NOT NULL, search tsvector NOT NULL,
  padding text NOT NULL DEFAULT repeat(' ', 2048)
) WITH (toast_tuple_target = 128);
ALTER TABLE newsdesk_search ALTER COLUMN search SET STORAGE EXTERNAL;
INSERT INTO newsdesk_search SELECT id, live_at, region_id, search FROM stories_story ORDER BY live_at, id;
CREATE INDEX story_search_words ON newsdesk_search USING gin (search);
CREATE INDEX story_search_newest ON newsdesk_search (live_at, story_id);
ANALYZE newsdesk_search;

DROP FUNCTION story_search_writes, story_search_takes_sources CASCADE;
ALTER TABLE stories_story DROP COLUMN search;

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
UNDO = """
DROP FUNCTION story_search_comes, story_search_goes, story_search_is_emptied, story_search_moves, story_search_changes,
  story_search_takes_sources CASCADE;
DROP FUNCTION story_words;
DROP TABLE newsdesk_search;
ALTER TABLE stories_story ADD COLUMN search tsvector;
"""
sources = import_module("stories.migrations.0016_search_sources")
on_postgresql = import_module("stories.migrations.0005_search").on_postgresql


class Migration(migrations.Migration):
    dependencies = [("stories", "0016_search_sources")]

    operations = [
        migrations.RunPython(on_postgresql(MOVE), on_postgresql(UNDO + sources.GENERATED + sources.ADD)),
    ]
