Changes by hand are named, object by object and attribute by attribute.

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key, email text not null, age int check (age > 0));
  > create index users_email_idx on users (email);
  > create view adults as select id, email from users where age >= 18;
  > create function f() returns trigger language plpgsql as 'begin return new; end';
  > create trigger t before insert on users for each row execute function f();
  > SQL
  $ candor lock --quiet && candor up --quiet
  $ psql <<'SQL'
  > alter table users alter column email drop not null;
  > alter table users add column note text;
  > alter table users disable trigger t;
  > drop index users_email_idx;
  > create or replace view adults as select id, email from users where age >= 21;
  > SQL
  $ candor verify
  altered   view public.adults: definition
    expected
       SELECT users.id,
          users.email
         FROM public.users
        WHERE (users.age >= 18);
    found
       SELECT users.id,
          users.email
         FROM public.users
        WHERE (users.age >= 21);
  altered   column public.users.email: not_null is not set, expected true
  extra     column public.users.note
  missing   index public.users.users_email_idx
  altered   trigger public.users.t: enabled is disabled, expected not set
  differs: 5 differences in 12 objects
  [1]
  $ candor exec --verify-only -- echo started
  altered   view public.adults: definition
    expected
       SELECT users.id,
          users.email
         FROM public.users
        WHERE (users.age >= 18);
    found
       SELECT users.id,
          users.email
         FROM public.users
        WHERE (users.age >= 21);
  altered   column public.users.email: not_null is not set, expected true
  extra     column public.users.note
  missing   index public.users.users_email_idx
  altered   trigger public.users.t: enabled is disabled, expected not set
  differs: 5 differences in 12 objects
  echo was not started
  [1]
  $ migration 0002_on_users <<'SQL'
  > alter table users add column name text;
  > SQL
  $ candor lock --quiet

Drift where a pending migration would build on it stops it.

  $ candor up
  error C0509: the database differs from its history in 4 places that pending migrations would build on
    column public.users.email: not_null expected "true", found not set
    column public.users.note: there, and not expected
    index public.users.users_email_idx: expected, and not there
    trigger public.users.t: enabled expected not set, found "disabled"
    hint: put the objects right (`candor verify` names each), or bring the difference into a migration
  nothing was applied
  [1]
  $ psql <<'SQL'
  > alter table users alter column email set not null;
  > alter table users drop column note;
  > alter table users enable trigger t;
  > create index users_email_idx on users (email);
  > SQL

Elsewhere it is told, and the end says that the whole is not true.

  $ candor up
  warning C0601: the database differs from its history in 1 place that pending migrations do not touch
    view public.adults: definition expected " SELECT users.id,\n    users.email\n   FROM public.users\n  WHERE (users.age >= 18);", found " SELECT users.id,\n    users.email\n   FROM public.users\n  WHERE (users.age >= 21);"
    hint: run `candor verify`, and put the objects right
  applied 0002_on_users  +1 column  proven: 1 object compared  TIME
  applied 1 migration to database story_drift on SOCKET:5432 as user postgres in TIME
  altered   view public.adults: definition
    expected
       SELECT users.id,
          users.email
         FROM public.users
        WHERE (users.age >= 18);
    found
       SELECT users.id,
          users.email
         FROM public.users
        WHERE (users.age >= 21);
  differs: 1 difference in 12 objects
  [1]
  $ psql -c 'create or replace view adults as select id, email from users where age >= 18'
  $ candor verify
  true: 12 objects are what 2 migrations produce
  $ candor exec --verify-only -- echo started
  true: 12 objects are what 2 migrations produce
  started
