Taken over from TypeORM: its migrations are classes, so they are watched first and become SQL.

  $ . "$TESTDIR/setup.sh"
  $ typeorm() { tool command typeorm "$@" -d source.js | grep -v '^query\|^$\|^[0-9]* migrations'; }
  $ mkdir js
  $ cat > source.js <<'END'
  > const { DataSource } = require('typeorm')
  > module.exports = new DataSource({ type: 'postgres', host: process.env.PGHOST, port: process.env.PGPORT || 5432,
  >   username: process.env.PGUSER, password: process.env.PGPASSWORD, database: process.env.PGDATABASE,
  >   migrations: ['js/*.js'], uuidExtension: 'pgcrypto' })
  > END
  $ cat > js/1700000000001-create-users.js <<'END'
  > const { Table } = require('typeorm')
  > module.exports = class CreateUsers1700000000001 {
  >   up(query) {
  >     return query.createTable(new Table({ name: 'users', columns: [
  >       { name: 'id', type: 'uuid', isPrimary: true, isGenerated: true, generationStrategy: 'uuid' },
  >       { name: 'email', type: 'varchar', isUnique: true },
  >       { name: 'role', type: 'enum', enum: ['reader', 'writer'], default: "'reader'" } ] }))
  >   }
  >   down(query) { return query.dropTable('users') }
  > }
  > END
  $ cat > js/1700000000002-create-posts.js <<'END'
  > module.exports = class Posts1700000000002 {
  >   async up(query) {
  >     await query.query(`CREATE TABLE "posts" ("id" SERIAL NOT NULL, "author" uuid, CONSTRAINT "PK_1" PRIMARY KEY ("id"))`)
  >     await query.query(`ALTER TABLE "posts" ADD CONSTRAINT "FK_1" FOREIGN KEY ("author") REFERENCES "users"("id")`)
  >     await query.query(`CREATE INDEX "IDX_1" ON "posts" ("author")`)
  >     await query.query(`INSERT INTO "users" ("id", "email") VALUES ($1, $2)`, ['00000000-0000-4000-8000-000000000001', "o'neil@example.org"])
  >   }
  >   async down(query) { await query.query(`DROP TABLE "posts"`) }
  > }
  > END
  $ typeorm migration:run
  Migration CreateUsers1700000000001 has been executed successfully.
  Migration Posts1700000000002 has been executed successfully.

  $ capture -- typeorm migration:run -d source.js
  captured 2 migrations of TypeORM from 16 statements
  true: replayed in a fresh database, the files make the same 15 objects, and the same rows in 1 table
  wrote 2 files to migrations; next: candor lock --dir migrations
  $ ls migrations
  1700000000001_CreateUsers.sql
  1700000000002_Posts.sql
  $ cat migrations/*
  -- captured from CreateUsers1700000000001
  
  CREATE TYPE "public"."users_role_enum" AS ENUM('reader', 'writer');
  
  CREATE TABLE "users" ("id" uuid NOT NULL DEFAULT gen_random_uuid(), "email" varchar NOT NULL, "role" "public"."users_role_enum" NOT NULL DEFAULT 'reader', CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3" UNIQUE ("email"), CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY ("id"));
  -- captured from Posts1700000000002
  
  CREATE TABLE "posts" ("id" SERIAL NOT NULL, "author" uuid, CONSTRAINT "PK_1" PRIMARY KEY ("id"));
  
  ALTER TABLE "posts" ADD CONSTRAINT "FK_1" FOREIGN KEY ("author") REFERENCES "users"("id");
  
  CREATE INDEX "IDX_1" ON "posts" ("author");
  
  INSERT INTO "users" ("id", "email") VALUES ('00000000-0000-4000-8000-000000000001', 'o''neil@example.org');
  $ candor adopt --mirror
  wrote migrations/candor.lock
  wrote [adopt] to candor.toml
  adopted 2 of 2 migrations from public.migrations (TypeORM); 15 objects compared, no difference
  $ candor verify
  true: 15 objects are what 2 migrations produce

A new migration, as SQL; TypeORM would want to run the class of that stamp.

  $ migration 1700000000003_tags <<'END'
  > CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);
  > END
  $ cat > js/1700000000003-tags.js <<'END'
  > module.exports = class Tags1700000000003 {
  >   async up(query) { await query.query('CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL)') }
  >   async down(query) { await query.query('DROP TABLE tags') }
  > }
  > END
  $ typeorm migration:show
  [X] 1 CreateUsers1700000000001
  [X] 2 Posts1700000000002
  [ ] Tags1700000000003
  $ candor lock --quiet
  $ candor up
  applied 1700000000003_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_typeorm on SOCKET:5432 as user postgres in TIME
  true: 19 objects are what 3 migrations produce
  $ typeorm migration:show
  [X] 1 CreateUsers1700000000001
  [X] 2 Posts1700000000002
  [X] 3 Tags1700000000003
  $ typeorm migration:run
  No migrations are pending
  $ candor verify
  true: 19 objects are what 3 migrations produce

Without the row it would run it again:

  $ rows "DELETE FROM migrations WHERE name LIKE 'Tags%'"
  $ typeorm migration:run | grep '^Migration'
  Migration "Tags1700000000003" failed, error: relation "tags" already exists
  [1]
  $ candor adopt --mirror
  nothing to adopt from public.migrations (TypeORM): the ledger records all that is there; 19 objects compared, no difference
  recorded 1 migration in public.migrations (TypeORM)
  $ typeorm migration:run
  No migrations are pending
  $ rows 'SELECT timestamp, name FROM migrations ORDER BY id'
  1700000000001|CreateUsers1700000000001
  1700000000002|Posts1700000000002
  1700000000003|Tags1700000000003
