A dry run prints what would be run, and writes nothing.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key);
  > insert into users values (1);
  > SQL
  $ candor up --dry-run
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the lock file
  nothing was applied
  [1]
  $ candor lock --quiet
  $ candor up --dry-run
  -- 0001_users.sql
  create table users (id int primary key);
  insert into users values (1);
  -- rehearsed 0001_users  +1 table +1 column +1 constraint  proven: 3 objects compared  TIME
  
  -- dry run: 1 migration was run, read back, compared with candor.lock and rolled back; nothing was written
  notice C0208: the database has no ledger: nothing was ever applied by Candor
    hint: run `candor up`, which makes it
  true: 1 object is what 0 migrations produce
  $ psql -c '\dn' -c '\dt'
        List of schemas
    Name  |       Owner       
  --------+-------------------
   public | pg_database_owner
  (1 row)
  
        List of relations
   Schema | Name | Type | Owner 
  --------+------+------+-------
  (0 rows)
  
  $ candor up --quiet
  $ migration 0002_a <<'SQL'
  > alter table users add column a int;
  > SQL
  $ candor lock --quiet
  $ psql -c 'alter table users add column b int'
  $ candor up --dry-run
  error C0509: the database differs from its history in 1 place that pending migrations would build on
    column public.users.b: there, and not expected
    hint: put the objects right (`candor verify` names each), or bring the difference into a migration
  nothing was applied
  [1]
