BEGIN IMMEDIATE;
DROP TRIGGER IF EXISTS newsdesk_story_comes;
DROP TRIGGER IF EXISTS newsdesk_story_goes;
DROP TRIGGER IF EXISTS newsdesk_story_moves;
DROP TRIGGER IF EXISTS newsdesk_tag_comes;
DROP TRIGGER IF EXISTS newsdesk_tag_goes;
DROP TRIGGER IF EXISTS newsdesk_tag_moves;
DROP VIEW IF EXISTS newsdesk_move;
COMMIT;
