The declarative way: a schema file is the wish, diff writes the migration.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id bigint generated always as identity primary key, email text not null);
  > SQL
  $ candor lock
  replayed 1 migration on PostgreSQL N: 5 effects in TIME (shadow ready in TIME)
  wrote migrations/candor.lock
  $ cat >schema.sql <<'SQL'
  > create table teams (id bigint generated always as identity primary key, name text not null unique);
  > create table users (id bigint generated always as identity primary key, email text not null,
  >   team_id bigint references teams (id), constraint users_email_key unique (email));
  > SQL
  $ candor diff --to schema.sql
  + table public.teams
  + column public.teams.id type=bigint not_null=true identity=always position=1
  + column public.teams.name type=text not_null=true position=2
  + constraint public.teams.teams_name_key type=unique columns=name
  + constraint public.teams.teams_pkey type=primary_key columns=id
  + sequence public.teams_id_seq type=bigint owned_by=public.teams.id identity=true
  + column public.users.team_id type=bigint position=3
  + constraint public.users.users_email_key type=unique columns=email
  + constraint public.users.users_team_id_fkey type=foreign_key columns=team_id references="public.teams (id)"
  plan: 8 statements in 4 transactions; proven on PostgreSQL N: 15 objects compared in TIME
  $ candor diff --to schema.sql --sql
  -- from @head to schema.sql
  
  BEGIN;
  CREATE TABLE "public"."teams" (
    "id" bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "public"."teams_id_seq") NOT NULL,
    "name" text NOT NULL
  );
  -- locks public.users (ACCESS EXCLUSIVE)
  ALTER TABLE "public"."users" ADD COLUMN "team_id" bigint;
  ALTER TABLE "public"."teams" ADD CONSTRAINT "teams_name_key" UNIQUE ("name");
  ALTER TABLE "public"."teams" ADD CONSTRAINT "teams_pkey" PRIMARY KEY ("id");
  -- locks public.users (SHARE ROW EXCLUSIVE)
  -- rows that are there are checked afterwards
  ALTER TABLE "public"."users" ADD CONSTRAINT "users_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "public"."teams" ("id") NOT VALID;
  COMMIT;
  
  -- locks public.users (SHARE UPDATE EXCLUSIVE), reads all of it
  -- built while others write
  CREATE UNIQUE INDEX CONCURRENTLY "users_email_key" ON "public"."users" ("email");
  
  -- locks public.users (ACCESS EXCLUSIVE)
  ALTER TABLE "public"."users" ADD CONSTRAINT "users_email_key" UNIQUE USING INDEX "users_email_key";
  
  -- locks public.users (SHARE UPDATE EXCLUSIVE), reads all of it
  -- in a transaction of its own, so that writers go on
  ALTER TABLE "public"."users" VALIDATE CONSTRAINT "users_team_id_fkey";
  $ candor diff --to schema.sql --write add_teams
  + table public.teams
  + column public.teams.id type=bigint not_null=true identity=always position=1
  + column public.teams.name type=text not_null=true position=2
  + constraint public.teams.teams_name_key type=unique columns=name
  + constraint public.teams.teams_pkey type=primary_key columns=id
  + sequence public.teams_id_seq type=bigint owned_by=public.teams.id identity=true
  + column public.users.team_id type=bigint position=3
  + constraint public.users.users_email_key type=unique columns=email
  + constraint public.users.users_team_id_fkey type=foreign_key columns=team_id references="public.teams (id)"
  plan: 8 statements in 4 transactions; proven on PostgreSQL N: 15 objects compared in TIME
  wrote migrations/candor.lock
  wrote migrations/0002_add_teams.sql
  $ candor diff --to schema.sql
  no difference
  $ candor up
  applied 0001_users  +1 sequence +1 table +2 columns +1 constraint  proven: 5 objects compared  TIME
  applied 0002_add_teams  +1 sequence +1 table +3 columns +4 constraints  proven: 15 objects compared  without a transaction  TIME
  applied 2 migrations to database story_diff on SOCKET:5432 as user postgres in TIME
  true: 15 objects are what 2 migrations produce
  $ candor diff --from "$DATABASE_URL" --to @head --exit-code
  no difference

What loses data is said, and not written without being asked for.

  $ candor diff --to @0001
  - table public.teams
  - column public.teams.id
  - column public.teams.name
  - constraint public.teams.teams_name_key
  - constraint public.teams.teams_pkey
  - sequence public.teams_id_seq
  - column public.users.team_id
  - constraint public.users.users_email_key
  - constraint public.users.users_team_id_fkey
  hazard  drops table public.teams: its rows are lost
  hazard  drops column public.users.team_id: its values are lost
  plan: 4 statements in 1 transaction; proven on PostgreSQL N: 6 objects compared in TIME
  $ candor diff --to @0001 --write back
  - table public.teams
  - column public.teams.id
  - column public.teams.name
  - constraint public.teams.teams_name_key
  - constraint public.teams.teams_pkey
  - sequence public.teams_id_seq
  - column public.users.team_id
  - constraint public.users.users_email_key
  - constraint public.users.users_team_id_fkey
  hazard  drops table public.teams: its rows are lost
  hazard  drops column public.users.team_id: its values are lost
  plan: 4 statements in 1 transaction; proven on PostgreSQL N: 6 objects compared in TIME
  error C0711: the plan drops what may hold data
    hint: read its hazards, then add --allow-drop
  [1]
  $ candor diff --from nothing --to empty
  error C0001: nothing is no schema
    hint: name a connection string, @VERSION, @head, a file or folder of SQL, or empty
  [2]

What looks like a rename is asked about on a terminal, and only there:

  $ echo 'CREATE TABLE t (id int, mail text);' > one.sql
  $ echo 'CREATE TABLE t (id int, email text);' > other.sql
  $ for answer in y n; do echo $answer | script -qec 'candor diff --from one.sql --to other.sql --sql' /dev/null | grep -o 'did .*\[y/N\]\|RENAME .*;\|DROP .*;'; done
  did column public.t.mail become public.t.email? [y/N]
  RENAME COLUMN "mail" TO "email";
  did column public.t.mail become public.t.email? [y/N]
  DROP COLUMN "mail";
  $ candor diff --from one.sql --to other.sql | grep perhaps
  perhaps column public.t.mail became public.t.email: then give --rename public.t.mail=public.t.email
