Taken over from Prisma, whose folders Candor reads where they lie. Its engine is the WebAssembly one that comes with the npm package.

  $ . "$TESTDIR/setup.sh"
  $ touch no-engine && chmod +x no-engine
  $ export PRISMA_QUERY_ENGINE_LIBRARY=$PWD/no-engine PRISMA_SCHEMA_ENGINE_BINARY=$PWD/no-engine
  $ prisma() { tool command prisma migrate "$@" | sed '1,/^[0-9]* migrations\{0,1\} found/d' | grep -v '^  \|^ *$'; }
  $ mkdir -p prisma/migrations/20240101000000_users prisma/migrations/20240102000000_posts
  $ cat > prisma/schema.prisma <<'END'
  > datasource db {
  >   provider = "postgresql"
  >   url      = "postgresql://not.used/prisma.config.mjs"
  > }
  > END
  $ cat > prisma.config.mjs <<'END'
  > import { PrismaPg } from '@prisma/adapter-pg'
  > const adapter = () => new PrismaPg({ host: process.env.PGHOST, user: process.env.PGUSER, database: process.env.PGDATABASE,
  >   allowExitOnIdle: true })
  > const { setTimeout } = globalThis // the engine's limit for its lock keeps a program that is done for ten seconds
  > globalThis.setTimeout = (then, wait, ...rest) => wait < 10000 ? setTimeout(then, wait, ...rest) : setTimeout(then, wait, ...rest).unref()
  > export default { schema: 'prisma/schema.prisma', experimental: { adapter: true }, engine: 'js', adapter }
  > END
  $ echo 'provider = "postgresql"' > prisma/migrations/migration_lock.toml
  $ cat > prisma/migrations/20240101000000_users/migration.sql <<'END'
  > CREATE TABLE "users" ("id" SERIAL PRIMARY KEY, "email" TEXT NOT NULL);
  > CREATE UNIQUE INDEX "users_email_key" ON "users"("email");
  > END
  $ cat > prisma/migrations/20240102000000_posts/migration.sql <<'END'
  > CREATE TABLE "posts" ("id" SERIAL PRIMARY KEY, "author" INTEGER NOT NULL REFERENCES "users");
  > INSERT INTO "users" ("email") VALUES ('o''neil@example.org');
  > END
  $ prisma deploy
  The following migration(s) have been applied:
  migrations/
  All migrations have been successfully applied.

  $ echo 'dir = "prisma/migrations"' > candor.toml
  $ candor adopt --mirror
  wrote prisma/migrations/candor.lock
  wrote [adopt] to candor.toml
  adopted 2 of 2 migrations from public._prisma_migrations (Prisma); 13 objects compared, no difference
  $ candor verify
  true: 13 objects are what 2 migrations produce
  $ mkdir prisma/migrations/20240103000000_tags
  $ cat > prisma/migrations/20240103000000_tags/migration.sql <<'END'
  > CREATE TABLE "tags" ("id" INTEGER PRIMARY KEY, "name" TEXT NOT NULL);
  > END
  $ prisma status
  Following migration have not yet been applied:
  20240103000000_tags
  To apply migrations in development run prisma migrate dev.
  To apply migrations in production run prisma migrate deploy.
  [1]
  $ candor lock --quiet
  $ candor up
  applied 20240103000000_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_prisma on SOCKET:5432 as user postgres in TIME
  true: 17 objects are what 3 migrations produce
  $ prisma status
  Database schema is up to date!
  $ prisma deploy
  No pending migrations to apply.
  $ candor verify
  true: 17 objects are what 3 migrations produce

Taken back with Candor, it is Prisma's to apply again, and Candor's to adopt:

  $ candor down --yes
  planned   20240103000000_tags  proven on PostgreSQL N: 23 objects compared
  reverted 20240103000000_tags  13 objects compared, as before it  TIME
  true: 13 objects are what 2 migrations produce
  $ prisma status
  Following migration have not yet been applied:
  20240103000000_tags
  To apply migrations in development run prisma migrate dev.
  To apply migrations in production run prisma migrate deploy.
  [1]
  $ prisma deploy
  The following migration(s) have been applied:
  migrations/
  All migrations have been successfully applied.
  $ candor adopt --mirror
  adopted 1 of 1 migration from public._prisma_migrations (Prisma); 17 objects compared, no difference
  $ candor verify
  true: 17 objects are what 3 migrations produce

Without the row it would run it again, and would stop at every later start:

  $ rows "DELETE FROM _prisma_migrations WHERE migration_name LIKE '%tags'"
  $ prisma deploy
  Error: external connector error
  Error querying the database: ERROR: relation "tags" already exists
  [1]
  $ candor adopt --mirror
  warning C0808: Prisma refuses to run: the row of 20240103000000_tags is failed
    hint: run the tool no more: go on with `candor up`
  nothing to adopt from public._prisma_migrations (Prisma): the ledger records all that is there; 17 objects compared, no difference
  recorded 1 migration in public._prisma_migrations (Prisma)
  $ prisma deploy
  No pending migrations to apply.
