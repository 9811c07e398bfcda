Taken over from postgrator, whose files Candor reads where they lie.

  $ . "$TESTDIR/setup.sh"
  $ cat > migrate.mjs <<'END'
  > import Postgrator from 'postgrator'
  > import pg from 'pg'
  > const client = new pg.Client()
  > await client.connect()
  > const postgrator = new Postgrator({ migrationPattern: 'migrations/*', driver: 'pg', database: process.env.PGDATABASE,
  >   schemaTable: 'schemaversion', execQuery: query => client.query(query) })
  > const ran = await postgrator.migrate().catch(error => { console.log(`failed: ${error.message}`); process.exit(1) })
  > console.log(`ran ${ran.length}`, ...ran.map(one => one.name))
  > await client.end()
  > END
  $ mkdir migrations
  $ echo 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);' > migrations/001.do.users.sql
  $ echo 'DROP TABLE users;' > migrations/001.undo.users.sql
  $ cat > migrations/002.do.posts.sql <<'END'
  > CREATE TABLE posts (id serial PRIMARY KEY, author int REFERENCES users);
  > CREATE INDEX posts_author ON posts (author);
  > END
  $ echo 'DROP TABLE posts;' > migrations/002.undo.posts.sql
  $ echo "INSERT INTO users (email) VALUES ('o''neil@example.org');" > migrations/003.do.first-user.sql
  $ tool node migrate.mjs
  ran 3 users posts first-user

  $ candor adopt --mirror
  wrote migrations/candor.lock
  wrote [adopt] to candor.toml
  adopted 3 of 3 migrations from public.schemaversion (postgrator); 14 objects compared, no difference
  $ candor verify
  true: 14 objects are what 3 migrations produce
  $ echo 'CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);' > migrations/004.do.tags.sql
  $ candor lock --quiet
  $ candor up
  applied 004_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_postgrator on SOCKET:5432 as user postgres in TIME
  true: 18 objects are what 4 migrations produce
  $ tool node migrate.mjs
  ran 0
  $ candor verify
  true: 18 objects are what 4 migrations produce
  $ rows 'SELECT version, name, md5 IS NOT NULL FROM schemaversion ORDER BY 1'
  0||f
  1|users|t
  2|posts|t
  3|first-user|t
  4|tags|t

Without the row it would run it again:

  $ rows "DELETE FROM schemaversion WHERE version = 4"
  $ tool node migrate.mjs
  failed: relation "tags" already exists
  [1]
  $ candor adopt --mirror
  nothing to adopt from public.schemaversion (postgrator): the ledger records all that is there; 18 objects compared, no difference
  recorded 1 migration in public.schemaversion (postgrator)
  $ tool node migrate.mjs
  ran 0

It compares checksums: a row with a wrong one would stop it.

  $ rows "UPDATE schemaversion SET md5 = md5('') WHERE version = 4"
  $ tool node migrate.mjs
  failed: MD5 checksum failed for migration [4]
  [1]
  $ candor diagnose | grep -A 1 -E '^(error|warning)'
  warning C0805: 004_tags was edited after postgrator applied it; what it does now is all in the database
    hint: restore the text that was applied, or give postgrator the new checksum as its manual says
  error C0808: postgrator refuses to run: the file of 4 was edited, and postgrator compares checksums
    hint: run `candor adopt` and go on with Candor, or correct the row as the tool's manual says
  [1]
