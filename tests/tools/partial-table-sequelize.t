Sequelize reports success over two tables that are half made: the example of that name.

  $ . "$TESTDIR/setup.sh"
  $ example=$TESTDIR/../../examples/partial-table-sequelize
  $ cp -r "$example"/* "$example"/.sequelizerc .
  $ sequelize() { tool sequelize-cli "$@" | sed '1,/^Using environment/d; /^ *$/d'; }

  $ sequelize db:migrate --migrations-path first-try
  == 20240301000000-create-users: migrating =======
  ERROR: column "mail" named in key does not exist
  [1]
  $ sequelize db:migrate --to 20240302000000-create-projects.js
  == 20240301000000-create-users: migrating =======
  == 20240301000000-create-users: migrated (TIME)
  == 20240302000000-create-projects: migrating =======
  == 20240302000000-create-projects: migrated (TIME)
  $ sequelize db:migrate --migrations-path first-try
  == 20240303000000-create-sessions: migrating =======
  ERROR: column "user_id" does not exist
  [1]
  $ sequelize db:migrate
  == 20240303000000-create-sessions: migrating =======
  == 20240303000000-create-sessions: migrated (TIME)
  == 20240304000000-first-user: migrating =======
  == 20240304000000-first-user: migrated (TIME)
  $ sequelize db:migrate
  No migrations were executed, database schema was already up to date.
  $ psql -f rows.sql

  $ capture --out sql -- sequelize-cli db:migrate
  captured 4 migrations of Sequelize from 46 statements
  true: replayed in a fresh database, the files make the same 32 objects, and the same rows in 1 table
  wrote 4 files to sql; next: candor lock --dir sql
  $ candor lock --quiet
  $ candor diagnose
  database story_partial_table_sequelize on SOCKET:5432 as user postgres
  public."SequelizeMeta" (Sequelize): 4 rows; 4 recorded
  partly       20240301000000_create_users  8 of 15 effects are there  (the ledger claims it)
    missing   column public.users.email_verified
    missing   column public.users.email_verified_at
    missing   column public.users.failed_logins
    missing   column public.users.locale
    missing   column public.users.password_hash
    missing   column public.users.plan
    missing   column public.users.verification_token
  present      20240302000000_create_projects  8 effects
  partly       20240303000000_create_sessions  6 of 8 effects are there  (the ledger claims it)
    missing   column public.sessions.expires_at
    missing   column public.sessions.user_agent
  no trace     20240304000000_first_user  it leaves nothing in the catalog
  error C0703: the database is no version of its history; 20240304000000_first_user is nearest, with 9 differences in 32 objects
    hint: run `candor repair --to 20240304000000`, which shows what would put it right
  error C0704: 20240301000000_create_users is in the database in part: 7 of its 15 effects are missing
    hint: run `candor repair --to 20240304000000`
  error C0704: 20240303000000_create_sessions is in the database in part: 2 of its 8 effects are missing
    hint: run `candor repair --to 20240304000000`
  error C0803: public."SequelizeMeta" records 2 migrations that the database lacks, or has in part: 20240301000000_create_users, 20240303000000_create_sessions
    hint: run `candor repair`, which shows what would put it in
  warning C0706: 1 migration leaves no trace in the catalog, and public."SequelizeMeta", which is wrong about others, is all that tells whether it ran: 20240304000000_first_user (recorded)
    hint: look at the rows that it changes, and correct the table where it is wrong: `candor adopt` goes by it
  stands nowhere: nearest at 20240304000000_first_user, with 9 differences in 32 objects; public."SequelizeMeta" says otherwise: 4 migrations recorded
  [1]
  $ candor diagnose users --at 20240301000000 | grep missing
  missing      column email_verified: boolean, not null, default false  (from 20240301000000_create_users)
  missing      column email_verified_at: timestamp with time zone  (from 20240301000000_create_users)
  missing      column verification_token: character varying(64)  (from 20240301000000_create_users)
  missing      column password_hash: text, not null, default '!'::text  (from 20240301000000_create_users)
  missing      column failed_logins: integer, not null, default 0  (from 20240301000000_create_users)
  missing      column locale: character varying(10), not null, default 'en'::character varying  (from 20240301000000_create_users)
  missing      column plan: public.enum_users_plan, not null, default 'free'::public.enum_users_plan  (from 20240301000000_create_users)
  [1]
  $ candor repair
  BEGIN;
  ALTER TABLE "public"."sessions" ADD COLUMN "user_agent" text;
  ALTER TABLE "public"."sessions" ADD COLUMN "expires_at" timestamp with time zone DEFAULT (now() + '30 days'::interval) NOT NULL;
  ALTER TABLE "public"."users" ADD COLUMN "email_verified" boolean DEFAULT false NOT NULL;
  ALTER TABLE "public"."users" ADD COLUMN "email_verified_at" timestamp with time zone;
  ALTER TABLE "public"."users" ADD COLUMN "verification_token" character varying(64);
  ALTER TABLE "public"."users" ADD COLUMN "password_hash" text DEFAULT '!'::text NOT NULL;
  ALTER TABLE "public"."users" ADD COLUMN "failed_logins" integer DEFAULT 0 NOT NULL;
  ALTER TABLE "public"."users" ADD COLUMN "locale" character varying(10) DEFAULT 'en'::character varying NOT NULL;
  ALTER TABLE "public"."users" ADD COLUMN "plan" public.enum_users_plan DEFAULT 'free'::public.enum_users_plan NOT NULL;
  COMMIT;
  left      public."SequelizeMeta" (Sequelize)  (another tool's ledger; `candor adopt` takes it over)
  ledger: 4 migrations would be baselined: 20240301000000_create_users, 20240302000000_create_projects, 20240303000000_create_sessions, 20240304000000_first_user
  warning C0706: that these were run cannot be told from the catalog: 20240304000000_first_user
    hint: look at the rows that they change; run them by hand if they were not
  -- proven on PostgreSQL N: 35 objects compared
  -- dry run: 9 statements to 20240304000000_first_user; nothing was written. `candor repair --apply` runs it
  $ candor repair --apply
  left      public."SequelizeMeta" (Sequelize)  (another tool's ledger; `candor adopt` takes it over)
  ledger: 4 migrations baselined: 20240301000000_create_users, 20240302000000_create_projects, 20240303000000_create_sessions, 20240304000000_first_user
  warning C0706: that these were run cannot be told from the catalog: 20240304000000_first_user
    hint: look at the rows that they change; run them by hand if they were not
  repaired to 20240304000000_first_user: 9 statements run; 32 objects compared before the COMMIT
  true: 32 objects are what 4 migrations produce
  $ candor adopt --mirror
  wrote [adopt] to candor.toml
  nothing to adopt from public."SequelizeMeta" (Sequelize): the ledger records all that is there; 32 objects compared, no difference
  $ candor repair
  nothing to repair: 32 objects compared with 20240304000000_first_user
  $ candor verify
  true: 32 objects are what 4 migrations produce
  $ sequelize db:migrate
  No migrations were executed, database schema was already up to date.
  $ rows 'SELECT u.email, u.email_verified, u.plan, p.name, s.expires_at > now() FROM users u JOIN projects p ON p.owner = u.id JOIN sessions s ON s."user" = u.id ORDER BY u.id'
  ada@example.org|f|free|of ada@example.org|t
  bo@example.org|f|free|of bo@example.org|t
  cy@example.org|f|free|of cy@example.org|t

And it goes on: the next migration is SQL, and Sequelize finds it done.

  $ echo 'ALTER TABLE projects ADD archived boolean NOT NULL DEFAULT false;' > sql/20240401000000_archived.sql
  $ cat > migrations/20240401000000-archived.js <<'END'
  > module.exports = { up: (query, { DataTypes: T }) => query.addColumn('projects', 'archived', { type: T.BOOLEAN, allowNull: false, defaultValue: false }) }
  > END
  $ candor lock --quiet && candor up
  applied 20240401000000_archived  +1 column  proven: 1 object compared  TIME
  applied 1 migration to database story_partial_table_sequelize on SOCKET:5432 as user postgres in TIME
  true: 33 objects are what 5 migrations produce
  $ sequelize db:migrate
  No migrations were executed, database schema was already up to date.
