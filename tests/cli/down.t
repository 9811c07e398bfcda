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

Without a down file the way back is planned, and proven in a shadow.

  $ rm migrations/0002_names.down.sql
  $ psql -c "insert into users values (1, 'a', 'Ada')"
  $ candor down --dry-run
  -- 0002_names by planned inverse
  -- loses column public.users.name: 1 value
  -- proven on PostgreSQL N: 5 objects compared
  -- locks public.users (ACCESS EXCLUSIVE)
  DROP INDEX "public"."users_name_idx";
  -- HAZARD: drops column public.users.name: its values are lost
  -- locks public.users (ACCESS EXCLUSIVE)
  ALTER TABLE "public"."users" DROP COLUMN "name";
  -- dry run: 1 migration would be reverted, each compared with the state before it; nothing was written
  $ candor down </dev/null
  planned   0002_names  proven on PostgreSQL N: 5 objects compared
  loses     column public.users.name: 1 value  (by 0002_names)
  error C0716: reverting would lose data
    hint: look at the list, then run it with --yes
  nothing was reverted
  [1]
  $ candor down --yes
  planned   0002_names  proven on PostgreSQL N: 5 objects compared
  loses     column public.users.name: 1 value  (by 0002_names)
  reverted 0002_names  5 objects compared, as before it  TIME
  true: 5 objects are what 1 migration produces

What its casts would not keep, it does not take back; and rows are not the catalog's.

  $ candor up --quiet
  $ migration 0003_long.up <<'SQL'
  > alter table users alter column id type bigint;
  > SQL
  $ migration 0004_rows.up <<'SQL'
  > insert into users values (7, 'g');
  > SQL
  $ candor lock --quiet && candor up --quiet
  $ candor down
  planned   0004_rows  nothing in the catalog to take back; rows that it changed stay as they are
  reverted 0004_rows  7 objects compared, as before it  TIME
  true: 7 objects are what 3 migrations produce
  $ psql -c 'update users set id = 5000000000 where id = 7'
  $ candor down
  error C0712: the way back of 0003_long: column public.users.id has type bigint and should have integer: 1 of its values would not survive
    for example "5000000000"
    hint: correct those rows, then run the command again
  nothing was reverted
  [1]
  $ psql -c 'delete from users where id > 9'
  $ candor down
  planned   0003_long  proven on PostgreSQL N: 7 objects compared
  reverted 0003_long  7 objects compared, as before it  TIME
  true: 7 objects are what 2 migrations produce
