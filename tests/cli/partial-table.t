Twelve columns are missing, and the old runner's table says that everything was run: the example of that name.

  $ . "$TESTDIR/setup.sh"
  $ example=$TESTDIR/../../examples/partial-table
  $ cp -r "$example"/* . && psql -f break.sql
  $ ./naive-runner.sh
  No migrations were executed, database schema was already up to date.
  $ candor lock --quiet
  $ candor diagnose
  database story_partial_table on SOCKET:5432 as user postgres
  public."SequelizeMeta" (Sequelize): 7 rows; 7 recorded
  present      0001_users  7 effects
  absent       0002_profile  3 effects  (the ledger claims it)
    missing   column public.users.avatar_url
    missing   column public.users.first_name
    missing   column public.users.last_name
  present      0003_orders  8 effects
  absent       0004_verification  4 effects  (the ledger claims it)
    missing   column public.users.email_verified
    missing   column public.users.email_verified_at
    missing   column public.users.verification_token
    missing   index public.users.users_email_verified_idx
  absent       0005_login  5 effects  (the ledger claims it)
    missing   column public.users.failed_logins
    missing   column public.users.locked_until
    missing   column public.users.password_changed_at
    missing   column public.users.password_hash
    missing   constraint public.users.users_failed_logins_check
  partly       0006_settings  1 of 3 effects are there  (the ledger claims it)
    missing   column public.users.locale
    missing   column public.users.time_zone
  present      0007_newsletter  1 effect
  error C0703: the database is no version of its history; 0003_orders is nearest, with 5 differences in 21 objects
    hint: run `candor repair --to 0007`, which shows what would put it right
  error C0704: 0006_settings is in the database in part: 2 of its 3 effects are missing
    hint: run `candor repair --to 0007`
  error C0803: public."SequelizeMeta" records 4 migrations that the database lacks, or has in part: 0002_profile, 0004_verification, 0005_login, 0006_settings
    hint: run `candor repair`, which shows what would put it in
  stands nowhere: nearest at 0003_orders, with 5 differences in 21 objects; public."SequelizeMeta" says otherwise: 7 migrations recorded
  [1]
  $ candor diagnose users --at 0007 | grep missing
  missing      column first_name: character varying(100)  (from 0002_profile)
  missing      column last_name: character varying(100)  (from 0002_profile)
  missing      column avatar_url: text  (from 0002_profile)
  missing      column email_verified: boolean, not null, default false  (from 0004_verification)
  missing      column email_verified_at: timestamp with time zone  (from 0004_verification)
  missing      column verification_token: character varying(64)  (from 0004_verification)
  missing      column password_hash: text, not null, default '!'::text  (from 0005_login)
  missing      column password_changed_at: timestamp with time zone  (from 0005_login)
  missing      column failed_logins: integer, not null, default 0  (from 0005_login)
  missing      column locked_until: timestamp with time zone  (from 0005_login)
  missing      column locale: character varying(10), not null, default 'en'::character varying  (from 0006_settings)
  missing      column time_zone: character varying(50), not null, default 'UTC'::character varying  (from 0006_settings)
  missing      constraint users_failed_logins_check: check, check (failed_logins >= 0)  (from 0005_login)
  missing      index users_email_verified_idx: columns email_verified, where (NOT email_verified)  (from 0004_verification)
  [1]
  $ candor repair
  BEGIN;
  ALTER TABLE "public"."users" ADD COLUMN "first_name" character varying(100);
  ALTER TABLE "public"."users" ADD COLUMN "last_name" character varying(100);
  ALTER TABLE "public"."users" ADD COLUMN "avatar_url" text;
  ALTER TABLE "public"."users" ADD COLUMN "email_verified" boolean DEFAULT false NOT NULL;
  ALTER TABLE "public"."users" ADD COLUMN "email_verified_at" timestamp with time zone;
  ALTER TABLE "public"."users" ADD COLUMN "verification_token" character varying(64);
  ALTER TABLE "public"."users" ADD COLUMN "password_hash" text DEFAULT '!'::text NOT NULL;
  ALTER TABLE "public"."users" ADD COLUMN "password_changed_at" timestamp with time zone;
  ALTER TABLE "public"."users" ADD COLUMN "failed_logins" integer DEFAULT 0 NOT NULL;
  ALTER TABLE "public"."users" ADD COLUMN "locked_until" timestamp with time zone;
  ALTER TABLE "public"."users" ADD COLUMN "locale" character varying(10) DEFAULT 'en'::character varying NOT NULL;
  ALTER TABLE "public"."users" ADD COLUMN "time_zone" character varying(50) DEFAULT 'UTC'::character varying NOT NULL;
  CREATE INDEX "users_email_verified_idx" ON "public"."users" USING btree ("email_verified") WHERE (NOT email_verified);
  ALTER TABLE "public"."users" ADD CONSTRAINT "users_failed_logins_check" CHECK ((failed_logins >= 0));
  COMMIT;
  ledger: 7 migrations would be baselined: 0001_users, 0002_profile, 0003_orders, 0004_verification, 0005_login, 0006_settings, 0007_newsletter
  -- proven on PostgreSQL N: 35 objects compared
  -- dry run: 14 statements to 0007_newsletter; nothing was written. `candor repair --apply` runs it
  $ candor repair --apply | grep -v '^notice'
  ledger: 7 migrations baselined: 0001_users, 0002_profile, 0003_orders, 0004_verification, 0005_login, 0006_settings, 0007_newsletter
  repaired to 0007_newsletter: 14 statements run; 32 objects compared before the COMMIT
  true: 32 objects are what 7 migrations produce
  $ candor repair
  nothing to repair: 32 objects compared with 0007_newsletter
  $ candor verify --quiet
  $ psql -At -c 'select email, email_verified, locale from users order by id'
  ada@example.org|f|en
  bo@example.org|f|en
  cy@example.org|f|en
