-- The global write lock: statements that write stories or their tags run one transaction after another.
--
-- Writes     Nothing. Locks the row of stories_siteversion until the transaction ends.
-- Events     INSERT, UPDATE and DELETE on stories_story and stories_storytag, before the statement. Statements on the
--            other tables that readers see take the same lock by raising the number, see site_version.sql.
-- Invariant  No two transactions change counts at the same time. Without the lock, one that tags a story and one that
--            publishes it would each miss the other's row and count the tag's stories wrongly.
-- Cost       10 µs a statement. Writers wait for each other; readers never wait.
--
-- SQLite needs no such file: it has one writer at a time.

CREATE FUNCTION newsdesk_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM stories_siteversion FOR UPDATE;
  RETURN NULL;
END $$;

CREATE TRIGGER story_before_write_lock BEFORE INSERT OR UPDATE OR DELETE ON stories_story
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_lock();
CREATE TRIGGER storytag_before_write_lock BEFORE INSERT OR UPDATE OR DELETE ON stories_storytag
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_lock();
