DO $$
DECLARE it record;
BEGIN
  FOR it IN SELECT tgname, tgrelid::regclass AS place FROM pg_trigger WHERE tgname LIKE 'newsdesk\_%' AND NOT tgisinternal LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', it.tgname, it.place);
  END LOOP;
END $$;
