-- The site version: one number that grows with every write that readers can see.
--
-- Writes     stories_siteversion.number.
-- Events     INSERT, UPDATE and DELETE, row by row: on stories_story and stories_storytag where the story is or was
--            live or scheduled; on sources, tags, regions and their former names always.
-- Invariant  A page rendered at one number is what readers should see for as long as that number stands (and the clock
--            reaches neither the next scheduled story nor midnight, see listings/site_version.py).
-- Cost       CPU time: 5 to 20 µs a row.

CREATE TRIGGER story_after_insert_site_version AFTER INSERT ON stories_story WHEN NEW.live_at IS NOT NULL BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER story_after_update_site_version AFTER UPDATE ON stories_story
  WHEN OLD.live_at IS NOT NULL OR NEW.live_at IS NOT NULL BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER story_after_delete_site_version AFTER DELETE ON stories_story WHEN OLD.live_at IS NOT NULL BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;

CREATE TRIGGER storytag_after_insert_site_version AFTER INSERT ON stories_storytag WHEN NEW.live_at IS NOT NULL BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER storytag_after_update_site_version AFTER UPDATE ON stories_storytag
  WHEN OLD.live_at IS NOT NULL OR NEW.live_at IS NOT NULL BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER storytag_after_delete_site_version AFTER DELETE ON stories_storytag WHEN OLD.live_at IS NOT NULL BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;

CREATE TRIGGER source_after_insert_site_version AFTER INSERT ON stories_source BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER source_after_update_site_version AFTER UPDATE ON stories_source BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER source_after_delete_site_version AFTER DELETE ON stories_source BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;

CREATE TRIGGER tag_after_insert_site_version AFTER INSERT ON stories_tag BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER tag_after_update_site_version AFTER UPDATE ON stories_tag BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER tag_after_delete_site_version AFTER DELETE ON stories_tag BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;

CREATE TRIGGER tagalias_after_insert_site_version AFTER INSERT ON stories_tagalias BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER tagalias_after_update_site_version AFTER UPDATE ON stories_tagalias BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER tagalias_after_delete_site_version AFTER DELETE ON stories_tagalias BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;

CREATE TRIGGER region_after_insert_site_version AFTER INSERT ON stories_region BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER region_after_update_site_version AFTER UPDATE ON stories_region BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER region_after_delete_site_version AFTER DELETE ON stories_region BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;

CREATE TRIGGER regionalias_after_insert_site_version AFTER INSERT ON stories_regionalias BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER regionalias_after_update_site_version AFTER UPDATE ON stories_regionalias BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
CREATE TRIGGER regionalias_after_delete_site_version AFTER DELETE ON stories_regionalias BEGIN
  UPDATE stories_siteversion SET number = number + 1;
END;
