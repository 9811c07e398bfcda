Taken back, the last first, each compared with the state before it.

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
  $ candor lock --quiet && candor up --quiet
  $ psql -c "insert into users values (1, 'a', 'Ada'), (2, 'b', null)"

A way back that leads elsewhere is rolled back.

  $ candor down --yes
  loses     column public.users.name: 1 value  (by 0002_names)
  error C0714: reverting 0002_names: the way back leads elsewhere than to the state before: 1 of 6 objects differ
    column public.users.name: there, and not expected
    hint: correct the down file; the migration is still applied
  nothing was reverted
  [1]
  $ migration 0002_names.down <<'SQL'
  > alter table users drop column name;
  > SQL

What would be lost is shown, and asked for.

  $ candor down --dry-run
  -- 0002_names by 0002_names.down.sql
  -- loses column public.users.name: 1 value
  alter table users drop column name;
  -- dry run: 1 migration would be reverted, each compared with the state before it; nothing was written
  $ candor down </dev/null
  loses     column public.users.name: 1 value  (by 0002_names)
  error C0716: reverting would lose data
    hint: look at the list, then run it with --yes
  nothing was reverted
  [1]
  $ candor down --yes
  loses     column public.users.name: 1 value  (by 0002_names)
  reverted 0002_names  5 objects compared, as before it  TIME
  true: 5 objects are what 1 migration produces
  $ candor down --yes
  loses     table public.users: 2 rows, 32 kB  (by 0001_users)
  reverted 0001_users  1 object compared, as before it  TIME
  true: 1 object is what 0 migrations produce
  $ candor down
  nothing is applied
  true: 1 object is what 0 migrations produce
  $ candor up
  applied 0001_users  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 0002_names  +1 column +1 index  proven: 2 objects compared  TIME
  applied 2 migrations to database story_down on SOCKET:5432 as user postgres in TIME
  true: 7 objects are what 2 migrations produce
