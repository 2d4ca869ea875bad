-- The index for searching words. It keeps no text of its own: the view has it, so 'rebuild' makes the index anew.
-- A row's place is the day its story is live, then the story's key: so the newest can be read first. See stories/search/sqlite.py.

CREATE VIRTUAL TABLE IF NOT EXISTS newsdesk_search USING fts5(
  text, content = 'newsdesk_search_text', content_rowid = 'place', columnsize = 0,
  tokenize = "unicode61 remove_diacritics 2"
);

-- A story as words: its tags go, and with them a space comes, but for those that stand within a word.
CREATE VIEW newsdesk_search_text AS SELECT id,
  CASE WHEN live_at IS NULL THEN 0 ELSE (strftime('%s', live_at) / 86400 + 100000) * 268435456 END + id AS place,
  headline || ' ' || byline || ' ' || (
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
) AS text FROM stories_story;

CREATE TRIGGER newsdesk_search_comes AFTER INSERT ON stories_story BEGIN
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = NEW.id;
END;
-- FTS5 forgets a text only when it is told the very text, so before it changes.
CREATE TRIGGER newsdesk_search_goes BEFORE DELETE ON stories_story BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text) SELECT 'delete', place, text FROM newsdesk_search_text WHERE id = OLD.id;
END;
CREATE TRIGGER newsdesk_search_leaves BEFORE UPDATE OF headline, body, byline, status, published_at ON stories_story
  WHEN (OLD.headline, OLD.body, OLD.byline, OLD.status, OLD.published_at)
    IS NOT (NEW.headline, NEW.body, NEW.byline, NEW.status, NEW.published_at) BEGIN
  INSERT INTO newsdesk_search (newsdesk_search, rowid, text) SELECT 'delete', place, text FROM newsdesk_search_text WHERE id = OLD.id;
END;
CREATE TRIGGER newsdesk_search_returns AFTER UPDATE OF headline, body, byline, status, published_at ON stories_story
  WHEN (OLD.headline, OLD.body, OLD.byline, OLD.status, OLD.published_at)
    IS NOT (NEW.headline, NEW.body, NEW.byline, NEW.status, NEW.published_at) BEGIN
  INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id = NEW.id;
END;
