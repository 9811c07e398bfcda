A lock file that is cut short, edited or half merged is not believed.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key);
  > SQL
  $ migration 0002_posts <<'SQL'
  > create table posts (id int primary key);
  > SQL
  $ candor lock --quiet
  $ cp migrations/candor.lock whole
  $ head -n 12 whole >migrations/candor.lock
  $ candor up
  error C0402: the lock file is truncated: it ends before its `end` line
    migrations/candor.lock:13:1
    hint: restore it from version control, or write it anew with `candor lock`
  [1]
  $ sed 's/type=integer/type=bigint/' whole >migrations/candor.lock
  $ candor up
  error C0403: the chain of migration 0001 users does not fit its lines and the top of the file
    migrations/candor.lock:12:78
      12 | chain sha256:HASH
         |                                                                              ^
    hint: restore it from version control, or write it anew with `candor lock`
  [1]
  $ { echo '<<<<<<< ours'; cat whole; } >migrations/candor.lock
  $ candor up
  error C0405: the lock file holds the conflict markers of a merge
    migrations/candor.lock:1:1
      1 | <<<<<<< ours
        | ^
    hint: keep the migration files of both sides, then run `candor lock` to write it anew
  [1]
  $ sed 's/^candor.lock 1$/candor.lock 99/' whole >migrations/candor.lock
  $ candor up
  error C0404: the lock file has version 99, this Candor knows 1
    migrations/candor.lock:1:15
      1 | candor.lock 99
        |               ^
    hint: install the Candor that wrote it, or a newer one
  [1]
  $ sed 's/$/\r/' whole >migrations/candor.lock
  $ candor up
  applied 0001_users  +1 table +1 column +1 constraint  proven: 3 objects compared  TIME
  applied 0002_posts  +1 table +1 column +1 constraint  proven: 3 objects compared  TIME
  applied 2 migrations to database story_lock_tampered on SOCKET:5432 as user postgres in TIME
  true: 7 objects are what 2 migrations produce

A migration that is gone, and one that is not locked:

  $ cp whole migrations/candor.lock
  $ mv migrations/0002_posts.sql 0002
  $ candor verify
  error C0410: migration 0002 posts is locked, but its file 0002_posts.sql is gone
    hint: restore the file, or run `candor lock` if no database has applied it
  unproven: 7 objects compared, but not everything was
  [1]
  $ mv 0002 migrations/0003_posts.sql
  $ candor check
  warning C0308: number 2 is missing between 0001_users.sql and 0003_posts.sql
    hint: find out whether a migration was lost, for instance in a merge
  error C0410: migration 0002 posts was renamed: 0002_posts.sql is now 0003_posts.sql
    hint: give the file its name back, or run `candor lock` if no database has applied it
  checked 2 migrations in migrations: 1 error, 1 warning
  [1]
