Ids change from uuid to text through every foreign key that leads to them: the example of that name.

  $ . "$TESTDIR/setup.sh"
  $ example=$TESTDIR/../../examples/ids-and-audit-trigger
  $ cp -r "$example"/* . && psql -f break.sql
  $ ./naive-runner.sh
  uuid_to_varchar.sql: run
  $ psql -c "insert into organisations (id, name) values ('org_8f3k', 'Colossus')"
  ERROR:  invalid input syntax for type uuid: "org_8f3k"
  LINE 1: insert into organisations (id, name) values ('org_8f3k', 'Co...
                                                       ^
  [1]
  $ candor lock --quiet
  $ candor baseline --auto
  baselined 4 migrations up to 0004_audit; 40 objects compared, no difference; 0 pending
  $ candor diff --to schema.sql --write ids_are_text
  ~ view public.active_connections columns="id uuid, platform character varying(50), organisation character varying(200)"->"id character varying(64), platform character varying(50), organisation character varying(200)" definition=" SELECT c.id,\n    c.platform,\n    o.name AS organisation\n   FROM (public.platform_connections c\n     JOIN public.organisations o ON ((o.id = c.organisation_id)))\n  WHERE c.active;"->" SELECT c.id,\n    c.platform,\n    o.name AS organisation\n   FROM (public.platform_connections c\n     JOIN public.organisations o ON (((o.id)::text = (c.organisation_id)::text)))\n  WHERE c.active;"
  ~ column public.connection_audit.connection_id type=uuid->"character varying(64)"
  ~ column public.connection_syncs.connection_id type=uuid->"character varying(64)"
  ~ column public.organisation_members.organisation_id type=uuid->"character varying(64)"
  ~ column public.organisations.id type=uuid->"character varying(64)" default=gen_random_uuid()->(gen_random_uuid())::text
  ~ column public.platform_connections.id type=uuid->"character varying(64)" default=gen_random_uuid()->(gen_random_uuid())::text
  ~ column public.platform_connections.organisation_id type=uuid->"character varying(64)"
  hazard  casts the values of public.connection_audit.connection_id from uuid to character varying(64)
  hazard  casts the values of public.connection_syncs.connection_id from uuid to character varying(64)
  hazard  casts the values of public.organisation_members.organisation_id from uuid to character varying(64)
  hazard  casts the values of public.organisations.id from uuid to character varying(64)
  hazard  casts the values of public.platform_connections.id from uuid to character varying(64)
  hazard  casts the values of public.platform_connections.organisation_id from uuid to character varying(64)
  plan: 16 statements in 1 transaction; proven on PostgreSQL N: 40 objects compared in TIME
  wrote migrations/candor.lock
  wrote migrations/0005_ids_are_text.sql
  $ cat migrations/0005_ids_are_text.sql
  -- ids_are_text
  
  DROP VIEW "public"."active_connections";
  -- locks public.connection_audit (ACCESS EXCLUSIVE), locks public.platform_connections (ACCESS EXCLUSIVE)
  ALTER TABLE "public"."connection_audit" DROP CONSTRAINT "connection_audit_connection_id_fkey";
  -- locks public.connection_syncs (ACCESS EXCLUSIVE), locks public.platform_connections (ACCESS EXCLUSIVE)
  ALTER TABLE "public"."connection_syncs" DROP CONSTRAINT "connection_syncs_connection_id_fkey";
  -- locks public.organisation_members (ACCESS EXCLUSIVE), locks public.organisations (ACCESS EXCLUSIVE)
  ALTER TABLE "public"."organisation_members" DROP CONSTRAINT "organisation_members_organisation_id_fkey";
  -- locks public.platform_connections (ACCESS EXCLUSIVE), locks public.organisations (ACCESS EXCLUSIVE)
  ALTER TABLE "public"."platform_connections" DROP CONSTRAINT "platform_connections_organisation_id_fkey";
  -- HAZARD: casts the values of public.connection_audit.connection_id from uuid to character varying(64)
  -- locks public.connection_audit (ACCESS EXCLUSIVE), rewrites it
  ALTER TABLE "public"."connection_audit" ALTER COLUMN "connection_id" TYPE character varying(64) USING "connection_id"::character varying(64);
  -- HAZARD: casts the values of public.connection_syncs.connection_id from uuid to character varying(64)
  -- locks public.connection_syncs (ACCESS EXCLUSIVE), rewrites it
  ALTER TABLE "public"."connection_syncs" ALTER COLUMN "connection_id" TYPE character varying(64) USING "connection_id"::character varying(64);
  -- HAZARD: casts the values of public.organisation_members.organisation_id from uuid to character varying(64)
  -- locks public.organisation_members (ACCESS EXCLUSIVE), rewrites it
  ALTER TABLE "public"."organisation_members" ALTER COLUMN "organisation_id" TYPE character varying(64) USING "organisation_id"::character varying(64);
  -- HAZARD: casts the values of public.organisations.id from uuid to character varying(64)
  -- locks public.organisations (ACCESS EXCLUSIVE), rewrites it
  ALTER TABLE "public"."organisations" ALTER COLUMN "id" DROP DEFAULT, ALTER COLUMN "id" TYPE character varying(64) USING "id"::character varying(64), ALTER COLUMN "id" SET DEFAULT (gen_random_uuid())::text;
  -- HAZARD: casts the values of public.platform_connections.id from uuid to character varying(64)
  -- locks public.platform_connections (ACCESS EXCLUSIVE), rewrites it
  ALTER TABLE "public"."platform_connections" ALTER COLUMN "id" DROP DEFAULT, ALTER COLUMN "id" TYPE character varying(64) USING "id"::character varying(64), ALTER COLUMN "id" SET DEFAULT (gen_random_uuid())::text;
  -- HAZARD: casts the values of public.platform_connections.organisation_id from uuid to character varying(64)
  -- locks public.platform_connections (ACCESS EXCLUSIVE), rewrites it
  ALTER TABLE "public"."platform_connections" ALTER COLUMN "organisation_id" TYPE character varying(64) USING "organisation_id"::character varying(64);
  CREATE VIEW "public"."active_connections" AS
   SELECT c.id,
      c.platform,
      o.name AS organisation
     FROM (public.platform_connections c
       JOIN public.organisations o ON (((o.id)::text = (c.organisation_id)::text)))
    WHERE c.active;
  -- locks public.connection_audit (SHARE ROW EXCLUSIVE), reads all of it, locks public.platform_connections (SHARE ROW EXCLUSIVE)
  ALTER TABLE "public"."connection_audit" ADD CONSTRAINT "connection_audit_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "public"."platform_connections" ("id");
  -- locks public.connection_syncs (SHARE ROW EXCLUSIVE), reads all of it, locks public.platform_connections (SHARE ROW EXCLUSIVE)
  ALTER TABLE "public"."connection_syncs" ADD CONSTRAINT "connection_syncs_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "public"."platform_connections" ("id") ON DELETE CASCADE;
  -- locks public.organisation_members (SHARE ROW EXCLUSIVE), reads all of it, locks public.organisations (SHARE ROW EXCLUSIVE)
  ALTER TABLE "public"."organisation_members" ADD CONSTRAINT "organisation_members_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations" ("id") ON DELETE CASCADE;
  -- locks public.platform_connections (SHARE ROW EXCLUSIVE), reads all of it, locks public.organisations (SHARE ROW EXCLUSIVE)
  ALTER TABLE "public"."platform_connections" ADD CONSTRAINT "platform_connections_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations" ("id") ON DELETE CASCADE;
  $ candor up
  applied 0005_ids_are_text  ~1 view ~6 columns  proven: 7 objects compared  TIME
  applied 1 migration to database story_ids_and_audit_trigger on SOCKET:5432 as user postgres in TIME
  true: 40 objects are what 5 migrations produce
  $ candor verify --quiet
  $ psql -c "insert into organisations (id, name) values ('org_8f3k', 'Colossus')"
  $ psql -At -c 'select c.organisation, c.platform, count(s.id) from active_connections c left join connection_syncs s on s.connection_id = c.id group by 1, 2 order by 1'
  Analytical Engines|shop|2
  Bombe Ltd|mail|1

The other fault is still there: the trigger writes the id of a deleted connection where it has to exist.

  $ psql -c "delete from platform_connections where platform = 'mail'"
  ERROR:  insert or update on table "connection_audit" violates foreign key constraint "connection_audit_connection_id_fkey"
  DETAIL:  Key (connection_id)=(bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb) is not present in table "platform_connections".
  CONTEXT:  SQL statement "INSERT INTO connection_audit (connection_id, action) VALUES (OLD.id, 'delete')"
  PL/pgSQL function log_deletion() line 3 at SQL statement
  [1]

The same files build an empty database to the same schema, and the way back needs no file.

  $ fresh_database story_ids_2
  $ candor up --quiet
  $ candor verify
  true: 40 objects are what 5 migrations produce
  $ candor down --dry-run | grep -c 'TYPE uuid'
  6
  $ candor down
  planned   0005_ids_are_text  proven on PostgreSQL N: 40 objects compared
  reverted 0005_ids_are_text  40 objects compared, as before it  TIME
  true: 40 objects are what 4 migrations produce
  $ candor diff --from "$DATABASE_URL" --to @0004
  no difference
