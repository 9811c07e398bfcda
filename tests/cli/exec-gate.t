The start-up gate: the command starts only on a database that is true.

  $ . "$TESTDIR/setup.sh"
  $ migration 1_users <<'SQL'
  > create table users (id bigint primary key);
  > SQL
  $ candor lock >/dev/null

What is only to be compared is not applied.

  $ candor exec --verify-only -- echo started
  notice C0208: the database has no ledger: nothing was ever applied by Candor
    hint: run `candor up`, which makes it
  true: 1 object is what 0 migrations produce
  error C0604: 1 migration is pending
    hint: run `candor up`, or `candor exec` without --verify-only
  echo was not started
  [1]
  $ candor exec -- sh -c 'echo "started with $0 $1 and $PGDATABASE"' one 'two  words'
  applied 1_users  +1 table +1 column +1 constraint  proven: 3 objects compared  TIME
  true: 4 objects are what 1 migration produces
  started with one two  words and story_exec_gate
  $ candor exec --verify-only -- sh -c 'exit 7'
  true: 4 objects are what 1 migration produces
  [7]

A command that cannot be started is told apart from one that failed.

  $ candor exec -- ./no-such-program
  true: 4 objects are what 1 migration produces
  error C0007: ./no-such-program cannot be started: No such file or directory
    hint: check the name and PATH; it is started without a shell
  [2]
  $ candor exec
  error C0001: candor exec needs a program to start
    hint: put it behind --: candor exec -- PROGRAM ARGUMENTS
  [2]

A hand-made change closes the gate.

  $ psql -c 'alter table users add sneaked int'
  $ candor exec -- echo started
  extra     column public.users.sneaked
  differs: 1 difference in 5 objects
  echo was not started
  [1]
  $ candor exec --verify-only -- echo started
  extra     column public.users.sneaked
  differs: 1 difference in 5 objects
  echo was not started
  [1]

So does a migration that fails, and a server that is not there.

  $ psql -c 'alter table users drop sneaked'
  $ migration 2_rows <<'SQL'
  > -- candor:expect (select count(*) > 0 from users)
  > create table rows ();
  > SQL
  $ candor lock >/dev/null
  $ candor exec -- echo started
  error C0503: 2_rows.sql: the assertion `(select count(*) > 0 from users)` is false
    hint: look at the data, then correct the migration or the assertion
  2_rows was rolled back: nothing of it is left
  [1]
  $ DATABASE_URL="host=$PWD/nowhere dbname=x" candor exec --wait 1s -- echo started
  error C0101: connection to server on socket "FOLDER/nowhere/.s.PGSQL.5432" failed: No such file or directory
    \tIs the server running locally and accepting connections on that socket? (esc)
    hint: check that the server runs, and its host and port
  [3]
