"""The words of a story's sources in PostgreSQL's index: a generated column can't read another table, so triggers write it.

They stay on while other migrations run: PostgreSQL never makes a table anew behind one's back. SQLite's index is made
anew after the migrations, see stories/triggers/sqlite_search.sql.
"""

from importlib import import_module

from django.db import migrations

# What a text loses, and why, is in 0005 and 0007. To set the column to NULL is to have it written anew.
ADD = r"""
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

CREATE FUNCTION story_search_writes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.search IS NULL OR (NEW.headline, NEW.byline, NEW.body) IS DISTINCT FROM (OLD.headline, OLD.byline, OLD.body) THEN
    NEW.search := story_words(NEW.id, NEW.headline, NEW.byline, NEW.body);
  END IF;
  RETURN NEW;
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
  UPDATE stories_story SET search = NULL WHERE id = ANY (keys);
  RETURN NULL;
END $$;

ALTER TABLE stories_story ALTER COLUMN search DROP EXPRESSION;
ALTER TABLE stories_story ALTER COLUMN search TYPE tsvector USING story_words(id, headline, byline, body);

CREATE TRIGGER story_search BEFORE INSERT OR UPDATE OF headline, byline, body, search ON stories_story
  FOR EACH ROW EXECUTE FUNCTION story_search_writes();
CREATE TRIGGER story_search_comes AFTER INSERT ON stories_source
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION story_search_takes_sources();
CREATE TRIGGER story_search_goes AFTER DELETE ON stories_source
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION story_search_takes_sources();
CREATE TRIGGER story_search_moves AFTER UPDATE ON stories_source
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION story_search_takes_sources();

-- With its new type, the column has lost what the planner knew of its words.
ANALYZE stories_story (search);
"""
REMOVE = """
DROP FUNCTION story_search_writes, story_search_takes_sources CASCADE;
DROP FUNCTION story_words;
"""
GENERATED = import_module("stories.migrations.0007_faster_search").REPLACE
on_postgresql = import_module("stories.migrations.0005_search").on_postgresql


class Migration(migrations.Migration):
    dependencies = [("stories", "0015_correction")]

    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(REMOVE + GENERATED))]
