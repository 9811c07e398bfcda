After an incident: what is in this database, and where does it stand?

  $ . "$TESTDIR/setup.sh"
  $ migration 0001_users <<'SQL'
  > create table users (id int primary key, email text not null);
  > SQL
  $ migration 0002_names <<'SQL'
  > alter table users add column name varchar(50), add column nick text;
  > SQL
  $ migration 0003_content <<'SQL'
  > create table content (id int primary key, author int references users, title text not null);
  > create index content_author_idx on content (author);
  > SQL
  $ migration 0004_no_nick <<'SQL'
  > alter table users drop column nick;
  > SQL
  $ migration 0005_seed <<'SQL'
  > insert into users (id, email) values (1, 'a@example.org');
  > SQL
  $ migration 0006_sessions <<'SQL'
  > create table sessions (id uuid primary key, owner int references users);
  > SQL
  $ candor lock --quiet

Without any ledger, the catalog tells.

  $ candor diagnose
  $ for file in migrations/000[1-5]*.sql; do psql -f $file; done
  $ candor diagnose
  $ candor baseline --auto --dry-run | grep -c 'INSERT INTO "candor".schema_migrations AS m .*0001'
  $ candor baseline --auto
  $ candor baseline --at 0005
  $ candor diagnose
  $ candor up
  $ candor diagnose --all

By hand, and without the ledger.

  $ psql <<'SQL'
  > set client_min_messages = warning;
  > alter table users alter column email drop not null, drop column name;
  > alter table content add column note text;
  > drop index content_author_idx;
  > drop schema candor cascade;
  > SQL
  $ candor diagnose
  $ candor baseline --auto
  $ candor diagnose users --at 0006
  $ candor diagnose content
  $ candor diagnose nothing

A ledger that claims what is not there, and a damaged one.

  $ fresh_database story_diagnose_2
  $ candor up --quiet
  $ psql -c 'drop table sessions'
  $ candor diagnose
  $ candor baseline --at 0005
  $ psql -c 'alter table candor.schema_migrations drop column status'
  $ candor diagnose
  $ rm migrations/candor.lock
  $ candor diagnose users
