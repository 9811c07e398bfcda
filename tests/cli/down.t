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
  $ migration 0002_names.down <<'SQL'
  > alter table users drop column name;
  > SQL

What would be lost is shown, and asked for.

  $ candor down --dry-run
  $ candor down </dev/null
  $ candor down --yes
  $ candor down --yes
  $ candor down
  $ candor up
