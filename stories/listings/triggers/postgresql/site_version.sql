-- The site version: one number that grows with every statement that changes what readers can see.
--
-- Writes     stories_siteversion.number, which also takes the global write lock (lock.sql).
-- Events     INSERT, UPDATE and DELETE, once a statement: on stories_story and stories_storytag if one of the stories
--            is or was live or scheduled; on sources, tags, regions and their former names always.
-- Invariant  A page rendered at one number is what readers should see for as long as that number stands (and the clock
--            reaches neither the next scheduled story nor midnight, see listings/site_version.py).
-- Cost       Up to 30 µs a statement.

CREATE FUNCTION newsdesk_next_site_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stories_siteversion SET number = number + 1;
  RETURN NULL;
END $$;

-- `before` and `after` hold the rows that the statement wrote; only an UPDATE has both.
CREATE FUNCTION newsdesk_next_site_version_if_live() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_live boolean := false;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    is_live := EXISTS (SELECT FROM before WHERE live_at IS NOT NULL);
  END IF;
  IF TG_OP <> 'DELETE' AND NOT is_live THEN
    is_live := EXISTS (SELECT FROM after WHERE live_at IS NOT NULL);
  END IF;
  IF is_live THEN
    UPDATE stories_siteversion SET number = number + 1;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER story_after_insert_site_version AFTER INSERT ON stories_story
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version_if_live();
CREATE TRIGGER story_after_update_site_version AFTER UPDATE ON stories_story
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version_if_live();
CREATE TRIGGER story_after_delete_site_version AFTER DELETE ON stories_story
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version_if_live();

CREATE TRIGGER storytag_after_insert_site_version AFTER INSERT ON stories_storytag
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version_if_live();
CREATE TRIGGER storytag_after_update_site_version AFTER UPDATE ON stories_storytag
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version_if_live();
CREATE TRIGGER storytag_after_delete_site_version AFTER DELETE ON stories_storytag
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version_if_live();

-- Before the statement, so that these writers too wait for the one before.
CREATE TRIGGER source_before_write_site_version BEFORE INSERT OR UPDATE OR DELETE ON stories_source
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version();
CREATE TRIGGER tag_before_write_site_version BEFORE INSERT OR UPDATE OR DELETE ON stories_tag
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version();
CREATE TRIGGER tagalias_before_write_site_version BEFORE INSERT OR UPDATE OR DELETE ON stories_tagalias
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version();
CREATE TRIGGER region_before_write_site_version BEFORE INSERT OR UPDATE OR DELETE ON stories_region
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version();
CREATE TRIGGER regionalias_before_write_site_version BEFORE INSERT OR UPDATE OR DELETE ON stories_regionalias
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_next_site_version();
