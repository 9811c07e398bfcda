Taken over from node-pg-migrate, whose SQL files Candor reads where they lie.

  $ . "$TESTDIR/setup.sh"
  $ pgm() {
  >   DATABASE_URL="postgres://$PGUSER@/$PGDATABASE?host=$PGHOST" \
  >     tool command node-pg-migrate "$@" | grep '^###\|^Error\|[Mm]igrations \|already'; }
  $ mkdir migrations
  $ cat > migrations/1700000000001_users.sql <<'END'
  > -- Up Migration
  > CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
  > -- Down Migration
  > DROP TABLE users;
  > END
  $ cat > migrations/1700000000002_posts.sql <<'END'
  > -- Up Migration
  > CREATE TABLE posts (id serial PRIMARY KEY, author int REFERENCES users);
  > CREATE INDEX posts_author ON posts (author);
  > INSERT INTO users (email) VALUES ('o''neil@example.org');
  > -- Down Migration
  > DROP TABLE posts;
  > END
  $ pgm up
  ### MIGRATION 1700000000001_users (UP) ###
  ### MIGRATION 1700000000002_posts (UP) ###
  Migrations complete!

  $ candor adopt --mirror
  wrote candor.lock
  wrote [adopt] to candor.toml
  adopted 2 of 2 migrations from public.pgmigrations (node-pg-migrate); 14 objects compared, no difference
  $ candor verify
  true: 14 objects are what 2 migrations produce
  $ cat > migrations/1700000000003_tags.sql <<'END'
  > -- Up Migration
  > CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);
  > -- Down Migration
  > DROP TABLE tags;
  > END
  $ pgm up --dry-run
  ### MIGRATION 1700000000003_tags (UP) ###
  Migrations complete!
  $ candor lock --quiet
  $ candor up
  applied 1700000000003_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_node_pg_migrate on SOCKET:5432 as user postgres in TIME
  true: 18 objects are what 3 migrations produce
  $ pgm up
  No migrations to run!
  Migrations complete!
  $ candor verify
  true: 18 objects are what 3 migrations produce

Without the row it would run it again:

  $ rows "DELETE FROM pgmigrations WHERE name LIKE '%tags'"
  $ pgm up
  ### MIGRATION 1700000000003_tags (UP) ###
  Error executing:
  error: relation "tags" already exists
  error: relation "tags" already exists
  [1]
  $ candor adopt --mirror
  nothing to adopt from public.pgmigrations (node-pg-migrate): the ledger records all that is there; 18 objects compared, no difference
  recorded 1 migration in public.pgmigrations (node-pg-migrate)
  $ pgm up
  No migrations to run!
  Migrations complete!

And back: node-pg-migrate takes back what Candor applied, and Candor says so.

  $ pgm down
  ### MIGRATION 1700000000003_tags (DOWN) ###
  Migrations complete!
  $ candor verify
  missing   table public.tags
  missing   column public.tags.id
  missing   column public.tags.name
  missing   constraint public.tags.tags_pkey
  differs: 4 differences in 18 objects
  [1]
  $ candor diagnose
  database story_node_pg_migrate on SOCKET:5432 as user postgres
  public.pgmigrations (node-pg-migrate): 2 rows; 2 recorded, 1 would run
  present      1700000000001_users  6 effects
  present      1700000000002_posts  7 effects
  absent       1700000000003_tags  4 effects  (the ledger claims it)
  error C0702: the ledger records 1 migration that the database lacks: 1700000000003_tags
    hint: run `candor repair`, which shows what makes them pending or puts them in
  stands at 1700000000002_posts: 14 objects compared, no difference; the ledger says otherwise: 3 migrations recorded
  [1]
