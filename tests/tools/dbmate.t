Taken over from dbmate, whose files Candor reads where they lie.

  $ . "$TESTDIR/setup.sh"
  $ dbmate() { # the program alone; the npm package `dbmate` only starts it
  >   tool node_modules/@dbmate/linux-x64/bin/dbmate --url "postgres://$PGUSER@/$PGDATABASE?socket=$PGHOST" --migrations-dir migrations \
  >     --no-dump-schema "$@" | sed -E 's/ in (TIME|[0-9.]+.*)$//'
  > }
  $ mkdir migrations
  $ cat > migrations/20240101000000_users.sql <<'END'
  > -- migrate:up
  > CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
  > -- migrate:down
  > DROP TABLE users;
  > END
  $ cat > migrations/20240102000000_posts.sql <<'END'
  > -- migrate:up
  > CREATE TABLE posts (id serial PRIMARY KEY, author int REFERENCES users);
  > INSERT INTO users (email) VALUES ('o''neil@example.org');
  > -- migrate:down
  > DROP TABLE posts;
  > END
  $ cat > migrations/20240103000000_index.sql <<'END'
  > -- migrate:up transaction:false
  > CREATE INDEX CONCURRENTLY posts_author ON posts (author);
  > -- migrate:down transaction:false
  > DROP INDEX CONCURRENTLY posts_author;
  > END
  $ dbmate up
  Applying: 20240101000000_users.sql
  Applied: 20240101000000_users.sql
  Applying: 20240102000000_posts.sql
  Applied: 20240102000000_posts.sql
  Applying: 20240103000000_index.sql
  Applied: 20240103000000_index.sql

  $ candor adopt --mirror
  wrote migrations/candor.lock
  wrote [adopt] to candor.toml
  adopted 3 of 3 migrations from public.schema_migrations (dbmate); 14 objects compared, no difference
  $ candor verify
  true: 14 objects are what 3 migrations produce
  $ cat > migrations/20240104000000_tags.sql <<'END'
  > -- migrate:up
  > CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);
  > -- migrate:down
  > DROP TABLE tags;
  > END
  $ dbmate status
  [X] 20240101000000_users.sql
  [X] 20240102000000_posts.sql
  [X] 20240103000000_index.sql
  [ ] 20240104000000_tags.sql
  
  Applied: 3
  Pending: 1
  $ candor lock --quiet
  $ candor up
  applied 20240104000000_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_dbmate on SOCKET:5432 as user postgres in TIME
  true: 18 objects are what 4 migrations produce
  $ dbmate status
  [X] 20240101000000_users.sql
  [X] 20240102000000_posts.sql
  [X] 20240103000000_index.sql
  [X] 20240104000000_tags.sql
  
  Applied: 4
  Pending: 0
  $ dbmate up
  $ candor verify
  true: 18 objects are what 4 migrations produce

Taken back with Candor, it is dbmate's to apply again, and Candor's to adopt:

  $ candor down --yes
  reverted 20240104000000_tags  14 objects compared, as before it  TIME
  true: 14 objects are what 3 migrations produce
  $ dbmate up
  Applying: 20240104000000_tags.sql
  Applied: 20240104000000_tags.sql
  $ candor adopt --mirror
  adopted 1 of 1 migration from public.schema_migrations (dbmate); 18 objects compared, no difference
  $ candor verify
  true: 18 objects are what 4 migrations produce

Without the row it would run it again:

  $ rows "DELETE FROM schema_migrations WHERE version = '20240104000000'"
  $ dbmate up
  Applying: 20240104000000_tags.sql
  Applied: 20240104000000_tags.sql
  Error: pq: relation "tags" already exists (42P07)
  [2]
  $ candor adopt --mirror
  nothing to adopt from public.schema_migrations (dbmate): the ledger records all that is there; 18 objects compared, no difference
  recorded 1 migration in public.schema_migrations (dbmate)
  $ dbmate up
