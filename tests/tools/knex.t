Taken over from Knex: its migrations are programs, so they are watched first and become SQL.

  $ . "$TESTDIR/setup.sh"
  $ knex() { tool command knex "$@" | grep -v '^ \|^$\|^error'; }
  $ mkdir js
  $ cat > knexfile.js <<'END'
  > module.exports = { client: 'pg', connection: { host: process.env.PGHOST, port: process.env.PGPORT || 5432,
  >   user: process.env.PGUSER, password: process.env.PGPASSWORD, database: process.env.PGDATABASE },
  >   migrations: { directory: 'js' } }
  > END
  $ cat > js/20240101000000_users.js <<'END'
  > exports.up = knex => knex.schema.createTable('users', t => {
  >   t.increments()
  >   t.string('email').notNullable().unique()
  >   t.enu('role', ['reader', 'writer'], { useNative: true, enumName: 'user_role' }).defaultTo('reader')
  >   t.timestamps(true, true)
  > })
  > exports.down = knex => knex.schema.dropTable('users')
  > END
  $ cat > js/20240102000000_posts.js <<'END'
  > exports.up = async knex => {
  >   await knex.schema.createTable('posts', t => {
  >     t.increments()
  >     t.integer('author').references('users.id').onDelete('CASCADE').index()
  >     t.jsonb('tags').notNullable().defaultTo('[]')
  >   })
  >   await knex('users').insert({ email: "o'neil@example.org", created_at: new Date(0), updated_at: new Date(0) })
  > }
  > exports.down = knex => knex.schema.dropTable('posts')
  > END
  $ cat > js/20240103000000_index.js <<'END'
  > exports.config = { transaction: false }
  > exports.up = knex => knex.raw('CREATE INDEX CONCURRENTLY posts_tags ON posts USING gin (tags)')
  > exports.down = knex => knex.raw('DROP INDEX posts_tags')
  > END
  $ knex migrate:latest
  Batch 1 run: 3 migrations

  $ capture -- knex migrate:latest
  captured 3 migrations of Knex from 29 statements
  true: replayed in a fresh database, the files make the same 20 objects, and the same rows in 1 table
  wrote 3 files to migrations; next: candor lock --dir migrations
  $ ls migrations
  20240101000000_users.sql
  20240102000000_posts.sql
  20240103000000_index.sql
  $ cat migrations/*posts.sql migrations/*index.sql
  -- captured from 20240102000000_posts.js
  
  create table "posts" ("id" serial primary key, "author" integer, "tags" jsonb not null default '[]');
  
  alter table "posts" add constraint "posts_author_foreign" foreign key ("author") references "users" ("id") on delete CASCADE;
  
  create index "posts_author_index" on "posts" ("author");
  
  insert into "users" ("created_at", "email", "updated_at") values ('1970-01-01 00:00:00+00', 'o''neil@example.org', '1970-01-01 00:00:00+00');
  -- captured from 20240103000000_index.js
  
  CREATE INDEX CONCURRENTLY posts_tags ON posts USING gin (tags);
  $ candor adopt --mirror
  wrote migrations/candor.lock
  wrote [adopt] to candor.toml
  adopted 3 of 3 migrations from public.knex_migrations (Knex); 20 objects compared, no difference
  $ candor verify
  true: 20 objects are what 3 migrations produce

A new migration, as SQL; the program of that name is what Knex would run.

  $ migration 20240104000000_tags <<'END'
  > CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);
  > END
  $ cat > js/20240104000000_tags.js <<'END'
  > exports.up = knex => knex.raw('CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL)')
  > exports.down = knex => knex.raw('DROP TABLE tags')
  > END
  $ knex migrate:list
  Found 3 Completed Migration file/files.
  20240101000000_users.js
  20240102000000_posts.js
  20240103000000_index.js
  Found 1 Pending Migration file/files.
  20240104000000_tags.js
  $ candor lock --quiet
  $ candor up
  applied 20240104000000_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_knex on SOCKET:5432 as user postgres in TIME
  true: 24 objects are what 4 migrations produce
  $ knex migrate:list
  Found 4 Completed Migration file/files.
  20240101000000_users.js
  20240102000000_posts.js
  20240103000000_index.js
  20240104000000_tags.js
  No Pending Migration files Found.
  $ knex migrate:latest
  Already up to date
  $ candor verify
  true: 24 objects are what 4 migrations produce

Without the row it would run it again:

  $ rows "DELETE FROM knex_migrations WHERE name LIKE '%tags.js'"
  $ knex migrate:latest
  migration file "20240104000000_tags.js" failed
  migration failed with error: CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL) - relation "tags" already exists
  [1]
  $ candor adopt --mirror
  nothing to adopt from public.knex_migrations (Knex): the ledger records all that is there; 24 objects compared, no difference
  recorded 1 migration in public.knex_migrations (Knex)
  $ knex migrate:latest
  Already up to date
  $ rows 'SELECT name, batch FROM knex_migrations ORDER BY id'
  20240101000000_users.js|1
  20240102000000_posts.js|1
  20240103000000_index.js|1
  20240104000000_tags.js|2

Under another name, the table of Knex's lock is called after it.

  $ fresh_database story_knex_renamed
  $ sed -i "s/directory: 'js'/directory: 'js', tableName: 'schema_log'/" knexfile.js
  $ rm candor.toml
  $ knex migrate:latest
  Batch 1 run: 4 migrations
  $ candor adopt
  wrote [adopt] to candor.toml
  adopted 4 of 4 migrations from public.schema_log (Knex); 24 objects compared, no difference
  $ candor verify
  true: 24 objects are what 4 migrations produce
