After an incident: what is in this database, and where does it stand?

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key, email text not null);
  > SQL
  $ migration 0002_names <<'SQL'
  > alter table users add column name varchar(50), add column nick text;
  > SQL
  $ migration 0003_content <<'SQL'
  > create table content (id int primary key, author int references users, title text not null);
  > create index content_author_idx on content (author);
  > SQL
  $ migration 0004_no_nick <<'SQL'
  > alter table users drop column nick;
  > SQL
  $ migration 0005_seed <<'SQL'
  > insert into users (id, email) values (1, 'a@example.org');
  > SQL
  $ migration 0006_sessions <<'SQL'
  > create table sessions (id uuid primary key, owner int references users);
  > SQL
  $ candor lock --quiet

Without any ledger, the catalog tells.

  $ candor diagnose
  database story_diagnose on SOCKET:5432 as user postgres
  absent       0001_users to 0004_no_nick  4 migrations, 14 effects
  no trace     0005_seed  it leaves nothing in the catalog
  absent       0006_sessions  5 effects
  stands before its first migration: 1 object compared, no difference; there is no ledger
  $ for file in migrations/000[1-5]*.sql; do psql -f $file; done
  $ candor diagnose
  database story_diagnose on SOCKET:5432 as user postgres
  present      0001_users to 0004_no_nick  4 migrations, 14 effects
  no trace     0005_seed  it leaves nothing in the catalog
  absent       0006_sessions  5 effects
  error C0701: 4 migrations are in the database and not in the ledger: 0001_users, 0002_names, 0003_content, 0004_no_nick
    hint: run `candor baseline --at 0004`, which records them
  notice C0706: the catalog is the same at 0004, 0005: it cannot tell which of them was reached
    hint: name the one that was reached: `candor baseline --at VERSION`
  stands at 0004_no_nick: 13 objects compared, no difference; there is no ledger
  [1]
  $ candor baseline --auto --dry-run | grep -c 'INSERT INTO "candor".schema_migrations AS m .*0001'
  1
  $ candor baseline --auto
  baselined 4 migrations up to 0004_no_nick; 13 objects compared, no difference; 2 pending
  warning C0706: 1 migration leaves nothing in the catalog and stays pending: 0005_seed
    hint: run `candor baseline --at 0005` if it is known that they were run
  $ candor baseline --at 0005
  baselined 1 migration up to 0005_seed; 13 objects compared, no difference; 1 pending
  $ candor diagnose
  database story_diagnose on SOCKET:5432 as user postgres
  present      0001_users to 0004_no_nick  4 migrations, 14 effects
  no trace     0005_seed  it leaves nothing in the catalog
  absent       0006_sessions  5 effects
  stands at 0005_seed: 13 objects compared, no difference; the ledger says the same: 5 migrations recorded
  $ candor up
  applied 0006_sessions  +1 table +2 columns +2 constraints  proven: 5 objects compared  TIME
  applied 1 migration to database story_diagnose on SOCKET:5432 as user postgres in TIME
  true: 18 objects are what 6 migrations produce
  $ candor diagnose --all
  database story_diagnose on SOCKET:5432 as user postgres
  present      0001_users  4 effects
  present      0002_names  2 effects
  present      0003_content  7 effects
  present      0004_no_nick  1 effect
  no trace     0005_seed  it leaves nothing in the catalog
  present      0006_sessions  5 effects
  stands at 0006_sessions: 18 objects compared, no difference; the ledger says the same: 6 migrations recorded

By hand, and without the ledger.

  $ psql <<'SQL'
  > set client_min_messages = warning;
  > alter table users alter column email drop not null, drop column name;
  > alter table content add column note text;
  > drop index content_author_idx;
  > drop schema candor cascade;
  > SQL
  $ candor diagnose
  database story_diagnose on SOCKET:5432 as user postgres
  contradicted 0001_users  3 of 4 effects are there
    altered   column public.users.email: not_null is not set, expected true
  absent       0002_names  1 effect
    missing   column public.users.name
  partly       0003_content  6 of 7 effects are there
    missing   index public.content.content_author_idx
  present      0004_no_nick  1 effect
  no trace     0005_seed  it leaves nothing in the catalog
  present      0006_sessions  5 effects
  error C0703: the database is no version of its history; 0006_sessions is nearest, with 4 differences in 19 objects
    hint: run `candor repair --to 0006`, which shows what would put it right
  error C0705: 0001_users is contradicted by the database in 1 of its 4 effects
    hint: run `candor repair --to 0006`
  error C0704: 0003_content is in the database in part: 1 of its 7 effects are missing
    hint: run `candor repair --to 0006`
  error C0707: 1 object belongs to no migration
    column public.content.note
    hint: drop them, bring them into a migration, or leave them to their owner with `ignore` in candor.toml
  stands nowhere: nearest at 0006_sessions, with 4 differences in 19 objects; there is no ledger
  [1]
  $ candor baseline --auto
  error C0703: the database is no version of its history; 0006_sessions is nearest, with 4 differences in 19 objects
    column public.content.note: there, and not expected
    index public.content.content_author_idx: expected, and not there
    column public.users.email: not_null expected "true", found not set
    column public.users.name: expected, and not there
    hint: run `candor repair --to 0006`, or `candor baseline --at 0006 --accept-differences`
  [1]
  $ candor diagnose users --at 0006
  table public.users, expected as after 0006_sessions
               table users  (from 0001_users)
               column id: integer, not null  (from 0001_users)
  altered      column email: text, not null  (from 0001_users)
    altered   column public.users.email: not_null is not set, expected true
    fix       ALTER TABLE "public"."users" ALTER COLUMN "email" SET NOT NULL;
  missing      column name: character varying(50)  (from 0002_names)
    fix       ALTER TABLE "public"."users" ADD COLUMN "name" character varying(50);
               constraint users_pkey: primary_key, columns id  (from 0001_users)
  2 of 5 parts differ
  [1]
  $ candor diagnose content
  table public.content, expected as after 0006_sessions
               table content  (from 0003_content)
               column id: integer, not null  (from 0003_content)
               column author: integer  (from 0003_content)
               column title: text, not null  (from 0003_content)
  extra        column note: text  (from no migration)
    fix       ALTER TABLE "public"."content" DROP COLUMN "note";  -- drops column public.content.note: its values are lost
               constraint content_author_fkey: foreign_key, columns author, references public.users (id)  (from 0003_content)
               constraint content_pkey: primary_key, columns id  (from 0003_content)
  missing      index content_author_idx: columns author  (from 0003_content)
    fix       CREATE INDEX "content_author_idx" ON "public"."content" USING btree ("author");
  2 of 8 parts differ
  [1]
  $ candor diagnose nothing
  error C0709: there is no relation "nothing"
    hint: write it with its schema, as `candor verify` and the lock file do: public.users
  [2]

A ledger that claims what is not there, and a damaged one.

  $ fresh_database story_diagnose_2
  $ candor up --quiet
  $ psql -c 'drop table sessions'
  $ candor diagnose
  database story_diagnose_2 on SOCKET:5432 as user postgres
  present      0001_users to 0004_no_nick  4 migrations, 14 effects
  no trace     0005_seed  it leaves nothing in the catalog
  absent       0006_sessions  5 effects  (the ledger claims it)
  error C0702: the ledger records 1 migration that the database lacks: 0006_sessions
    hint: run `candor repair`, which shows what makes them pending or puts them in
  notice C0706: the catalog is the same at 0004, 0005: it cannot tell which of them was reached
    hint: name the one that was reached: `candor baseline --at VERSION`
  stands at 0005_seed: 13 objects compared, no difference; the ledger says otherwise: 6 migrations recorded
  [1]
  $ candor baseline --at 0005
  error C0708: the ledger claims what lies beyond 0005_seed: 0006_sessions
    hint: run `candor repair`, which makes the ledger agree with the catalog
  [1]
  $ psql -c 'alter table candor.schema_migrations drop column status'
  $ candor diagnose
  database story_diagnose_2 on SOCKET:5432 as user postgres
  present      0001_users to 0004_no_nick  4 migrations, 14 effects
  no trace     0005_seed  it leaves nothing in the catalog
  absent       0006_sessions  5 effects
  error C0201: ledger table candor.schema_migrations lacks column "status" (text)
    table candor.schema_migrations lacks column "status" (text)
    hint: run: ALTER TABLE "candor".schema_migrations ADD COLUMN "status" pg_catalog.text; UPDATE "candor".schema_migrations m SET "status" = (SELECT (e.detail ->> 'status')::pg_catalog.text FROM "candor".migration_events e WHERE e.version = m.version AND e.detail ? 'status' ORDER BY e.id DESC LIMIT 1); ALTER TABLE "candor".schema_migrations ALTER COLUMN "status" SET NOT NULL
  notice C0706: the catalog is the same at 0004, 0005: it cannot tell which of them was reached
    hint: name the one that was reached: `candor baseline --at VERSION`
  stands at 0004_no_nick: 13 objects compared, no difference; the ledger cannot be used
  [1]
  $ rm migrations/candor.lock
  $ candor diagnose users
  warning C0401: there is no migrations/candor.lock: the history was replayed in a shadow for this run alone
    hint: run `candor lock` and commit the lock file
  table public.users, expected as after 0004_no_nick
               table users  (from 0001_users)
               column id: integer, not null  (from 0001_users)
               column email: text, not null  (from 0001_users)
               column name: character varying(50)  (from 0002_names)
               constraint users_pkey: primary_key, columns id  (from 0001_users)
  5 parts compared, no difference
