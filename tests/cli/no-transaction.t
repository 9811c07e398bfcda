A concurrent index build runs outside a transaction, is counted, resumed and verified like any other.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key, email text);
  > insert into users values (1, 'a'), (2, 'a');
  > SQL
  $ migration 0002_index <<'SQL'
  > create index concurrently users_id_idx on users (id, email);
  > create unique index concurrently users_email_key on users (email);
  > SQL
  $ candor lock --quiet
  error C0411: replaying 0002_index.sql: could not create unique index "users_email_key"
    SQLSTATE 23505
    Key (email)=(a) is duplicated.
    0002_index.sql:2:1
      2 | create unique index concurrently users_email_key on users (email);
        | ^
    hint: read the server's message and correct the statement or the database
  [1]
  $ candor up
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the lock file
  nothing was applied
  [1]
  $ psql -At -c "select indexrelid::regclass, indisvalid from pg_index where indrelid = 'users'::regclass order by 1"
  ERROR:  relation "users" does not exist
  LINE 1: ...gclass, indisvalid from pg_index where indrelid = 'users'::r...
                                                               ^
  [1]
  $ candor status
  database story_no_transaction on SOCKET:5432 as user postgres
  pending   0001_users
  pending   0002_index
  0 applied, 2 pending; compared nothing: there is no candor.lock
  notice C0208: the database has no ledger: nothing was ever applied by Candor
    hint: run `candor up`, which makes it
  unproven: there is no candor.lock to compare with
  [1]

The broken index is dropped and built anew once the data allow it.

  $ psql -c 'delete from users where id = 2'
  ERROR:  relation "users" does not exist
  LINE 1: delete from users where id = 2
                      ^
  [1]
  $ candor up
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the lock file
  nothing was applied
  [1]
  $ candor verify
  notice C0208: the database has no ledger: nothing was ever applied by Candor
    hint: run `candor up`, which makes it
  unproven: there is no candor.lock to compare with
  [1]
