What a database has before its first migration: roles, schemas, settings, in `[shadow] setup`.

  $ . "$TESTDIR/setup.sh"
  $ mkdir migrations
  $ cat > around.sql <<'END'
  > CREATE SCHEMA app;
  > CREATE TABLE app.accounts (id int, name text);
  > CREATE TABLE app.old (id int);
  > SET search_path = app, public;
  > SET my.setting = 'as it is there';
  > END
  $ printf '[shadow]\nsetup = "around.sql"\n' > candor.toml
  $ migration 0001_posts <<'END'
  > CREATE TABLE posts (id int PRIMARY KEY, origin text DEFAULT 'x');
  > DO $$ BEGIN EXECUTE format('ALTER TABLE posts ALTER origin SET DEFAULT %L', current_setting('my.setting')); END $$;
  > ALTER TABLE accounts ALTER id SET NOT NULL, ADD email text;
  > DROP TABLE old;
  > END

It may set what the migrations find set. The lock holds what it makes, apart from what the migrations do.

  $ candor lock
  replayed 1 migration on PostgreSQL N: 8 effects in TIME (shadow ready in TIME)
  wrote migrations/candor.lock
  $ grep '^[-+~]' migrations/candor.lock
  + schema app
  + table app.accounts
  + column app.accounts.id type=integer position=1
  + column app.accounts.name type=text position=2
  + table app.old
  + column app.old.id type=integer position=1
  + column app.accounts.email type=text position=3
  ~ column app.accounts.id not_null=""->true
  - table app.old
  - column app.old.id
  + table app.posts
  + column app.posts.id type=integer not_null=true position=1
  + column app.posts.origin type=text default="'as it is there'::text" position=2
  + constraint app.posts.posts_pkey type=primary_key columns=id

A database differs from it as it likes, but not in what the migrations have changed.

  $ psql -c "ALTER DATABASE $PGDATABASE SET search_path = app, public"
  $ psql -c "ALTER DATABASE $PGDATABASE SET my.setting = 'as it is there'"
  $ psql -c 'CREATE SCHEMA app'
  $ psql -c 'CREATE TABLE app.accounts (id int, name varchar(20), age int)'
  $ psql -c 'CREATE TABLE app.old (id int)'
  $ candor verify
  notice C0208: the database has no ledger: nothing was ever applied by Candor
    hint: run `candor up`, which makes it
  true: 4 objects are what 0 migrations produce
  $ candor up
  applied 0001_posts  +1 table +3 columns +1 constraint ~1 column -1 table -1 column  proven: 11 objects compared  TIME
  applied 1 migration to database story_shadow_setup on SOCKET:5432 as user postgres in TIME
  notice    column app.accounts.email: position is 4, expected 3
  true: 7 objects are what 1 migration produces
  $ candor verify
  notice    column app.accounts.email: position is 4, expected 3
  true: 7 objects are what 1 migration produces
  $ candor status
  database story_shadow_setup on SOCKET:5432 as user postgres
  applied   0001_posts  INSTANT  TIME
  1 applied, 0 pending; compared 7 objects with candor.lock at version 0001 in TIME
  notice    column app.accounts.email: position is 4, expected 3
  true: 7 objects are what 1 migration produces
  $ candor lock --check
  replayed 1 migration on PostgreSQL N: 8 effects in TIME (shadow ready in TIME)
  migrations/candor.lock is unchanged
  $ psql -c 'ALTER TABLE app.accounts ALTER id DROP NOT NULL'
  $ candor verify
  altered   column app.accounts.id: not_null is not set, expected true
  notice    column app.accounts.email: position is 4, expected 3
  differs: 1 difference in 7 objects
  [1]
  $ candor repair
  BEGIN;
  ALTER TABLE "app"."accounts" ALTER COLUMN "id" SET NOT NULL;
  COMMIT;
  -- proven on PostgreSQL N: 11 objects compared
  -- dry run: 1 statement to 0001_posts; nothing was written. `candor repair --apply` runs it
  $ candor repair --apply | tail -1
  true: 7 objects are what 1 migration produces
  $ candor verify
  notice    column app.accounts.email: position is 4, expected 3
  true: 7 objects are what 1 migration produces
