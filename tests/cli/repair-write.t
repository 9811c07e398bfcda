A repair as a migration: one file for broken, healthy and empty databases.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key, email text not null, locale text default 'en');
  > create index users_email on users (email);
  > create view people as select id, email from users;
  > SQL
  $ candor lock --quiet && candor up --quiet
  $ export broken="$DATABASE_URL"
  $ psql -c "insert into users values (1, 'ada@example.org', 'fr')"
  $ psql -c 'alter table users drop column locale' -c 'drop index users_email'
  $ export PGDATABASE=candor
  $ fresh_database story_repair_healthy
  $ export healthy="$DATABASE_URL"
  $ candor up --quiet

  $ candor repair --url "$broken"
  BEGIN;
  ALTER TABLE "public"."users" ADD COLUMN "locale" text DEFAULT 'en'::text;
  CREATE INDEX "users_email" ON "public"."users" USING btree ("email");
  COMMIT;
  -- proven on PostgreSQL N: 8 objects compared
  -- dry run: 2 statements to 0001_users; nothing was written. `candor repair --apply` runs it
  $ candor repair --url "$broken" --write put_right
  wrote migrations/candor.lock
  wrote migrations/0002_put_right.sql: 2 statements
  $ cat migrations/0002_put_right.sql
  -- put_right: looks before it acts; does nothing where all is as it should be
  
  SET search_path = pg_catalog;
  SET check_function_bodies = off;
  
  -- column public.users.locale
  DO $repair$
  BEGIN
    CASE coalesce((SELECT pg_catalog.concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod), CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::pg_catalog.regcollation::pg_catalog.text END, CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::pg_catalog.text, ''), 'generated ' || nullif(a.attgenerated::pg_catalog.text, ''), a.attoptions, 'storage ' || nullif(a.attstorage, t.typstorage)::pg_catalog.text) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = 'users' AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = 'locale'),
      'missing')
    WHEN 'missing' THEN
      ALTER TABLE "public"."users" ADD COLUMN "locale" text DEFAULT 'en'::text;
    WHEN 'text default ''en''::text' THEN
      NULL;  -- as it should be
    ELSE
      IF pg_catalog.current_setting('server_version_num')::int / 10000 = 15 THEN
        RAISE EXCEPTION USING MESSAGE = 'column public.users.locale is neither as it was where this repair was written, nor as it should be', HINT = 'run candor diagnose';
      END IF;
    END CASE;
  END
  $repair$;
  
  -- index public.users.users_email
  DO $repair$
  BEGIN
    CASE coalesce((SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN 'invalid' END, CASE WHEN i.indisclustered THEN 'clustered' END) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = 'users' AND x.relname = 'users_email'),
      'missing')
    WHEN 'missing' THEN
      CREATE INDEX "users_email" ON "public"."users" USING btree ("email");
    WHEN 'CREATE INDEX users_email ON public.users USING btree (email)' THEN
      NULL;  -- as it should be
    ELSE
      IF pg_catalog.current_setting('server_version_num')::int / 10000 = 15 THEN
        RAISE EXCEPTION USING MESSAGE = 'index public.users.users_email is neither as it was where this repair was written, nor as it should be', HINT = 'run candor diagnose';
      END IF;
    END CASE;
  END
  $repair$;
  $ candor up --url "$broken"
  warning C0601: the database differs from its history in 2 places that pending migrations do not touch
    column public.users.locale: expected, and not there
    index public.users.users_email: expected, and not there
    hint: run `candor verify`, and put the objects right
  applied 0002_put_right  no effects  proven: 8 objects compared  TIME
  applied 1 migration to database story_repair_write on SOCKET:5432 as user postgres in TIME
  true: 8 objects are what 2 migrations produce
  $ candor up --url "$healthy"
  applied 0002_put_right  no effects  proven: 0 objects compared  TIME
  applied 1 migration to database story_repair_healthy on SOCKET:5432 as user postgres in TIME
  true: 8 objects are what 2 migrations produce
  $ fresh_database story_repair_empty
  $ candor up
  applied 0001_users  +1 table +1 view +3 columns +1 constraint +1 index  proven: 7 objects compared  TIME
  applied 0002_put_right  no effects  proven: 0 objects compared  TIME
  applied 2 migrations to database story_repair_empty on SOCKET:5432 as user postgres in TIME
  true: 8 objects are what 2 migrations produce
  $ candor repair --url "$broken" --write again
  nothing to write: 8 objects compared with 0002_put_right
  $ candor repair --url "$broken" --write again --apply
  error C0001: --write goes neither with --apply nor with --allow-drop
    hint: write the migration, then run `candor up`
  [2]
