Each migration up, down and up again: the ways down that do not lead back are named.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users.up <<'SQL'
  > create table users (id int primary key, email text);
  > SQL
  $ migration 0001_users.down <<'SQL'
  > drop table users;
  > SQL
  $ migration 0002_names.up <<'SQL'
  > alter table users add column name text;
  > create index users_name_idx on users (name);
  > SQL
  $ migration 0002_names.down <<'SQL'
  > drop index users_name_idx;
  > SQL
  $ migration 0003_long_ids.up <<'SQL'
  > alter table users alter column id type bigint;
  > SQL
  $ candor lock --quiet
  $ candor check --round-trip
  notice C0334: 1 of 3 migrations has no down file: 0003_long_ids.up.sql
    hint: write one, unless the way back that `candor down` plans will do
  error C0717: 0002_names: its down file does not lead back to the state before
    column public.users.name: there, and not expected
    hint: correct the down file
  checked 3 migrations in migrations (updown): 1 error, 0 warnings
  round trip on PostgreSQL N: 2 of 3 migrations lead back (2 down files, 1 planned inverse)  TIME
  [1]
  $ migration 0002_names.down <<'SQL'
  > alter table users drop column name;
  > SQL
  $ candor check --round-trip
  notice C0334: 1 of 3 migrations has no down file: 0003_long_ids.up.sql
    hint: write one, unless the way back that `candor down` plans will do
  checked 3 migrations in migrations (updown): 0 errors, 0 warnings
  round trip on PostgreSQL N: 3 of 3 migrations lead back (2 down files, 1 planned inverse)  TIME
