Taken over from db-migrate: its migrations are programs, so they are watched first and become SQL.

  $ . "$TESTDIR/setup.sh"
  $ db_migrate() { tool env -u DATABASE_URL db-migrate "$@" | grep -o '\(Processed\|No migr\|relation\|TypeError\).*'; }
  $ mkdir migrations
  $ cat > database.json <<'END'
  > { "dev": { "driver": "pg", "host": { "ENV": "PGHOST" }, "port": { "ENV": "PGPORT" }, "user": { "ENV": "PGUSER" },
  >   "password": { "ENV": "PGPASSWORD" }, "database": { "ENV": "PGDATABASE" } } }
  > END
  $ cat > migrations/20240101000000-users.js <<'END'
  > exports.setup = () => {}
  > exports.up = async db => {
  >   await db.createTable('users', { id: { type: 'int', primaryKey: true, autoIncrement: true }, email: { type: 'string', notNull: true } })
  >   await db.runSql('INSERT INTO users (email) VALUES (?)', ["o'neil@example.org"])
  > }
  > END
  $ cat > migrations/20240102000000-posts.js <<'END'
  > exports.setup = () => {}
  > exports.up = async db => {
  >   await db.createTable('posts', { id: 'int', author: { type: 'int', foreignKey: { name: 'posts_author', table: 'users', mapping: 'id', rules: {} } } })
  >   await db.addIndex('posts', 'posts_by_author', ['author'])
  > }
  > END
  $ db_migrate up
  Processed migration 20240101000000-users
  Processed migration 20240102000000-posts

  $ capture --out sql -- db-migrate up
  captured 2 migrations of db-migrate from 17 statements
  true: replayed in a fresh database, the files make the same 11 objects, and the same rows in 1 table
  wrote 2 files to sql; next: candor lock --dir sql
  $ cat sql/*posts.sql
  -- captured from /20240102000000-posts
  
  SET search_path TO "$user","public";
  
  CREATE TABLE  "posts" ("id" INTEGER  , "author" INTEGER  );
  
  ALTER TABLE "posts" ADD CONSTRAINT "posts_author" FOREIGN KEY ("author") REFERENCES "users" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
  
  CREATE  INDEX "posts_by_author" ON "posts" ("author");
  $ echo 'dir = "sql"' > candor.toml
  $ candor adopt --mirror
  wrote sql/candor.lock
  wrote [adopt] to candor.toml
  adopted 2 of 2 migrations from public.migrations (db-migrate); 11 objects compared, no difference
  $ candor verify
  true: 11 objects are what 2 migrations produce

A new migration, as SQL; the program of that name is what db-migrate would run.

  $ echo 'CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);' > sql/20240103000000_add_tags.sql
  $ echo "exports.setup = () => {}; exports.up = db => db.runSql('CREATE TABLE tags (id int)')" > migrations/20240103000000-add-tags.js
  $ candor lock --quiet && candor up
  applied 20240103000000_add_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_db_migrate on SOCKET:5432 as user postgres in TIME
  true: 15 objects are what 3 migrations produce
  $ db_migrate up
  No migrations to run
  $ candor verify
  true: 15 objects are what 3 migrations produce
  $ rows 'SELECT name FROM migrations ORDER BY id'
  /20240101000000-users
  /20240102000000-posts
  /20240103000000-add-tags

Without the row it would run it again:

  $ rows "DELETE FROM migrations WHERE name LIKE '%tags'"
  $ db_migrate up
  relation "tags" already exists
  [1]
  $ candor adopt --mirror
  nothing to adopt from public.migrations (db-migrate): the ledger records all that is there; 15 objects compared, no difference
  recorded 1 migration in public.migrations (db-migrate)
  $ db_migrate up
  No migrations to run
