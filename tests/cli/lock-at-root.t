The lock file lies beside the migrations; or beside candor.toml, where it was moved to.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<<'create table users (id int primary key);'
  $ candor lock --quiet && mv migrations/candor.lock . && candor check
  checked 1 migration in migrations: 0 errors, 0 warnings

Damaged, it is mended where it lies, and no second one is written.

  $ echo damaged >candor.lock
  $ candor lock 2>&1 | tail -1
  wrote candor.lock
  $ ls migrations && candor check --quiet
  0001_users.sql

node-pg-migrate stops at any file of its folder that is no migration: there the lock is never written.

  $ rm -r candor.lock migrations
  $ migration 1700000000001_users <<'END'
  > -- Up Migration
  > create table users (id int primary key);
  > END
  $ candor lock
  replayed 1 migration on PostgreSQL N: 3 effects in TIME (shadow ready in TIME)
  wrote candor.lock
  $ candor up --quiet && candor verify
  true: 4 objects are what 1 migration produces
  $ ls migrations
  1700000000001_users.sql
