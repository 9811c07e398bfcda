A file that is edited after it was locked is judged by its effects.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key);
  > SQL
  $ candor lock --quiet && candor up --quiet
  $ migration 0001_users <<'SQL'
  > -- Copyright the authors.
  > create table users
  > (
  >   id int primary key
  > );
  > SQL
  $ candor up
  error C0408: 0001_users.sql was edited after it was locked: its checksum is sha256:HASH, the lock has sha256:HASH
    hint: restore the file, or run `candor lock` to see whether it still does the same
  nothing was applied
  [1]
  $ candor lock
  replayed 1 migration on PostgreSQL N: 3 effects in TIME (shadow ready in TIME)
  ~ 0001_users  edited, same effects: accepted
  wrote migrations/candor.lock
  $ candor up
  warning C0204: 0001_users.sql was edited after this database applied it: its checksum is sha256:HASH, the ledger has sha256:HASH
    hint: restore the file if the edit was a mistake
  nothing is pending
  true: 4 objects are what 1 migration produces

Other effects are refused.

  $ migration 0001_users <<'SQL'
  > create table users (id bigint primary key);
  > SQL
  $ candor lock
  replayed 1 migration on PostgreSQL N: 3 effects in TIME (shadow ready in TIME)
  error C0415: 0001_users.sql was edited after it was locked, and now has other effects
      locked  + column public.users.id type=integer not_null=true position=1
      now     + column public.users.id type=bigint not_null=true position=1
    hint: restore the file and put the difference into a new migration; if no database that matters has applied it, run `candor lock --accept-edited`
  [1]
  $ candor verify
  error C0408: 0001_users.sql was edited after it was locked: its checksum is sha256:HASH, the lock has sha256:HASH
    hint: restore the file, or run `candor lock` to see whether it still does the same
  error C0204: 0001_users.sql was edited after this database applied it: its checksum is sha256:HASH, the ledger has sha256:HASH
    hint: restore the file, or run `candor lock` to see whether it still does the same
  unproven: 4 objects compared, but not everything was
  [1]
