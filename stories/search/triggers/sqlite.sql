-- The search index on SQLite: the FTS5 table newsdesk_search, created by migration 0003.
--
-- Writes     newsdesk_search.
-- Events     INSERT, UPDATE and DELETE on stories_story and stories_source, row by row.
-- Invariant  The index holds, for each story, the row of the view newsdesk_search_text. `reindex` restores it.
-- Cost       CPU time, for a story of 110 words: 0.2 ms to add it, 0.15 ms to change its text, 0.4 ms to change its
--            date.
--
-- {braces} stand for the indexed columns: those with `in_search` in stories/fields.py. stories/search/index.py fills
-- them in.
--
-- FTS5 keeps no text here and removes a row only when given the text that was indexed, so each removal comes before the
-- change. A row's `place` is the day its story goes live, then the story's key: read backwards, the index gives the
-- newest stories first. See stories/search/backends/sqlite.py.

-- A source by its label and the host in its URL.
CREATE VIEW newsdesk_source_name AS SELECT id, story_id,
  label || ' ' || substr(address, 1, instr(replace(replace(address, '?', '/'), '#', '/') || '/', '/') - 1) AS name
  FROM (SELECT id, story_id, label, substr(url, instr(url, '://') + 3) AS address FROM stories_source);

-- A story's text without its sources. The region comes first, as a word that nobody can type: a search within a region
-- then reads no other story. HTML tags become spaces, except inline ones (a, em, strong), which may stand within a
-- word.
CREATE VIEW newsdesk_story_text AS SELECT id,
  CASE WHEN live_at IS NULL THEN 0 ELSE (strftime('%s', live_at) / 86400 + 100000) * 268435456 END + id AS place,
  char(57344) || region_id || ' ' || {plain_text} || ' ' || (
  WITH RECURSIVE cut (done, rest) AS (
    SELECT '', {html_text}
    UNION ALL
    SELECT done || substr(rest, 1, instr(rest, '<') - 1)
        || CASE WHEN substr(rest, instr(rest, '<'), 3) IN ('<a ', '</a', '<em', '</e', '<st', '</s')
          THEN '' ELSE ' ' END,
      substr(rest, instr(rest, '<') + instr(substr(rest, instr(rest, '<')) || '>', '>'))
    FROM cut WHERE instr(rest, '<') > 0
  )
  SELECT replace(replace(replace(replace(done || rest, '&nbsp;', ' '), '&lt;', ' '), '&gt;', ' '), '&amp;', ' ')
    FROM cut WHERE instr(rest, '<') = 0
) || ' ' AS text FROM stories_story;

-- FTS5 reads this view to rebuild itself.
CREATE VIEW newsdesk_search_text AS SELECT id, place,
  text || coalesce((SELECT group_concat(name, ' ') FROM newsdesk_source_name WHERE story_id = story.id), '') AS text
  FROM newsdesk_story_text AS story;

CREATE TRIGGER story_after_insert_search AFTER INSERT ON stories_story BEGIN
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = NEW.id;
END;

-- `status` and `published_at` stand for live_at, which SQLite has not computed yet before an UPDATE.
CREATE TRIGGER story_before_update_search BEFORE UPDATE ON stories_story
  WHEN (OLD.status, OLD.published_at, OLD.region_id, {old_columns})
    IS NOT (NEW.status, NEW.published_at, NEW.region_id, {new_columns}) BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text)
    SELECT 'delete', place, text FROM newsdesk_search_text WHERE id = OLD.id;
END;
CREATE TRIGGER story_after_update_search AFTER UPDATE ON stories_story
  WHEN (OLD.status, OLD.published_at, OLD.region_id, {old_columns})
    IS NOT (NEW.status, NEW.published_at, NEW.region_id, {new_columns}) BEGIN
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = NEW.id;
END;

CREATE TRIGGER story_before_delete_search BEFORE DELETE ON stories_story BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text)
    SELECT 'delete', place, text FROM newsdesk_search_text WHERE id = OLD.id;
END;

-- A source may be inserted before its story, which then finds it. After the insert, the removed text is the one without
-- the new source. A trigger before the insert would also run for a row that INSERT OR IGNORE then leaves out.
CREATE TRIGGER source_after_insert_search AFTER INSERT ON stories_source BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text) SELECT 'delete', place, text || coalesce(
    (SELECT group_concat(name, ' ') FROM newsdesk_source_name WHERE story_id = NEW.story_id AND id <> NEW.id), ''
  ) FROM newsdesk_story_text WHERE id = NEW.story_id;
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = NEW.story_id;
END;

CREATE TRIGGER source_before_update_search BEFORE UPDATE ON stories_source
  WHEN (OLD.story_id, OLD.label, OLD.url) IS NOT (NEW.story_id, NEW.label, NEW.url) BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text)
    SELECT 'delete', place, text FROM newsdesk_search_text WHERE id IN (OLD.story_id, NEW.story_id);
END;
CREATE TRIGGER source_after_update_search AFTER UPDATE ON stories_source
  WHEN (OLD.story_id, OLD.label, OLD.url) IS NOT (NEW.story_id, NEW.label, NEW.url) BEGIN
  INSERT INTO newsdesk_search (rowid, text)
    SELECT place, text FROM newsdesk_search_text WHERE id IN (OLD.story_id, NEW.story_id);
END;

CREATE TRIGGER source_before_delete_search BEFORE DELETE ON stories_source BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text)
    SELECT 'delete', place, text FROM newsdesk_search_text WHERE id = OLD.story_id;
END;
CREATE TRIGGER source_after_delete_search AFTER DELETE ON stories_source BEGIN
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = OLD.story_id;
END;
