-- Counts of stories by listing and month.
--
-- Writes     stories_monthcount, stories_tagcount, and the copies of a story's live_at and region_id in
--            stories_storytag.
-- Events     INSERT, UPDATE and DELETE on stories_story and stories_storytag, once a statement for all its rows:
--            counting each row alone takes several times as long.
-- Invariant  A month count is the number of stories in its listing whose live_at is in that month, scheduled ones
--            included. A tag count is the sum of its tag's month counts. A copy equals the story's value.
--            `checklistings` compares the counts with the view newsdesk_true_count, which reads the stories themselves.
-- Cost       0.15 ms for a new story, 0.2 ms for its four tags, 0.7 ms for a new date of it.
--
-- Needs the global write lock of lock.sql. See docs/database.md.

-- The first day of a moment's month. The planner puts the expression in place of the call, because it reads no table.
CREATE FUNCTION newsdesk_month(moment timestamptz, zone text) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT date_trunc('month', moment AT TIME ZONE zone)::date
$$;

-- For each (tag, region, moment, step), adds `step`, 1 or -1, to the counts of the listings (tag, any region) and
-- (tag, region). Tag 0 stands for any tag. A row without a moment changes nothing.
CREATE FUNCTION newsdesk_add_counts(tags bigint[], regions bigint[], moments timestamptz[], steps integer[])
RETURNS void LANGUAGE sql AS $$
  INSERT INTO stories_monthcount AS known (tag_id, region_id, month, stories)
    SELECT tag, coalesce(region, 0), newsdesk_month(moment, clock.time_zone) AS month, sum(step)
      FROM unnest(tags, regions, moments, steps) AS changes (tag, region, moment, step),
        (SELECT time_zone FROM stories_siteversion LIMIT 1) AS clock
      WHERE moment IS NOT NULL
      GROUP BY GROUPING SETS ((tag, region, month), (tag, month)) HAVING sum(step) <> 0
    ON CONFLICT (tag_id, region_id, month) DO UPDATE SET stories = known.stories + excluded.stories;
  INSERT INTO stories_tagcount AS known (tag_id, stories)
    SELECT tag, sum(step) FROM unnest(tags, moments, steps) AS changes (tag, moment, step)
      WHERE moment IS NOT NULL AND tag > 0 GROUP BY tag HAVING sum(step) <> 0
    ON CONFLICT (tag_id) DO UPDATE SET stories = known.stories + excluded.stories;
$$;

CREATE FUNCTION story_after_insert_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_add_counts(array_agg(0::bigint), array_agg(region_id), array_agg(live_at), array_agg(1)) FROM after;
  -- A fixture may load a story's tags before the story.
  UPDATE stories_storytag AS tagged SET live_at = after.live_at, region_id = after.region_id FROM after
    WHERE tagged.content_object_id = after.id;
  RETURN NULL;
END $$;
CREATE TRIGGER story_after_insert_counts AFTER INSERT ON stories_story
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION story_after_insert_counts();

CREATE FUNCTION story_after_update_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_add_counts(array_agg(0::bigint), array_agg(region_id), array_agg(live_at), array_agg(step)) FROM (
    SELECT region_id, live_at, -1 AS step FROM before UNION ALL SELECT region_id, live_at, 1 FROM after
  ) AS changes;
  UPDATE stories_storytag AS tagged SET live_at = after.live_at, region_id = after.region_id FROM after
    WHERE tagged.content_object_id = after.id
      AND (tagged.live_at, tagged.region_id) IS DISTINCT FROM (after.live_at, after.region_id);
  RETURN NULL;
END $$;
CREATE TRIGGER story_after_update_counts AFTER UPDATE ON stories_story
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION story_after_update_counts();

CREATE FUNCTION story_after_delete_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_add_counts(array_agg(0::bigint), array_agg(region_id), array_agg(live_at), array_agg(-1))
    FROM before;
  RETURN NULL;
END $$;
CREATE TRIGGER story_after_delete_counts AFTER DELETE ON stories_story
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION story_after_delete_counts();

CREATE FUNCTION storytag_before_write_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT live_at, region_id INTO NEW.live_at, NEW.region_id FROM stories_story WHERE id = NEW.content_object_id;
  RETURN NEW;
END $$;
CREATE TRIGGER storytag_before_write_counts BEFORE INSERT OR UPDATE ON stories_storytag
  FOR EACH ROW EXECUTE FUNCTION storytag_before_write_counts();

CREATE FUNCTION storytag_after_insert_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_add_counts(array_agg(tag_id), array_agg(region_id), array_agg(live_at), array_agg(1)) FROM after;
  RETURN NULL;
END $$;
CREATE TRIGGER storytag_after_insert_counts AFTER INSERT ON stories_storytag
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION storytag_after_insert_counts();

CREATE FUNCTION storytag_after_update_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_add_counts(array_agg(tag_id), array_agg(region_id), array_agg(live_at), array_agg(step)) FROM (
    SELECT tag_id, region_id, live_at, -1 AS step FROM before UNION ALL SELECT tag_id, region_id, live_at, 1 FROM after
  ) AS changes;
  RETURN NULL;
END $$;
CREATE TRIGGER storytag_after_update_counts AFTER UPDATE ON stories_storytag
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION storytag_after_update_counts();

CREATE FUNCTION storytag_after_delete_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_add_counts(array_agg(tag_id), array_agg(region_id), array_agg(live_at), array_agg(-1)) FROM before;
  RETURN NULL;
END $$;
CREATE TRIGGER storytag_after_delete_counts AFTER DELETE ON stories_storytag
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION storytag_after_delete_counts();

-- What the counts should be, read from the stories.
CREATE VIEW newsdesk_true_count AS
  WITH live AS (
    SELECT id, region_id, newsdesk_month(live_at, clock.time_zone) AS month
      FROM stories_story, (SELECT time_zone FROM stories_siteversion LIMIT 1) AS clock WHERE live_at IS NOT NULL
  ), places AS (
    SELECT 0 AS tag_id, region_id, month, count(*) AS stories FROM live GROUP BY region_id, month
    UNION ALL
    SELECT tagged.tag_id, live.region_id, live.month, count(*)
      FROM stories_storytag AS tagged JOIN live ON live.id = tagged.content_object_id
      GROUP BY tagged.tag_id, live.region_id, live.month
  )
  SELECT tag_id, region_id, month, stories::integer FROM places
  UNION ALL
  SELECT tag_id, 0, month, sum(stories)::integer FROM places GROUP BY tag_id, month;
