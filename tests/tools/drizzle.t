Taken over from Drizzle: drizzle-kit writes the files, drizzle-orm's migrator runs them.

  $ . "$TESTDIR/setup.sh"
  $ cat > drizzle.config.js <<'END'
  > const { PGUSER, PGDATABASE, PGHOST } = process.env
  > module.exports = { dialect: 'postgresql', schema: './schema.ts', out: './drizzle',
  >   dbCredentials: { url: `postgres://${PGUSER}@/${PGDATABASE}?host=${PGHOST}` } }
  > END
  $ cat > migrate.mjs <<'END'
  > import pg from 'pg'
  > import { drizzle } from 'drizzle-orm/node-postgres'
  > import { migrate } from 'drizzle-orm/node-postgres/migrator'
  > const client = new pg.Client()
  > await client.connect()
  > const own = /^(begin|commit|rollback|create \w+ if not exists|(select|insert).* "drizzle")/i // not of a migration
  > const logQuery = query => { if (!own.test(query.trim())) console.log(query.trim().split('\n')[0]) }
  > await migrate(drizzle(client, { logger: { logQuery } }), { migrationsFolder: 'drizzle' })
  >   .catch(error => { console.log(`failed: ${error.cause?.message ?? error.message}`); process.exit(1) })
  > console.log('migrations applied successfully!')
  > await client.end()
  > END
  $ generate() { tool drizzle-kit generate --name "$@" | grep -o 'drizzle/.*sql'; }
  $ cat > schema.ts <<'END'
  > import { pgTable, pgEnum, serial, text, integer, index } from 'drizzle-orm/pg-core'
  > export const role = pgEnum('role', ['reader', 'writer'])
  > export const users = pgTable('users', { id: serial().primaryKey(), email: text().notNull().unique(), role: role().notNull().default('reader') })
  > END
  $ generate users
  drizzle/0000_users.sql
  $ cat >> schema.ts <<'END'
  > export const posts = pgTable('posts', { id: serial().primaryKey(), author: integer().references(() => users.id) }, t => [index().on(t.author)])
  > END
  $ generate posts
  drizzle/0001_posts.sql
  $ generate first_user --custom
  drizzle/0002_first_user.sql
  $ echo "INSERT INTO users (email) VALUES ('o''neil@example.org');" > drizzle/0002_first_user.sql
  $ tool node migrate.mjs
  CREATE TYPE "public"."role" AS ENUM('reader', 'writer');
  CREATE TABLE "users" (
  CREATE TABLE "posts" (
  ALTER TABLE "posts" ADD CONSTRAINT "posts_author_users_id_fk" FOREIGN KEY ("author") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
  CREATE INDEX "posts_author_index" ON "posts" USING btree ("author");
  INSERT INTO users (email) VALUES ('o''neil@example.org');
  migrations applied successfully!

  $ echo 'dir = "drizzle"' > candor.toml
  $ candor adopt --mirror
  wrote drizzle/candor.lock
  wrote [adopt] to candor.toml
  adopted 3 of 3 migrations from drizzle.__drizzle_migrations (Drizzle); 16 objects compared, no difference
  $ candor verify
  true: 16 objects are what 3 migrations produce
  $ cat >> schema.ts <<'END'
  > export const tags = pgTable('tags', { id: integer().primaryKey(), name: text().notNull() })
  > END
  $ generate tags
  drizzle/0003_tags.sql
  $ candor lock --quiet
  $ candor up
  applied 0003_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_drizzle on SOCKET:5432 as user postgres in TIME
  true: 20 objects are what 4 migrations produce
  $ tool node migrate.mjs
  migrations applied successfully!
  $ tool drizzle-kit migrate | grep -o 'migrations applied.*!'
  migrations applied successfully!
  $ candor verify
  true: 20 objects are what 4 migrations produce

Without the row it would run it again:

  $ rows 'DELETE FROM drizzle.__drizzle_migrations WHERE created_at = (SELECT max(created_at) FROM drizzle.__drizzle_migrations)'
  $ tool node migrate.mjs
  CREATE TABLE "tags" (
  failed: relation "tags" already exists
  [1]
  $ candor adopt --mirror
  nothing to adopt from drizzle.__drizzle_migrations (Drizzle): the ledger records all that is there; 20 objects compared, no difference
  recorded 1 migration in drizzle.__drizzle_migrations (Drizzle)
  $ tool node migrate.mjs
  migrations applied successfully!
