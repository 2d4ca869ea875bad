-- The search index on PostgreSQL: the table newsdesk_search, created by migration 0003.
--
-- Writes     newsdesk_search: one row a story, with the words of its text and sources as a tsvector.
-- Events     INSERT, DELETE and TRUNCATE on stories_story and INSERT, UPDATE and DELETE on stories_source, once a
--            statement; UPDATE on stories_story, row by row.
-- Invariant  Each story has a row with its own live_at and region_id and the words of newsdesk_story_words(id).
--            `reindex` restores it.
-- Cost       0.25 ms to add a story of 110 words or to change its text; 0.03 ms to change its date.
--
-- {braces} stand for the indexed columns: those with `in_search` in stories/fields.py. stories/search/index.py fills
-- them in.

-- The words of a story: at most 100,000 characters, with sources kept if the text must be cut. Accents go; punctuation
-- becomes a space, so that PostgreSQL's parser sees only words. HTML tags become spaces, except inline ones (a, em,
-- strong), which may stand within a word.
CREATE FUNCTION newsdesk_story_words(story bigint) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
  words text;
  html text;
  sources text;
BEGIN
  SELECT {plain_text}, {html_text} INTO words, html FROM stories_story WHERE id = story;
  words := words || ' ' || regexp_replace(
    regexp_replace(html, '</?(a|em|strong)(\s[^>]*)?>', '', 'g'), '<[^>]*>|&(amp|lt|gt|nbsp);', ' ', 'g'
  );
  sources := (
    SELECT string_agg(label || ' ' || substring(url FROM '://([^/?#]*)'), ' ' ORDER BY id)
      FROM stories_source WHERE story_id = story
  );
  words := left(words, 100000 - coalesce(length(sources), 0)) || ' ' || coalesce(sources, '');
  -- Text in ASCII has no accents.
  IF octet_length(words) <> char_length(words) THEN
    words := regexp_replace(normalize(words, NFKD), '[\u0300-\u036F]', '', 'g');
  END IF;
  RETURN to_tsvector('simple', left(regexp_replace(words,
    '[\u0001-\u001F\u0021-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u2000-\u206F\u3000-\u303F]+', ' ', 'g'
  ), 100000));
END $$;

CREATE FUNCTION story_after_insert_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO newsdesk_search (story_id, live_at, region_id, search)
    SELECT id, live_at, region_id, newsdesk_story_words(id) FROM after ORDER BY live_at, id;
  RETURN NULL;
END $$;
CREATE TRIGGER story_after_insert_search AFTER INSERT ON stories_story
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION story_after_insert_search();

CREATE FUNCTION story_after_update_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({old_columns}) IS DISTINCT FROM ({new_columns}) THEN
    UPDATE newsdesk_search SET search = newsdesk_story_words(NEW.id) WHERE story_id = NEW.id;
  END IF;
  IF (OLD.live_at, OLD.region_id) IS DISTINCT FROM (NEW.live_at, NEW.region_id) THEN
    UPDATE newsdesk_search SET live_at = NEW.live_at, region_id = NEW.region_id WHERE story_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER story_after_update_search AFTER UPDATE ON stories_story
  FOR EACH ROW EXECUTE FUNCTION story_after_update_search();

CREATE FUNCTION story_after_delete_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM newsdesk_search WHERE story_id IN (SELECT id FROM before);
  RETURN NULL;
END $$;
CREATE TRIGGER story_after_delete_search AFTER DELETE ON stories_story
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION story_after_delete_search();

-- `flush` truncates the tables of models, of which the index is none.
CREATE FUNCTION story_after_truncate_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE newsdesk_search;
  RETURN NULL;
END $$;
CREATE TRIGGER story_after_truncate_search AFTER TRUNCATE ON stories_story
  FOR EACH STATEMENT EXECUTE FUNCTION story_after_truncate_search();

-- An array keeps the planner on the primary key: it knows no statistics of `before` and `after`.
CREATE FUNCTION newsdesk_index_words(stories bigint[]) RETURNS void LANGUAGE sql AS $$
  UPDATE newsdesk_search SET search = newsdesk_story_words(story_id) WHERE story_id = ANY (stories)
$$;

-- A source may be inserted before its story, which then finds it.
CREATE FUNCTION source_after_insert_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_index_words(ARRAY(SELECT story_id FROM after));
  RETURN NULL;
END $$;
CREATE TRIGGER source_after_insert_search AFTER INSERT ON stories_source
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION source_after_insert_search();

CREATE FUNCTION source_after_update_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_index_words(ARRAY(
    SELECT unnest(ARRAY[before.story_id, after.story_id]) FROM before JOIN after USING (id)
      WHERE (before.story_id, before.label, before.url) IS DISTINCT FROM (after.story_id, after.label, after.url)
  ));
  RETURN NULL;
END $$;
CREATE TRIGGER source_after_update_search AFTER UPDATE ON stories_source
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION source_after_update_search();

CREATE FUNCTION source_after_delete_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_index_words(ARRAY(SELECT story_id FROM before));
  RETURN NULL;
END $$;
CREATE TRIGGER source_after_delete_search AFTER DELETE ON stories_source
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION source_after_delete_search();
