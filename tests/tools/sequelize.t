Taken over from Sequelize: its migrations are programs, so they are watched first and become SQL.

  $ . "$TESTDIR/setup.sh"
  $ sequelize() { tool sequelize-cli "$@" | sed '1,/^Using environment/d; /^ *$/d'; }
  $ mkdir migrations
  $ cat > .sequelizerc <<'END'
  > module.exports = { 'migrations-path': 'migrations', config: 'config.js' }
  > END
  $ cat > config.js <<'END'
  > const e = process.env
  > module.exports = { development: { dialect: 'postgres', host: e.PGHOST, port: e.PGPORT || 5432, username: e.PGUSER,
  >   password: e.PGPASSWORD, database: e.PGDATABASE, logging: false } }
  > END
  $ cat > migrations/20240101000000-create-users.js <<'END'
  > module.exports = {
  >   async up(query, { DataTypes: T }) {
  >     await query.createTable('Users', {
  >       id: { type: T.INTEGER, primaryKey: true, autoIncrement: true },
  >       email: { type: T.STRING, allowNull: false, unique: true },
  >       role: { type: T.ENUM('reader', 'writer'), allowNull: false, defaultValue: 'reader' },
  >       createdAt: { type: T.DATE, allowNull: false, defaultValue: T.NOW },
  >     })
  >   },
  >   down: query => query.dropTable('Users'),
  > }
  > END
  $ cat > migrations/20240102000000-create-posts.js <<'END'
  > module.exports = {
  >   async up(query, { DataTypes: T }) {
  >     await query.sequelize.transaction(async transaction => {
  >       await query.createTable('Posts', {
  >         id: { type: T.INTEGER, primaryKey: true, autoIncrement: true },
  >         author: { type: T.INTEGER, references: { model: 'Users', key: 'id' }, onDelete: 'CASCADE' },
  >         title: { type: T.TEXT, allowNull: false },
  >       }, { transaction })
  >       await query.addIndex('Posts', ['author', 'title'], { transaction })
  >     })
  >   },
  >   down: query => query.dropTable('Posts'),
  > }
  > END
  $ cat > migrations/20240103000000-first-user.js <<'END'
  > module.exports = {
  >   up: query => query.bulkInsert('Users', [{ email: "o'neil@example.org", role: 'writer', createdAt: new Date(0) }]),
  >   down: query => query.bulkDelete('Users', {}),
  > }
  > END
  $ sequelize db:migrate
  == 20240101000000-create-users: migrating =======
  == 20240101000000-create-users: migrated (TIME)
  == 20240102000000-create-posts: migrating =======
  == 20240102000000-create-posts: migrated (TIME)
  == 20240103000000-first-user: migrating =======
  == 20240103000000-first-user: migrated (TIME)

  $ capture --out sql -- sequelize-cli db:migrate
  captured 3 migrations of Sequelize from 39 statements
  true: replayed in a fresh database, the files make the same 18 objects, and the same rows in 1 table
  wrote 3 files to sql; next: candor lock --dir sql
  $ ls sql
  20240101000000_create_users.sql
  20240102000000_create_posts.sql
  20240103000000_first_user.sql
  $ cat sql/*posts.sql sql/*user.sql
  -- captured from 20240102000000-create-posts.js
  
  SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE;
  
  CREATE TABLE IF NOT EXISTS "Posts" ("id"  SERIAL , "author" INTEGER REFERENCES "Users" ("id") ON DELETE CASCADE, "title" TEXT NOT NULL, PRIMARY KEY ("id"));
  
  CREATE INDEX "posts_author_title" ON "Posts" ("author", "title");
  -- captured from 20240103000000-first-user.js
  
  SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE;
  
  INSERT INTO "Users" ("email","role","createdAt") VALUES ('o''neil@example.org','writer','1970-01-01 00:00:00.000 +00:00');
  $ echo 'dir = "sql"' > candor.toml
  $ candor adopt --mirror
  wrote sql/candor.lock
  wrote [adopt] to candor.toml
  adopted 3 of 3 migrations from public."SequelizeMeta" (Sequelize); 18 objects compared, no difference
  $ candor verify
  true: 18 objects are what 3 migrations produce

A new migration, as SQL; Sequelize would want to run a program of that name.

  $ cat > sql/20240104000000_add_tags.sql <<'END'
  > CREATE TABLE "Tags" (id int PRIMARY KEY, name text NOT NULL);
  > END
  $ cat > migrations/20240104000000-add-tags.js <<'END'
  > module.exports = { up: query => query.sequelize.query('CREATE TABLE "Tags" (id int PRIMARY KEY, name text NOT NULL)') }
  > END
  $ sequelize db:migrate:status
  up 20240101000000-create-users.js
  up 20240102000000-create-posts.js
  up 20240103000000-first-user.js
  down 20240104000000-add-tags.js
  $ candor lock --quiet
  $ candor up
  applied 20240104000000_add_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_sequelize on SOCKET:5432 as user postgres in TIME
  true: 22 objects are what 4 migrations produce
  $ sequelize db:migrate:status
  up 20240101000000-create-users.js
  up 20240102000000-create-posts.js
  up 20240103000000-first-user.js
  up 20240104000000-add-tags.js
  $ sequelize db:migrate
  No migrations were executed, database schema was already up to date.
  $ candor verify
  true: 22 objects are what 4 migrations produce

Without the row it would run it again:

  $ rows "DELETE FROM \"SequelizeMeta\" WHERE name LIKE '%tags.js'"
  $ sequelize db:migrate
  == 20240104000000-add-tags: migrating =======
  ERROR: relation "Tags" already exists
  [1]
  $ candor diagnose
  database story_sequelize on SOCKET:5432 as user postgres
  public."SequelizeMeta" (Sequelize): 3 rows; 3 recorded, 1 would run
  present      20240101000000_create_users  9 effects
  present      20240102000000_create_posts  8 effects
  no trace     20240103000000_first_user  it leaves nothing in the catalog
  present      20240104000000_add_tags  4 effects
  error C0804: 1 migration is in the database and not in public."SequelizeMeta": 20240104000000_add_tags
    hint: run `candor adopt`, which records what the catalog proves
  stands at 20240104000000_add_tags: 22 objects compared, no difference; the ledger says the same: 4 migrations recorded
  [1]
  $ candor adopt --mirror
  nothing to adopt from public."SequelizeMeta" (Sequelize): the ledger records all that is there; 22 objects compared, no difference
  recorded 1 migration in public."SequelizeMeta" (Sequelize)
  $ sequelize db:migrate
  No migrations were executed, database schema was already up to date.
