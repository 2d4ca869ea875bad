-- Every statement that writes what readers see first takes the version's row, and so waits for the writer before it.
-- Without that, one who tags a story and one who publishes it would each miss what the other did.

CREATE OR REPLACE FUNCTION newsdesk_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM stories_siteversion FOR UPDATE;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION newsdesk_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stories_siteversion SET number = number + 1;
  RETURN NULL;
END $$;

-- The planner puts its expression in the place of the call, because it reads no table.
CREATE OR REPLACE FUNCTION newsdesk_month(moment timestamptz, zone text) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT date_trunc('month', moment AT TIME ZONE zone)::date
$$;

-- Adds steps, 1 or -1, to the months of two listings each, and to the tags' sums: of all rows that a statement writes at once, because a row
-- that is counted alone takes several times as long.
DROP FUNCTION IF EXISTS newsdesk_count(bigint, bigint, date, bigint);
CREATE OR REPLACE FUNCTION newsdesk_count(tags bigint[], regions bigint[], moments timestamptz[], steps integer[])
RETURNS void LANGUAGE sql AS $$
  INSERT INTO stories_monthcount AS known (tag_id, region_id, month, stories)
    SELECT tag, coalesce(region, 0), newsdesk_month(moment, clock.time_zone) AS month, sum(step)
      FROM unnest(tags, regions, moments, steps) AS moves (tag, region, moment, step),
        (SELECT time_zone FROM stories_siteversion LIMIT 1) AS clock
      WHERE moment IS NOT NULL
      GROUP BY GROUPING SETS ((tag, region, month), (tag, month)) HAVING sum(step) <> 0
    ON CONFLICT (tag_id, region_id, month) DO UPDATE SET stories = known.stories + excluded.stories;
  INSERT INTO stories_tagcount AS known (tag_id, stories)
    SELECT tag, sum(step) FROM unnest(tags, moments, steps) AS moves (tag, moment, step)
      WHERE moment IS NOT NULL AND tag > 0 GROUP BY tag HAVING sum(step) <> 0
    ON CONFLICT (tag_id) DO UPDATE SET stories = known.stories + excluded.stories;
$$;

-- What the counts should be, for `checklistings`.
CREATE OR REPLACE VIEW newsdesk_true_count AS
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

CREATE OR REPLACE FUNCTION newsdesk_story_comes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_count(array_agg(0::bigint), array_agg(region_id), array_agg(live_at), array_agg(1)) FROM after;
  -- A dump may bring a story's tags before the story.
  UPDATE stories_storytag AS tagged SET live_at = after.live_at, region_id = after.region_id FROM after
    WHERE tagged.content_object_id = after.id;
  UPDATE stories_siteversion SET number = number + 1 WHERE EXISTS (SELECT FROM after WHERE live_at IS NOT NULL);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION newsdesk_story_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_count(array_agg(0::bigint), array_agg(region_id), array_agg(live_at), array_agg(-1)) FROM before;
  UPDATE stories_siteversion SET number = number + 1 WHERE EXISTS (SELECT FROM before WHERE live_at IS NOT NULL);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION newsdesk_story_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_count(array_agg(0::bigint), array_agg(region_id), array_agg(live_at), array_agg(step)) FROM (
    SELECT region_id, live_at, -1 AS step FROM before UNION ALL SELECT region_id, live_at, 1 FROM after
  ) AS moves;
  UPDATE stories_storytag AS tagged SET live_at = after.live_at, region_id = after.region_id FROM after
    WHERE tagged.content_object_id = after.id
      AND (tagged.live_at, tagged.region_id) IS DISTINCT FROM (after.live_at, after.region_id);
  UPDATE stories_siteversion SET number = number + 1 WHERE EXISTS (SELECT FROM before WHERE live_at IS NOT NULL)
    OR EXISTS (SELECT FROM after WHERE live_at IS NOT NULL);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION newsdesk_tag_copies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT live_at, region_id INTO NEW.live_at, NEW.region_id FROM stories_story WHERE id = NEW.content_object_id;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION newsdesk_tag_comes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_count(array_agg(tag_id), array_agg(region_id), array_agg(live_at), array_agg(1)) FROM after;
  UPDATE stories_siteversion SET number = number + 1 WHERE EXISTS (SELECT FROM after WHERE live_at IS NOT NULL);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION newsdesk_tag_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_count(array_agg(tag_id), array_agg(region_id), array_agg(live_at), array_agg(-1)) FROM before;
  UPDATE stories_siteversion SET number = number + 1 WHERE EXISTS (SELECT FROM before WHERE live_at IS NOT NULL);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION newsdesk_tag_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM newsdesk_count(array_agg(tag_id), array_agg(region_id), array_agg(live_at), array_agg(step)) FROM (
    SELECT tag_id, region_id, live_at, -1 AS step FROM before UNION ALL SELECT tag_id, region_id, live_at, 1 FROM after
  ) AS moves;
  UPDATE stories_siteversion SET number = number + 1 WHERE EXISTS (SELECT FROM before WHERE live_at IS NOT NULL)
    OR EXISTS (SELECT FROM after WHERE live_at IS NOT NULL);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER newsdesk_wait BEFORE INSERT OR UPDATE OR DELETE ON stories_story
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_wait();
CREATE OR REPLACE TRIGGER newsdesk_comes AFTER INSERT ON stories_story
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_story_comes();
CREATE OR REPLACE TRIGGER newsdesk_goes AFTER DELETE ON stories_story
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_story_goes();
CREATE OR REPLACE TRIGGER newsdesk_moves AFTER UPDATE ON stories_story
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_story_moves();

CREATE OR REPLACE TRIGGER newsdesk_wait BEFORE INSERT OR UPDATE OR DELETE ON stories_storytag
  FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_wait();
CREATE OR REPLACE TRIGGER newsdesk_copies BEFORE INSERT OR UPDATE ON stories_storytag
  FOR EACH ROW EXECUTE FUNCTION newsdesk_tag_copies();
CREATE OR REPLACE TRIGGER newsdesk_comes AFTER INSERT ON stories_storytag
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_tag_comes();
CREATE OR REPLACE TRIGGER newsdesk_goes AFTER DELETE ON stories_storytag
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_tag_goes();
CREATE OR REPLACE TRIGGER newsdesk_moves AFTER UPDATE ON stories_storytag
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_tag_moves();

DO $$
DECLARE place text;
BEGIN
  FOREACH place IN ARRAY ARRAY['source', 'tag', 'tagalias', 'region', 'regionalias'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER newsdesk_new_version BEFORE INSERT OR UPDATE OR DELETE ON stories_%s '
      'FOR EACH STATEMENT EXECUTE FUNCTION newsdesk_new_version()', place);
  END LOOP;
END $$;
