-- The index for searching words. It keeps no text of its own: the view has it, so 'rebuild' makes the index anew.
-- A row's place is the day its story is live, then the story's key: so the newest can be read first. See stories/search/sqlite.py.

CREATE VIRTUAL TABLE IF NOT EXISTS newsdesk_search USING fts5(
  text, content = 'newsdesk_search_text', content_rowid = 'place', columnsize = 0,
  tokenize = "unicode61 remove_diacritics 2"
);

-- What a source is called: its label, and the host in its address.
CREATE VIEW newsdesk_source_name AS SELECT id, story_id,
  label || ' ' || substr(address, 1, instr(replace(replace(address, '?', '/'), '#', '/') || '/', '/') - 1) AS name
  FROM (SELECT id, story_id, label, substr(url, instr(url, '://') + 3) AS address FROM stories_source);

-- A story as words, without its sources: its tags go, and with them a space comes, but for those that stand within a word.
-- Its region is a word that nobody can type, so that a search in a region reads no other story.
CREATE VIEW newsdesk_story_text AS SELECT id,
  CASE WHEN live_at IS NULL THEN 0 ELSE (strftime('%s', live_at) / 86400 + 100000) * 268435456 END + id AS place,
  char(57344) || region_id || ' ' || headline || ' ' || byline || ' ' || (
  WITH RECURSIVE cut (done, rest) AS (
    SELECT '', body
    UNION ALL
    SELECT done || substr(rest, 1, instr(rest, '<') - 1)
        || CASE WHEN substr(rest, instr(rest, '<'), 3) IN ('<a ', '</a', '<em', '</e', '<st', '</s') THEN '' ELSE ' ' END,
      substr(rest, instr(rest, '<') + instr(substr(rest, instr(rest, '<')) || '>', '>'))
    FROM cut WHERE instr(rest, '<') > 0
  )
  SELECT replace(replace(replace(replace(done || rest, '&nbsp;', ' '), '&lt;', ' '), '&gt;', ' '), '&amp;', ' ')
    FROM cut WHERE instr(rest, '<') = 0
) || ' ' AS text FROM stories_story;

CREATE VIEW newsdesk_search_text AS SELECT id, place,
  text || coalesce((SELECT group_concat(name, ' ') FROM newsdesk_source_name WHERE story_id = story.id), '') AS text
  FROM newsdesk_story_text AS story;

CREATE TRIGGER newsdesk_search_comes AFTER INSERT ON stories_story BEGIN
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = NEW.id;
END;
-- FTS5 forgets a text only when it is told the very text, so before it changes.
CREATE TRIGGER newsdesk_search_goes BEFORE DELETE ON stories_story BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text) SELECT 'delete', place, text FROM newsdesk_search_text WHERE id = OLD.id;
END;
CREATE TRIGGER newsdesk_search_leaves BEFORE UPDATE OF headline, body, byline, region_id, status, published_at ON stories_story
  WHEN (OLD.headline, OLD.body, OLD.byline, OLD.region_id, OLD.status, OLD.published_at)
    IS NOT (NEW.headline, NEW.body, NEW.byline, NEW.region_id, NEW.status, NEW.published_at) BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text) SELECT 'delete', place, text FROM newsdesk_search_text WHERE id = OLD.id;
END;
CREATE TRIGGER newsdesk_search_returns AFTER UPDATE OF headline, body, byline, region_id, status, published_at ON stories_story
  WHEN (OLD.headline, OLD.body, OLD.byline, OLD.region_id, OLD.status, OLD.published_at)
    IS NOT (NEW.headline, NEW.body, NEW.byline, NEW.region_id, NEW.status, NEW.published_at) BEGIN
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = NEW.id;
END;

-- A source comes to a story that is there already, or else waits for it. What is told to forget is the text without it: a row
-- that INSERT OR IGNORE leaves out would have a trigger before it, but none after.
CREATE TRIGGER newsdesk_search_source_comes AFTER INSERT ON stories_source BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text) SELECT 'delete', place, text || coalesce(
    (SELECT group_concat(name, ' ') FROM newsdesk_source_name WHERE story_id = NEW.story_id AND id <> NEW.id), ''
  ) FROM newsdesk_story_text WHERE id = NEW.story_id;
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = NEW.story_id;
END;
CREATE TRIGGER newsdesk_search_source_goes BEFORE DELETE ON stories_source BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text) SELECT 'delete', place, text FROM newsdesk_search_text WHERE id = OLD.story_id;
END;
CREATE TRIGGER newsdesk_search_source_is_gone AFTER DELETE ON stories_source BEGIN
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = OLD.story_id;
END;
CREATE TRIGGER newsdesk_search_source_leaves BEFORE UPDATE OF story_id, label, url ON stories_source
  WHEN (OLD.story_id, OLD.label, OLD.url) IS NOT (NEW.story_id, NEW.label, NEW.url) BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text)
    SELECT 'delete', place, text FROM newsdesk_search_text WHERE id IN (OLD.story_id, NEW.story_id);
END;
CREATE TRIGGER newsdesk_search_source_returns AFTER UPDATE OF story_id, label, url ON stories_source
  WHEN (OLD.story_id, OLD.label, OLD.url) IS NOT (NEW.story_id, NEW.label, NEW.url) BEGIN
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id IN (OLD.story_id, NEW.story_id);
END;
