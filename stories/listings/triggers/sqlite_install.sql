-- SQLite has one writer at a time, so nothing here waits. A trigger's row is NEW or OLD.

-- The month of a moment: that of the last beginning before it. Filled by fill_months().
-- Its type is that of `live_at`: SQLite finds nothing by an index over texts for a column of another type.
CREATE TABLE IF NOT EXISTS newsdesk_month (beginning datetime PRIMARY KEY, month date NOT NULL) WITHOUT ROWID;

-- A procedure: each row put into this view adds a step, 1 or -1, to the months of two listings, and to the tag's sum.
CREATE VIEW newsdesk_move AS SELECT 0 AS tag_id, 0 AS region_id, '' AS live_at, 0 AS step WHERE 0;
CREATE TRIGGER newsdesk_move_counts INSTEAD OF INSERT ON newsdesk_move WHEN NEW.live_at IS NOT NULL BEGIN
  INSERT INTO stories_monthcount (tag_id, region_id, month, stories)
    SELECT NEW.tag_id, listing.region_id,
      (SELECT month FROM newsdesk_month WHERE beginning <= NEW.live_at ORDER BY beginning DESC LIMIT 1), NEW.step
    FROM (SELECT 0 AS region_id UNION ALL SELECT NEW.region_id) AS listing WHERE true
    ON CONFLICT (tag_id, region_id, month) DO UPDATE SET stories = stories + excluded.stories;
  INSERT INTO stories_tagcount (tag_id, stories) SELECT NEW.tag_id, NEW.step WHERE NEW.tag_id > 0
    ON CONFLICT (tag_id) DO UPDATE SET stories = stories + excluded.stories;
  UPDATE stories_siteversion SET number = number + 1;
END;

-- What the counts should be, for `checklistings`.
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

CREATE TRIGGER newsdesk_story_comes AFTER INSERT ON stories_story BEGIN
  INSERT INTO newsdesk_move VALUES (0, NEW.region_id, NEW.live_at, 1);
  -- A dump may bring a story's tags before the story.
  UPDATE stories_storytag SET live_at = NEW.live_at, region_id = NEW.region_id WHERE content_object_id = NEW.id;
END;
CREATE TRIGGER newsdesk_story_goes AFTER DELETE ON stories_story WHEN OLD.live_at IS NOT NULL BEGIN
  INSERT INTO newsdesk_move VALUES (0, OLD.region_id, OLD.live_at, -1);
END;
CREATE TRIGGER newsdesk_story_moves AFTER UPDATE ON stories_story
  WHEN OLD.live_at IS NOT NEW.live_at OR OLD.region_id IS NOT NEW.region_id BEGIN
  INSERT INTO newsdesk_move VALUES (0, OLD.region_id, OLD.live_at, -1), (0, NEW.region_id, NEW.live_at, 1);
  UPDATE stories_storytag SET live_at = NEW.live_at, region_id = NEW.region_id WHERE content_object_id = NEW.id;
END;
CREATE TRIGGER newsdesk_story_reads_anew AFTER UPDATE ON stories_story WHEN NEW.live_at IS NOT NULL BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
-- A row is counted as it came, and moves when it gets its copies, so that it does not matter what it came with.
CREATE TRIGGER newsdesk_tag_comes AFTER INSERT ON stories_storytag BEGIN
  INSERT INTO newsdesk_move VALUES (NEW.tag_id, NEW.region_id, NEW.live_at, 1);
  UPDATE stories_storytag SET (live_at, region_id) =
    (SELECT live_at, region_id FROM stories_story WHERE id = NEW.content_object_id) WHERE id = NEW.id
    AND (live_at, region_id) IS NOT (SELECT live_at, region_id FROM stories_story WHERE id = NEW.content_object_id);
END;
CREATE TRIGGER newsdesk_tag_goes AFTER DELETE ON stories_storytag WHEN OLD.live_at IS NOT NULL BEGIN
  INSERT INTO newsdesk_move VALUES (OLD.tag_id, OLD.region_id, OLD.live_at, -1);
END;
CREATE TRIGGER newsdesk_tag_moves AFTER UPDATE ON stories_storytag
  WHEN OLD.tag_id IS NOT NEW.tag_id OR OLD.content_object_id IS NOT NEW.content_object_id
    OR OLD.live_at IS NOT NEW.live_at OR OLD.region_id IS NOT NEW.region_id BEGIN
  UPDATE stories_storytag SET (live_at, region_id) =
    (SELECT live_at, region_id FROM stories_story WHERE id = NEW.content_object_id) WHERE id = NEW.id;
  INSERT INTO newsdesk_move VALUES (OLD.tag_id, OLD.region_id, OLD.live_at, -1);
  INSERT INTO newsdesk_move SELECT tag_id, region_id, live_at, 1 FROM stories_storytag WHERE id = NEW.id;
END;

-- What else readers see.
CREATE TRIGGER newsdesk_source_insert AFTER INSERT ON stories_source BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_source_update AFTER UPDATE ON stories_source BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_source_delete AFTER DELETE ON stories_source BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_tag_insert AFTER INSERT ON stories_tag BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_tag_update AFTER UPDATE ON stories_tag BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_tag_delete AFTER DELETE ON stories_tag BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_tagalias_insert AFTER INSERT ON stories_tagalias BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_tagalias_update AFTER UPDATE ON stories_tagalias BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_tagalias_delete AFTER DELETE ON stories_tagalias BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_region_insert AFTER INSERT ON stories_region BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_region_update AFTER UPDATE ON stories_region BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_region_delete AFTER DELETE ON stories_region BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_regionalias_insert AFTER INSERT ON stories_regionalias BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_regionalias_update AFTER UPDATE ON stories_regionalias BEGIN UPDATE stories_siteversion SET number = number + 1; END;
CREATE TRIGGER newsdesk_regionalias_delete AFTER DELETE ON stories_regionalias BEGIN UPDATE stories_siteversion SET number = number + 1; END;
