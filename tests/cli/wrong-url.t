What cannot be reached is said without the password.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key);
  > SQL
  $ candor lock --quiet
  $ candor status --url "postgres://bob:s3cret@/nowhere?host=$PGHOST"
  error C0102: connection to server on socket "SOCKET/.s.PGSQL.5432" failed: FATAL: role "bob" does not exist
    SQLSTATE 28000
    hint: check user and password, and the server's pg_hba.conf
  [3]
  $ candor status --url "host=/nonexistent user=bob password=s3cret"
  error C0101: connection to server on socket "/nonexistent/.s.PGSQL.5432" failed: No such file or directory
    \tIs the server running locally and accepting connections on that socket? (esc)
    hint: check that the server runs, and its host and port
  [3]
  $ candor status --url "postgres://bob:s3cret@@/::x"
  error C0101: connection to server on socket "@/.s.PGSQL.5432" failed: Connection refused
    \tIs the server running locally and accepting connections on that socket? (esc)
    hint: check that the server runs, and its host and port
  [3]
  $ candor stauts
  error C0001: there is no command stauts
    hint: did you mean `candor status`?
  [2]
  $ candor status --dri x
  error C0001: there is no option --dri
    hint: did you mean --dir?
  [2]
