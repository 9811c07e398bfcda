What is wrong with the files is said before anything is run.

  $ . "$TESTDIR/setup.sh"
  $ candor check
  error C0301: no migrations folder was found in .: looked for migrations/committed, migrations/default, migrations, db/migrations, db/migrate, database/migrations, sql/migrations, prisma/migrations, supabase/migrations, drizzle, hasura/migrations/default, src/main/resources/db/migration, db/migration
    hint: name it with --dir, or run `candor init`
  [2]
  $ mkdir migrations
  $ candor check
  error C0302: migrations holds no migration
    hint: write the first one with candor new NAME, or name the right folder with --dir
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the file that it writes
  checked 0 migrations in migrations: 2 errors, 0 warnings
  [1]
  $ printf '\xef\xbb\xbfcreate table users (id int primary key);\r\n' >migrations/0001_users.sql
  $ candor check && candor lock --quiet && candor up
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the file that it writes
  checked 1 migration in migrations: 1 error, 0 warnings
  [1]
  $ cp migrations/0001_users.sql migrations/1_again.sql
  $ candor check
  error C0303: 0001_users.sql and 1_again.sql have the same version
    hint: give the one that was applied nowhere a new version
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the file that it writes
  checked 2 migrations in migrations: 2 errors, 0 warnings
  [1]
  $ rm migrations/1_again.sql
  $ echo 'select 1' >'migrations/V2__other_tool.sql'
  $ candor check
  error C0304: file V2__other_tool.sql matches no naming rule and would be ignored
    hint: rename it to 2_other_tool.sql
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the file that it writes
  checked 1 migration in migrations: 2 errors, 0 warnings
  [1]
  $ rm migrations/V2*
  $ printf 'select 1;\n  select \xff;\n' >migrations/0002_bytes.sql
  $ candor check
  error C0307: the file is not valid UTF-8
    0002_bytes.sql:2:10
      2 |   select \xFF;
        |          ^
    hint: save the file as UTF-8
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the file that it writes
  checked 2 migrations in migrations: 2 errors, 0 warnings
  [1]
  $ printf -- '-- candor:no-transactions\nselect 1;\n' >migrations/0002_bytes.sql
  $ candor check
  error C0305: there is no directive "no-transactions"
    0002_bytes.sql:1:4
      1 | -- candor:no-transactions
        |    ^
    hint: did you mean -- candor:no-transaction?
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the file that it writes
  checked 2 migrations in migrations: 2 errors, 0 warnings
  [1]
  $ printf 'select 1;\n\\i other.sql\n' >migrations/0002_bytes.sql
  $ candor lock
  error C0306: psql's \i cannot be run
    0002_bytes.sql:2:1
      2 | \i other.sql
        | ^
    hint: put the text of the included file here
  [1]
  $ printf "select 'abc;\n" >migrations/0002_bytes.sql
  $ candor up
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the lock file
  nothing was applied
  [1]
  $ printf 'create table posts (id int);\nselect missing from posts;\n' >migrations/0002_bytes.sql
  $ candor lock
  error C0411: replaying 0002_bytes.sql: column "missing" does not exist
    SQLSTATE 42703
    0002_bytes.sql:2:8
      2 | select missing from posts;
        |        ^
    hint: correct the statement, or let `[shadow] setup` in candor.toml make what it takes for granted
  [1]

A down file is read, too, and is a warning: nothing but the way back needs it.

  $ printf 'create table posts (id int);\n' >migrations/0002_bytes.sql
  $ printf 'delete from posts;\n  drop tabel posts;\n' >migrations/0002_bytes.down.sql
  $ candor lock --quiet && candor check
  warning C0311: not analysed, the server may know it: syntax error at or near "tabel"
    0002_bytes.down.sql:2:8
      2 |   drop tabel posts;
        |        ^
    hint: correct the statement, unless it is written for a newer PostgreSQL than 15
  checked 2 migrations in migrations: 0 errors, 1 warning
  $ candor check --strict >strict.txt
  [1]
  $ printf '%s\n' '\set ON_ERROR_STOP 1' "select 'create database d' \gexec" 'drop table posts;' >migrations/0002_bytes.down.sql
  $ candor check
  warning C0306: psql's \set cannot be run
    0002_bytes.down.sql:1:1
      1 | \set ON_ERROR_STOP 1
        | ^
    hint: remove the line: Candor stops at the first error
  warning C0306: psql's \gexec cannot be run
    0002_bytes.down.sql:2:28
      2 | select 'create database d' \gexec
        |                            ^
    hint: write the statements out that it generates, or EXECUTE them in a DO block; databases are made outside of the migrations
  checked 2 migrations in migrations: 0 errors, 2 warnings
