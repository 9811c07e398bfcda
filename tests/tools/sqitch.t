Taken over from Sqitch, whose plan and scripts Candor reads where they lie.

  $ . "$TESTDIR/setup.sh"
  $ sqitch() { tool command sqitch "$@" | sed -E 's/[0-9a-f]{40}/HASH/'; }
  $ export SQITCH_FULLNAME=Ada SQITCH_EMAIL=ada@example.org LC_ALL=C.UTF-8
  $ mkdir shop && cd shop
  $ sqitch init shop --engine pg --target "db:pg://$PGUSER@/$PGDATABASE?host=$PGHOST" > /dev/null
  $ change() { # NAME; what deploys it on standard input
  >   sqitch add "$1" -n "$1" "${@:2}" > /dev/null
  >   { echo 'BEGIN;'; cat; echo 'COMMIT;'; } > "deploy/$1.sql"
  > }
  $ change users <<'END'
  > CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
  > END
  $ change posts --requires users <<'END'
  > CREATE TABLE posts (id serial PRIMARY KEY, author int REFERENCES users);
  > INSERT INTO users (email) VALUES ('o''neil@example.org');
  > END
  $ echo 'DROP TABLE posts;' > revert/posts.sql
  $ sqitch tag v1 -n 'first release' > /dev/null
  $ sqitch deploy
  Adding registry tables to db:pg://postgres@/story_sqitch?host=SOCKET
  Deploying changes to db:pg://postgres@/story_sqitch?host=SOCKET
    + users ...... ok
    + posts @v1 .. ok
  $ candor adopt --mirror
  wrote ./candor.lock
  wrote [adopt] to candor.toml
  adopted 2 of 2 migrations from sqitch.changes (Sqitch); 13 objects compared, no difference
  $ candor verify
  true: 13 objects are what 2 migrations produce
  $ change tags <<'END'
  > CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);
  > END
  $ sqitch status
  # On database db:pg://postgres@/story_sqitch?host=SOCKET
  # Project:  shop
  # Change:   HASH
  # Name:     posts
  # Tag:      @v1
  # Deployed: INSTANT +0000
  # By:       Ada <ada@example.org>
  # 
  Undeployed change:
    * tags
  $ candor lock --quiet
  $ candor up
  applied 0003_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_sqitch on SOCKET:5432 as user postgres in TIME
  true: 17 objects are what 3 migrations produce
  $ sqitch status
  # On database db:pg://postgres@/story_sqitch?host=SOCKET
  # Project:  shop
  # Change:   HASH
  # Name:     tags
  # Deployed: INSTANT +0000
  # By:       Candor <candor@localhost>
  # 
  Nothing to deploy (up-to-date)
  $ sqitch deploy
  Nothing to deploy (up-to-date)
  $ sqitch verify
  Verifying db:pg://postgres@/story_sqitch?host=SOCKET
    * users ...... ok
    * posts @v1 .. ok
    * tags ....... ok
  Verify successful
  $ candor verify
  true: 17 objects are what 3 migrations produce

Taken back with Candor, it is Sqitch's to deploy again, and Candor's to adopt:

  $ echo 'DROP TABLE public.tags;' > revert/tags.sql
  $ candor down --yes
  reverted 0003_tags  13 objects compared, as before it  TIME
  true: 13 objects are what 2 migrations produce
  $ sqitch status
  # On database db:pg://postgres@/story_sqitch?host=SOCKET
  # Project:  shop
  # Change:   HASH
  # Name:     posts
  # Tag:      @v1
  # Deployed: INSTANT +0000
  # By:       Ada <ada@example.org>
  # 
  Undeployed change:
    * tags
  $ sqitch log --event revert --format format:'%e %n by %c'
  On database db:pg://postgres@/story_sqitch?host=SOCKET
  revert tags by Candor <candor@localhost>
  $ sqitch deploy
  Deploying changes to db:pg://postgres@/story_sqitch?host=SOCKET
    + tags .. ok
  $ candor adopt --mirror
  adopted 1 of 1 migration from sqitch.changes (Sqitch); 17 objects compared, no difference
  $ candor verify
  true: 17 objects are what 3 migrations produce

Without the rows it would run it again:

  $ rows "DELETE FROM sqitch.events WHERE change = 'tags'"
  $ rows "DELETE FROM sqitch.changes WHERE change = 'tags'"
  $ sqitch deploy | grep -o 'relation .*'
  relation "tags" already exists
  [2]
  $ rows "SELECT change, note FROM sqitch.changes ORDER BY committed_at"
  users|users
  posts|posts
