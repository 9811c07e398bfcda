The example drizzle-journal with the real drizzle-orm and drizzle-kit: three files that no journal lists.

  $ . "$TESTDIR/setup.sh"
  $ cp -r "$TESTDIR/../../examples/drizzle-journal/drizzle" "$TESTDIR/../../examples/drizzle-journal/schema.ts" .
  $ cat > drizzle.config.js <<'END'
  > module.exports = { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' }
  > END
  $ cat > migrate.mjs <<'END'
  > import pg from 'pg'
  > import { drizzle } from 'drizzle-orm/node-postgres'
  > import { migrate } from 'drizzle-orm/node-postgres/migrator'
  > const client = new pg.Client()
  > await client.connect()
  > await migrate(drizzle(client), { migrationsFolder: 'drizzle' })
  > console.log('migrations applied successfully!')
  > await client.end()
  > END
  $ echo 'dir = "drizzle"' > candor.toml

The migrator is content, and so is drizzle-kit: neither sees the three files.

  $ tool node migrate.mjs
  migrations applied successfully!
  $ tool node migrate.mjs
  migrations applied successfully!
  $ tool drizzle-kit check | tail -1
  Everything's fine \xf0\x9f\x90\xb6\xf0\x9f\x94\xa5 (esc)
  $ rows 'select count(*) from drizzle.__drizzle_migrations'
  16
  $ rows "select to_regclass('webauthn_credentials') is null"
  t
  $ candor check --quiet | grep C032 | cut -c1-90
  error C0321: 0004_webauthn.sql is not in the journal: Drizzle never runs it, and says noth
  error C0321: 0005_icons.sql is not in the journal: Drizzle never runs it, and says nothing
  error C0321: 0006_dashboard_default.sql is not in the journal: Drizzle never runs it, and 
  warning C0324: meta/0007_snapshot.json does not follow meta/0003_snapshot.json: its prevId
  [1]

The journal is mended, the missing snapshots are made, the chain is linked.

  $ candor repair --history --apply
  drizzle/meta/_journal.json
  + 0004_webauthn  when 1719555200001
  + 0005_icons  when 1719555200002
  + 0006_dashboard_default  when 1719555200003
  + meta/0004_snapshot.json
  + meta/0005_snapshot.json
  + meta/0006_snapshot.json
  ~ meta/0007_snapshot.json  prevId UUID
  mended drizzle/meta/_journal.json; what it was is in _journal.json.bak
  made 3 snapshots
  linked 1 snapshot; the former text is in meta/_*.bak
  $ candor repair --history
  nothing to mend in drizzle/meta/_journal.json
  $ candor check --quiet
  error C0401: there is no drizzle/candor.lock
    hint: run `candor lock` and commit the file that it writes
  [1]
  $ tool drizzle-kit check | tail -1
  Everything's fine \xf0\x9f\x90\xb6\xf0\x9f\x94\xa5 (esc)
  $ tool drizzle-kit generate | tail -1
  No schema changes, nothing to migrate \xf0\x9f\x98\xb4 (esc)

Exactly the three run, once.

  $ tool node migrate.mjs
  migrations applied successfully!
  $ tool node migrate.mjs
  migrations applied successfully!
  $ rows 'select count(*) from drizzle.__drizzle_migrations'
  19
  $ candor adopt
  wrote drizzle/candor.lock
  wrote [adopt] to candor.toml
  adopted 19 of 19 migrations from drizzle.__drizzle_migrations (Drizzle); 71 objects compared, no difference
  $ candor verify
  true: 71 objects are what 19 migrations produce

The next migration is generated from what was made: no more and no less than what changed.

  $ sed -i "s/pgTable('webauthn_credentials', {/&\n  nickname: text('nickname'),/" schema.ts
  $ tool drizzle-kit generate --name nickname | tail -1
  [\xe2\x9c\x93] Your SQL migration file \xe2\x9e\x9c drizzle/0019_nickname.sql \xf0\x9f\x9a\x80 (esc)
  $ cat drizzle/0019_nickname.sql
  ALTER TABLE "webauthn_credentials" ADD COLUMN "nickname" text; (no-eol)
  $ tool drizzle-kit check | tail -1
  Everything's fine \xf0\x9f\x90\xb6\xf0\x9f\x94\xa5 (esc)
