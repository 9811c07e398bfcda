A database without any history: its first migration is written, proven, and recorded.

  $ . "$TESTDIR/setup.sh"
  $ psql <<'SQL'
  > create type mood as enum ('glad', 'sad');
  > create table users (id int generated always as identity primary key, email text not null, mood mood default 'glad');
  > create unique index users_email on users (lower(email));
  > create function greet(text) returns text language sql as 'select ''hello '' || $1';
  > create view glad_users as select id, greet(email) from users where mood = 'glad';
  > create table theirs (id int);
  > insert into users (email) values ('ada@example.org');
  > SQL
  $ echo 'ignore = ["public.theirs"]' >candor.toml

The SQL first; nothing is written.

  $ candor baseline --from-database --dry-run
  -- baseline: what the database story_baseline_from_database held before its first migration
  
  SET check_function_bodies = off;
  
  CREATE TYPE "public"."mood" AS ENUM ('glad', 'sad');
  CREATE TABLE "public"."users" (
    "id" integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "public"."users_id_seq") NOT NULL,
    "email" text NOT NULL,
    "mood" public.mood DEFAULT 'glad'::public.mood
  );
  CREATE FUNCTION "public"."greet"(text)
    RETURNS text
    LANGUAGE "sql"
  AS $body$select 'hello ' || $1$body$;
  CREATE VIEW "public"."glad_users" AS
   SELECT users.id,
      public.greet(users.email) AS greet
     FROM public.users
    WHERE (users.mood = 'glad'::public.mood);
  CREATE UNIQUE INDEX "users_email" ON "public"."users" USING btree ((lower(email)));
  ALTER TABLE "public"."users" ADD CONSTRAINT "users_pkey" PRIMARY KEY ("id");
  -- dry run: 6 statements would be written and baselined; proven on PostgreSQL N: 11 objects
  $ ls
  candor.toml
  $ candor baseline --from-database --name initial | sed -E 's/[0-9]{14}/VERSION/g'
  made ./migrations/
  wrote migrations/candor.lock
  wrote ./migrations/VERSION_initial.sql: 6 statements
  baselined VERSION_initial: 11 objects compared, no difference
  $ candor verify
  true: 11 objects are what 1 migration produces
  $ candor status | sed -E 's/[0-9]{14}/VERSION/g'
  database story_baseline_from_database on SOCKET:5432 as user postgres
  baselined VERSION_initial  INSTANT
  1 applied, 0 pending; compared 11 objects with candor.lock at version VERSION in TIME
  true: 11 objects are what 1 migration produces

The file builds an empty database to the same schema, but for what `ignore` leaves to others.

  $ export before="$DATABASE_URL"
  $ fresh_database story_baseline_empty
  $ candor up --quiet
  $ candor diff --from "$before" --to "$DATABASE_URL"
  - table public.theirs
  - column public.theirs.id
  hazard  drops table public.theirs: its rows are lost
  plan: 1 statement in 1 transaction; proven on PostgreSQL N: 11 objects compared in TIME

Where there is a history, none is begun.

  $ candor baseline --from-database
  error C0708: there is a history already: 1 migration in migrations
    hint: run `candor baseline --auto`, which finds the version that the database has
  [1]
  $ candor baseline --from-database --auto
  error C0001: --from-database goes with no other version
    hint: write `candor baseline --from-database`, for a database without any history
  [2]
  $ rm -r migrations && mkdir migrations
  $ candor baseline --from-database
  error C0708: there is a history already: the ledger candor.schema_migrations has 1 row
    hint: bring the migrations that it names into the folder
  [1]
  $ ls migrations
  $ fresh_database story_baseline_nothing
  $ candor baseline --from-database
  error C0708: the database holds nothing that a first migration could make
    hint: write the first migration with `candor new`, and run `candor up`
  [1]
