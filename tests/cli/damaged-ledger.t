A ledger that lacks a column is never taken for one that has no rows.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key);
  > SQL
  $ candor lock --quiet && candor up --quiet
  $ psql -c 'alter table candor.schema_migrations drop column status'
  $ candor status
  database story_damaged_ledger on SOCKET:5432 as user postgres
  error C0201: ledger table candor.schema_migrations lacks column "status" (text)
    table candor.schema_migrations lacks column "status" (text)
    hint: run: ALTER TABLE "candor".schema_migrations ADD COLUMN "status" pg_catalog.text; UPDATE "candor".schema_migrations m SET "status" = (SELECT (e.detail ->> 'status')::pg_catalog.text FROM "candor".migration_events e WHERE e.version = m.version AND e.detail ? 'status' ORDER BY e.id DESC LIMIT 1); ALTER TABLE "candor".schema_migrations ALTER COLUMN "status" SET NOT NULL
  [1]
  $ candor up
  error C0201: ledger table candor.schema_migrations lacks column "status" (text)
    table candor.schema_migrations lacks column "status" (text)
    hint: run: ALTER TABLE "candor".schema_migrations ADD COLUMN "status" pg_catalog.text; UPDATE "candor".schema_migrations m SET "status" = (SELECT (e.detail ->> 'status')::pg_catalog.text FROM "candor".migration_events e WHERE e.version = m.version AND e.detail ? 'status' ORDER BY e.id DESC LIMIT 1); ALTER TABLE "candor".schema_migrations ALTER COLUMN "status" SET NOT NULL
  nothing was applied
  [1]
  $ candor verify
  error C0201: ledger table candor.schema_migrations lacks column "status" (text)
    table candor.schema_migrations lacks column "status" (text)
    hint: run: ALTER TABLE "candor".schema_migrations ADD COLUMN "status" pg_catalog.text; UPDATE "candor".schema_migrations m SET "status" = (SELECT (e.detail ->> 'status')::pg_catalog.text FROM "candor".migration_events e WHERE e.version = m.version AND e.detail ? 'status' ORDER BY e.id DESC LIMIT 1); ALTER TABLE "candor".schema_migrations ALTER COLUMN "status" SET NOT NULL
  [1]
