Taken over from Kysely, whose migrator sorts by name: days with dashes are no numbers for Candor, so its files get some.

  $ . "$TESTDIR/setup.sh"
  $ cat > migrate.mjs <<'END'
  > import { Kysely, PostgresDialect, Migrator, FileMigrationProvider } from 'kysely'
  > import pg from 'pg'
  > import fs from 'fs/promises'
  > import path from 'path'
  > const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool() }) })
  > const provider = new FileMigrationProvider({ fs, path, migrationFolder: path.resolve('js') })
  > const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest()
  > for (const one of results) console.log(one.status, one.migrationName)
  > console.log(error ? `failed: ${error.message}` : `${results.length} migrations`)
  > await db.destroy()
  > END
  $ mkdir js
  $ cat > js/2024-01-01-users.mjs <<'END'
  > export async function up(db) {
  >   await db.schema.createTable('users').addColumn('id', 'serial', c => c.primaryKey())
  >     .addColumn('email', 'text', c => c.notNull().unique()).execute()
  >   await db.insertInto('users').values({ email: "o'neil@example.org" }).execute()
  > }
  > END
  $ cat > js/2024-01-02-posts.mjs <<'END'
  > export async function up(db) {
  >   await db.schema.createTable('posts').addColumn('author', 'integer', c => c.references('users.id').onDelete('cascade')).execute()
  >   await db.schema.createIndex('posts_author').on('posts').column('author').execute()
  > }
  > END
  $ tool node migrate.mjs
  Success 2024-01-01-users
  Success 2024-01-02-posts
  2 migrations

  $ capture -- node migrate.mjs
  captured 2 migrations of Kysely from 17 statements
  true: replayed in a fresh database, the files make the same 11 objects, and the same rows in 1 table
  wrote 2 files to migrations; next: candor lock --dir migrations
  $ ls migrations
  0001_2024_01_01_users.sql
  0002_2024_01_02_posts.sql
  $ cat migrations/*users.sql
  -- captured from 2024-01-01-users
  
  create table "users" ("id" serial primary key, "email" text not null unique);
  
  insert into "users" ("email") values ('o''neil@example.org');
  $ candor adopt --mirror
  wrote migrations/candor.lock
  wrote [adopt] to candor.toml
  adopted 2 of 2 migrations from public.kysely_migration (Kysely); 11 objects compared, no difference
  $ candor verify
  true: 11 objects are what 2 migrations produce

A new migration: its number tells nothing of Kysely's name for it, and a row under another name would stop Kysely for good.

  $ migration 0003_tags <<<'CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);'
  $ candor lock --quiet && candor up
  error C0321: Kysely does not take 0003_tags.sql for a migration: it cannot be recorded in public.kysely_migration
    hint: write the name of the tool's own file into its first line, `-- captured from NAME`
  nothing was applied
  [1]
  $ migration 0003_tags <<'END'
  > -- captured from 2024-01-03-tags
  > CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);
  > END
  $ echo "export const up = db => db.schema.createTable('tags').addColumn('id', 'integer').execute()" > js/2024-01-03-tags.mjs
  $ candor lock --quiet && candor up
  applied 0003_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_kysely on SOCKET:5432 as user postgres in TIME
  true: 15 objects are what 3 migrations produce
  $ tool node migrate.mjs
  0 migrations
  $ candor verify
  true: 15 objects are what 3 migrations produce

Without the row it would run it again:

  $ rows "DELETE FROM kysely_migration WHERE name LIKE '%tags'"
  $ tool node migrate.mjs
  Error 2024-01-03-tags
  failed: relation "tags" already exists
  $ candor adopt --mirror
  nothing to adopt from public.kysely_migration (Kysely): the ledger records all that is there; 15 objects compared, no difference
  recorded 1 migration in public.kysely_migration (Kysely)
  $ tool node migrate.mjs
  0 migrations
