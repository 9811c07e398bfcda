Taken over from Drizzle, which skipped a migration without a word: its stamp is below the newest recorded one.

  $ . "$TESTDIR/setup.sh"
  $ mkdir -p drizzle/meta && cd drizzle
  $ echo 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL);' > 0000_users.sql
  $ echo 'CREATE TABLE posts (id serial PRIMARY KEY, author int REFERENCES users);' > 0001_posts.sql
  $ echo 'CREATE TABLE keys (id serial PRIMARY KEY, owner int REFERENCES users);' > 0002_keys.sql
  $ echo "INSERT INTO users (email) VALUES ('first@example.org');" > 0003_first_user.sql
  $ entry() { echo '{"idx":'$1',"version":"7","when":'$2',"tag":"'$3'","breakpoints":true}'; }
  $ echo '{"version":"7","dialect":"postgresql","entries":['"$(entry 0 1000 0000_users),$(entry 1 2000 0001_posts),$(entry 2 1500 0002_keys),$(entry 3 3000 0003_first_user)"']}' > meta/_journal.json
  $ cd ..
  $ cat > candor.toml <<EOF
  > dir = "drizzle"
  > EOF

What drizzle-orm left in production: three rows, and no table `keys`.

  $ psql -f drizzle/0000_users.sql -f drizzle/0001_posts.sql -f drizzle/0003_first_user.sql
  $ psql -c 'CREATE SCHEMA drizzle' -c 'CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)'
  $ row() { psql -c "INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('$(sha256sum drizzle/$1.sql | cut -d' ' -f1)', $2)"; }
  $ row 0000_users 1000; row 0001_posts 2000; row 0003_first_user 3000

  $ candor diagnose
  warning C0401: there is no drizzle/candor.lock: the history was replayed in a shadow for this run alone
    hint: run `candor lock` and commit the lock file
  database story_adopt on SOCKET:5432 as user postgres
  drizzle.__drizzle_migrations (Drizzle): 3 rows; 3 recorded, 1 never runs; checksums: 3 as it is
  present      0000_users  5 effects
  present      0001_posts  6 effects
  no trace     0003_first_user  it leaves nothing in the catalog
  absent       0002_keys  6 effects
  error C0806: Drizzle will never run 0002_keys: its `when` (1500) is not above the newest created_at (3000)
    hint: run `candor repair --history`, which lists and dates it, then either tool
  stands at 0003_first_user: 12 objects compared, no difference; drizzle.__drizzle_migrations says the same: 3 migrations recorded
  [1]
  $ candor adopt --dry-run --mirror > dry.txt; grep -c 'INSERT INTO' dry.txt; tail -2 dry.txt
  5
  -- dry run: would adopt 3 of 4 migrations from drizzle.__drizzle_migrations (Drizzle); 12 objects compared, no difference
  1 pending: 0002_keys; run `candor up --allow-out-of-order`
  $ ls drizzle
  0000_users.sql
  0001_posts.sql
  0002_keys.sql
  0003_first_user.sql
  meta
  $ candor adopt --mirror
  wrote drizzle/candor.lock
  wrote [adopt] to candor.toml
  warning C0806: Drizzle will never run 0002_keys: its `when` (1500) is not above the newest created_at (3000)
    hint: what the database lacks stays pending
  adopted 3 of 4 migrations from drizzle.__drizzle_migrations (Drizzle); 12 objects compared, no difference
  1 pending: 0002_keys; run `candor up --allow-out-of-order`
  $ cat candor.toml
  dir = "drizzle"
  
  [adopt]
  tool = "drizzle"
  table = "drizzle.__drizzle_migrations"
  mirror = true
  $ candor verify
  true: 12 objects are what 3 migrations produce
  $ candor up --allow-out-of-order
  applied 0002_keys  +1 sequence +1 table +2 columns +2 constraints  proven: 6 objects compared  TIME
  applied 1 migration to database story_adopt on SOCKET:5432 as user postgres in TIME
  true: 18 objects are what 4 migrations produce
  $ candor verify
  true: 18 objects are what 4 migrations produce
  $ psql -At -c 'SELECT created_at FROM drizzle.__drizzle_migrations ORDER BY 1'
  1000
  1500
  2000
  3000
  $ candor diagnose
  database story_adopt on SOCKET:5432 as user postgres
  drizzle.__drizzle_migrations (Drizzle): 4 rows; 4 recorded; checksums: 4 as it is
  present      0000_users  5 effects
  present      0001_posts  6 effects
  present      0002_keys  6 effects
  no trace     0003_first_user  it leaves nothing in the catalog
  stands at 0003_first_user: 18 objects compared, no difference; the ledger says the same: 4 migrations recorded

Adopting again finds nothing to do. A row that lies is found: the catalog decides.

  $ candor adopt
  nothing to adopt from drizzle.__drizzle_migrations (Drizzle): the ledger records all that is there; 18 objects compared, no difference
  $ psql -c 'DROP TABLE keys' -c 'DROP SCHEMA candor CASCADE' 2>/dev/null
  $ candor diagnose --json | grep -o '"tool":"[a-z]*"\|"verdict":"[a-z ]*"\|"form":"[a-z ]*"' | sort | uniq -c
        4 "form":"as it is"
        1 "tool":"drizzle"
        4 "verdict":"recorded"
  [1]
  $ candor diagnose
  database story_adopt on SOCKET:5432 as user postgres
  drizzle.__drizzle_migrations (Drizzle): 4 rows; 4 recorded; checksums: 4 as it is
  present      0000_users  5 effects
  present      0001_posts  6 effects
  no trace     0003_first_user  it leaves nothing in the catalog
  absent       0002_keys  6 effects  (the ledger claims it)
  error C0803: drizzle.__drizzle_migrations records 1 migration that the database lacks, or has in part: 0002_keys
    hint: run `candor repair`, which shows what would put it in
  warning C0706: 1 migration leaves no trace in the catalog, and drizzle.__drizzle_migrations, which is wrong about others, is all that tells whether it ran: 0003_first_user (recorded)
    hint: look at the rows that it changes, and correct the table where it is wrong: `candor adopt` goes by it
  stands at 0003_first_user: 12 objects compared, no difference; drizzle.__drizzle_migrations says otherwise: 4 migrations recorded
  [1]

Where the catalog is no state of the history, nothing is written.

  $ psql -c 'ALTER TABLE posts DROP COLUMN author'
  $ candor adopt
  error C0812: the database is no version of its history; 0001_posts is nearest, with 2 differences in 12 objects
    column public.posts.author: expected, and not there
    constraint public.posts.posts_author_fkey: expected, and not there
    hint: run `candor diagnose`, then `candor repair`, which shows what would put it right
  [1]

The table that candor.toml names is gone.

  $ psql -c 'ALTER TABLE posts ADD author int REFERENCES users' -c 'DROP TABLE drizzle.__drizzle_migrations'
  $ candor adopt
  error C0811: there is no drizzle.__drizzle_migrations, which [adopt] in candor.toml names
    hint: look whether this is the right database, or correct the setting
  [1]
