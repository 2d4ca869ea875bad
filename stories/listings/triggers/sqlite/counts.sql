-- Counts of stories by listing and month.
--
-- Writes     stories_monthcount, stories_tagcount, and the copies of a story's live_at and region_id in
--            stories_storytag.
-- Events     INSERT, UPDATE and DELETE on stories_story and stories_storytag, row by row.
-- Invariant  A month count is the number of stories in its listing whose live_at is in that month, scheduled ones
--            included. A tag count is the sum of its tag's month counts. A copy equals the story's value.
--            `checklistings` compares the counts with the view newsdesk_true_count, which reads the stories themselves.
-- Cost       CPU time: 0.06 ms for a new story, 0.12 ms for its four tags, 0.2 ms for a new date of it.
--
-- SQLite has one writer at a time, so no lock is needed. See docs/database.md.

-- The first moment of each month in the newsroom's time zone, in UTC: SQLite knows no time zones, so Python fills this
-- table. `beginning` has the type of live_at, because SQLite uses no index to compare columns of different types.
CREATE TABLE IF NOT EXISTS newsdesk_month (beginning datetime PRIMARY KEY, month date NOT NULL) WITHOUT ROWID;

-- A view used as a procedure: inserting (tag, region, live_at, step) adds `step`, 1 or -1, to the counts of the
-- listings (tag, any region) and (tag, region). Tag 0 stands for any tag. A row without a live_at changes nothing.
CREATE VIEW newsdesk_count_change AS SELECT 0 AS tag_id, 0 AS region_id, '' AS live_at, 0 AS step WHERE 0;

CREATE TRIGGER newsdesk_count_change_instead_of_insert_counts INSTEAD OF INSERT ON newsdesk_count_change
  WHEN NEW.live_at IS NOT NULL BEGIN
  INSERT INTO stories_monthcount (tag_id, region_id, month, stories)
    SELECT NEW.tag_id, listing.region_id,
      (SELECT month FROM newsdesk_month WHERE beginning <= NEW.live_at ORDER BY beginning DESC LIMIT 1), NEW.step
    FROM (SELECT 0 AS region_id UNION ALL SELECT NEW.region_id) AS listing WHERE true
    ON CONFLICT (tag_id, region_id, month) DO UPDATE SET stories = stories + excluded.stories;
  INSERT INTO stories_tagcount (tag_id, stories) SELECT NEW.tag_id, NEW.step WHERE NEW.tag_id > 0
    ON CONFLICT (tag_id) DO UPDATE SET stories = stories + excluded.stories;
END;

CREATE TRIGGER story_after_insert_counts AFTER INSERT ON stories_story BEGIN
  INSERT INTO newsdesk_count_change VALUES (0, NEW.region_id, NEW.live_at, 1);
  -- A fixture may load a story's tags before the story.
  UPDATE stories_storytag SET live_at = NEW.live_at, region_id = NEW.region_id WHERE content_object_id = NEW.id;
END;

CREATE TRIGGER story_after_update_counts AFTER UPDATE ON stories_story
  WHEN OLD.live_at IS NOT NEW.live_at OR OLD.region_id IS NOT NEW.region_id BEGIN
  INSERT INTO newsdesk_count_change VALUES (0, OLD.region_id, OLD.live_at, -1), (0, NEW.region_id, NEW.live_at, 1);
  UPDATE stories_storytag SET live_at = NEW.live_at, region_id = NEW.region_id WHERE content_object_id = NEW.id;
END;

CREATE TRIGGER story_after_delete_counts AFTER DELETE ON stories_story WHEN OLD.live_at IS NOT NULL BEGIN
  INSERT INTO newsdesk_count_change VALUES (0, OLD.region_id, OLD.live_at, -1);
END;

-- The row is counted with the copies it was inserted with. The UPDATE then corrects the copies, and its own trigger the
-- counts.
CREATE TRIGGER storytag_after_insert_counts AFTER INSERT ON stories_storytag BEGIN
  INSERT INTO newsdesk_count_change VALUES (NEW.tag_id, NEW.region_id, NEW.live_at, 1);
  UPDATE stories_storytag SET (live_at, region_id) =
    (SELECT live_at, region_id FROM stories_story WHERE id = NEW.content_object_id) WHERE id = NEW.id
    AND (live_at, region_id) IS NOT (SELECT live_at, region_id FROM stories_story WHERE id = NEW.content_object_id);
END;

-- SQLite does not run a trigger for an UPDATE made by the same trigger, so the new count is read after the copies are
-- right.
CREATE TRIGGER storytag_after_update_counts AFTER UPDATE ON stories_storytag
  WHEN OLD.tag_id IS NOT NEW.tag_id OR OLD.content_object_id IS NOT NEW.content_object_id
    OR OLD.live_at IS NOT NEW.live_at OR OLD.region_id IS NOT NEW.region_id BEGIN
  UPDATE stories_storytag SET (live_at, region_id) =
    (SELECT live_at, region_id FROM stories_story WHERE id = NEW.content_object_id) WHERE id = NEW.id;
  INSERT INTO newsdesk_count_change VALUES (OLD.tag_id, OLD.region_id, OLD.live_at, -1);
  INSERT INTO newsdesk_count_change SELECT tag_id, region_id, live_at, 1 FROM stories_storytag WHERE id = NEW.id;
END;

CREATE TRIGGER storytag_after_delete_counts AFTER DELETE ON stories_storytag WHEN OLD.live_at IS NOT NULL BEGIN
  INSERT INTO newsdesk_count_change VALUES (OLD.tag_id, OLD.region_id, OLD.live_at, -1);
END;

-- What the counts should be, read from the stories.
CREATE VIEW newsdesk_true_count AS
  WITH live AS (
    SELECT id, region_id,
      (SELECT month FROM newsdesk_month WHERE beginning <= live_at ORDER BY beginning DESC LIMIT 1) AS month
      FROM stories_story WHERE live_at IS NOT NULL
  ), places AS (
    SELECT 0 AS tag_id, region_id, month, count(*) AS stories FROM live GROUP BY region_id, month
    UNION ALL
    SELECT tagged.tag_id, live.region_id, live.month, count(*)
      FROM stories_storytag AS tagged JOIN live ON live.id = tagged.content_object_id
      GROUP BY tagged.tag_id, live.region_id, live.month
  )
  SELECT tag_id, region_id, month, stories FROM places
  UNION ALL
  SELECT tag_id, 0, month, sum(stories) FROM places GROUP BY tag_id, month;
