A concurrent index build runs outside a transaction, is counted, resumed and verified like any other.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key, email text);
  > SQL
  $ candor lock --quiet && candor up --quiet
  $ migration 0002_index <<'SQL'
  > create index concurrently users_id_idx on users (id, email);
  > create unique index concurrently users_email_key on users (email);
  > SQL
  $ candor lock --quiet
  $ psql -c "insert into users values (1, 'a'), (2, 'a')"
  $ candor up
  error C0501: could not create unique index "users_email_key"
    SQLSTATE 23505
    Key (email)=(a) is duplicated.
    0002_index.sql:2:1
      2 | create unique index concurrently users_email_key on users (email);
        | ^
    hint: read the server's message and correct the statement or the database
  0002_index runs without a transaction: `candor status` shows how far it came
  [1]
  $ psql -At -c "select indexrelid::regclass, indisvalid from pg_index where indrelid = 'users'::regclass order by 1"
  users_pkey|t
  users_id_idx|t
  users_email_key|f
  $ candor status
  database story_no_transaction on SOCKET:5432 as user postgres
  applied   0001_users  INSTANT  TIME
  running   0002_index  1 statement done
  1 applied, 1 pending; compared 7 objects with candor.lock at version 0001 in TIME
  error C0210: migration "0002" ("index") is half done: 1 of its statements finished
    hint: run `candor up`, which goes on where it stopped
  extra     index public.users.users_email_key
  extra     index public.users.users_id_idx
  differs: 2 differences in 7 objects
  [1]

The broken index is dropped and built anew once the data allow it; what was done is not done again.

  $ psql -c 'delete from users where id = 2'
  $ candor up
  applied 0002_index  +2 indexes  proven: 7 objects compared  without a transaction  resumed  TIME
  applied 1 migration to database story_no_transaction on SOCKET:5432 as user postgres in TIME
  true: 7 objects are what 2 migrations produce
  $ candor verify
  true: 7 objects are what 2 migrations produce
  $ psql -At -c "select indexrelid::regclass, indisvalid from pg_index where indrelid = 'users'::regclass order by 1"
  users_pkey|t
  users_id_idx|t
  users_email_key|t
