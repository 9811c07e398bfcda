Files that Drizzle's journal does not list, and an entry whose file is gone: looked for in the database all the same.

  $ . "$TESTDIR/setup.sh"
  $ mkdir -p drizzle/meta && cd drizzle
  $ echo 'CREATE TABLE users (id serial PRIMARY KEY);' > 0000_users.sql
  $ echo 'CREATE TABLE keys (id serial PRIMARY KEY);' > 0001_keys.sql
  $ echo 'CREATE TABLE icons (id serial PRIMARY KEY);' > 0002_icons.sql
  $ entry() { echo '{"idx":'$1',"version":"7","when":'$2',"tag":"'$3'","breakpoints":true}'; }
  $ journal() { echo '{"version":"7","dialect":"postgresql","entries":['"$1"']}' > meta/_journal.json; }
  $ journal "$(entry 0 1000 0000_users),$(entry 1 2000 0003_gone)"
  $ cd ..
  $ echo 'dir = "drizzle"' > candor.toml
  $ psql -f drizzle/0000_users.sql -f drizzle/0002_icons.sql
  $ psql -c 'CREATE SCHEMA drizzle' -c 'CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)'
  $ psql -c "INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('$(sha256sum drizzle/0000_users.sql | cut -d' ' -f1)', 1000)"
  $ candor diagnose
  error C0322: the journal lists 0003_gone, but there is no 0003_gone.sql: Drizzle runs nothing at all
    meta/_journal.json:1:166
      1 | {"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1000,"tag":"0000_users","breakpoints":true},{"idx":1,"version":"7","when":2000,"tag":"0003_gone","breakpoints":true}]}
        |                                                                                                                                                                      ^
    hint: restore the file, or remove its entry from meta/_journal.json
  error C0321: 0001_keys.sql is not in the journal: Drizzle never runs it, and says nothing
    hint: run `candor repair --history`, which lists it, or remove the file
  error C0321: 0002_icons.sql is not in the journal: Drizzle never runs it, and says nothing
    hint: run `candor repair --history`, which lists it, or remove the file
  warning C0401: there is no drizzle/candor.lock: the history was replayed in a shadow for this run alone
    hint: run `candor lock` and commit the lock file
  database story_unlisted_files on SOCKET:5432 as user postgres
  drizzle.__drizzle_migrations (Drizzle): 1 row; 1 recorded, 2 never runs; checksums: 1 as it is
  present      0000_users  4 effects
  present      0002_icons  4 effects
  absent       0001_keys  4 effects
  error C0804: 1 migration is in the database and not in drizzle.__drizzle_migrations: 0002_icons
    hint: run `candor adopt`, which records what the catalog proves
  error C0806: Drizzle will never run 0001_keys: meta/_journal.json does not list it
    hint: run `candor repair --history`, which lists and dates it, then either tool
  stands at 0002_icons: 9 objects compared, no difference; drizzle.__drizzle_migrations says otherwise: 1 migration recorded
  [1]

One that does not run behind the others is left out, which is said.

  $ echo 'CREATE INDEX ON nowhere (id);' > drizzle/0001_keys.sql
  $ candor diagnose
  error C0322: the journal lists 0003_gone, but there is no 0003_gone.sql: Drizzle runs nothing at all
    meta/_journal.json:1:166
      1 | {"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1000,"tag":"0000_users","breakpoints":true},{"idx":1,"version":"7","when":2000,"tag":"0003_gone","breakpoints":true}]}
        |                                                                                                                                                                      ^
    hint: restore the file, or remove its entry from meta/_journal.json
  error C0321: 0001_keys.sql is not in the journal: Drizzle never runs it, and says nothing
    hint: run `candor repair --history`, which lists it, or remove the file
  error C0321: 0002_icons.sql is not in the journal: Drizzle never runs it, and says nothing
    hint: run `candor repair --history`, which lists it, or remove the file
  warning C0321: it is left out here, as it does not run behind the others: replaying 0001_keys.sql: relation "nowhere" does not exist
    SQLSTATE 42P01
    0001_keys.sql:1:1
      1 | CREATE INDEX ON nowhere (id);
        | ^
    hint: remove it if it is a copy of a listed one, else put it where it belongs in the tool's list
  warning C0401: there is no drizzle/candor.lock: the history was replayed in a shadow for this run alone
    hint: run `candor lock` and commit the lock file
  database story_unlisted_files on SOCKET:5432 as user postgres
  drizzle.__drizzle_migrations (Drizzle): 1 row; 1 recorded, 1 never runs; checksums: 1 as it is
  present      0000_users  4 effects
  present      0002_icons  4 effects
  error C0804: 1 migration is in the database and not in drizzle.__drizzle_migrations: 0002_icons
    hint: run `candor adopt`, which records what the catalog proves
  stands at 0002_icons: 9 objects compared, no difference; drizzle.__drizzle_migrations says otherwise: 1 migration recorded
  [1]

What is wrong with the files themselves still stops it.

  $ printf 'SELECT 1;\377\n' > drizzle/0000_users.sql
  $ candor diagnose
  error C0307: replaying the history, as there is no lock file: the file is not valid UTF-8
    0000_users.sql:1:10
      1 | SELECT 1;\xFF
        |          ^
    hint: save the file as UTF-8
  [1]

A row that a run of another tool left behind.

  $ fresh_database story_unlisted_rows
  $ mkdir pairs && echo 'dir = "pairs"' > candor.toml
  $ echo 'CREATE TABLE teams (id int PRIMARY KEY);' > pairs/000001_teams.up.sql
  $ echo 'CREATE TABLE users (id int PRIMARY KEY);' > pairs/000002_users.up.sql
  $ psql -f pairs/000001_teams.up.sql -c 'CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null)' -c 'INSERT INTO schema_migrations VALUES (2, true)'
  $ candor lock --quiet
  $ candor diagnose | tail -5
  present      000001_teams  3 effects
  absent       000002_users  3 effects
  error C0808: golang-migrate refuses to run: the row of version 2 is dirty, which says nothing about what ran
    hint: run `candor repair --history`, which makes the row what the catalog proves
  stands at 000001_teams: 4 objects compared, no difference; public.schema_migrations says the same: 1 migration recorded
  [1]
  $ candor repair --history
  public.schema_migrations
  - {"dirty": true, "version": 2}
    -- 000002_users.up.sql is not in the database: 3 effects compared
  + UPDATE "public"."schema_migrations" SET version = '1'::pg_catalog.int8, dirty = false WHERE version = '2'::pg_catalog.int8 AND dirty RETURNING true;
  -- dry run: nothing was written. `candor repair --history --apply` writes it
  $ candor repair --history --apply
  public.schema_migrations
  - {"dirty": true, "version": 2}
    -- 000002_users.up.sql is not in the database: 3 effects compared
  + UPDATE "public"."schema_migrations" SET version = '1'::pg_catalog.int8, dirty = false WHERE version = '2'::pg_catalog.int8 AND dirty RETURNING true;
  mended public.schema_migrations: 1 row; what it held is in public.schema_migrations.sql.bak
  $ candor repair --history
  nothing to mend in public.schema_migrations: no row of it broke off, no lock is set
  $ psql -At -c 'SELECT * FROM schema_migrations'
  1|f
