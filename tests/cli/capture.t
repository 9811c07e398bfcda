A program that migrates, and writes down what it has run:

  $ . "$TESTDIR/setup.sh"
  $ mkdir steps
  $ cat > steps/1_users.sh <<'END'
  > psql -qX -c 'create table users (id int primary key, email text not null)'
  > psql -qX -c "insert into users values (1, 'o''neil')" -c 'select count(*) from users' > /dev/null
  > END
  $ cat > steps/2_posts.sh <<'END'
  > psql -qX -c 'begin; create table wrong (id int); rollback; create table posts (id int primary key, "user" int references users)'
  > END
  $ cat > migrate.sh <<'END'
  > psql -qX -c 'create table if not exists done (step text primary key)' 2>/dev/null
  > for step in steps/*; do
  >   name=$(basename $step)
  >   [ "$1" = "" ] || [ "$1" = "$name" ] || continue
  >   sh $step || exit 3
  >   psql -qX -c "insert into done (step) values ('$name')"
  > done
  > END

  $ candor capture --tracking-table done.step -- sh migrate.sh
  captured 2 migrations of done from 7 statements
  true: replayed in a fresh database, the files make the same 10 objects, and the same rows in 1 table
  wrote 2 files to migrations; next: candor lock --dir migrations
  $ cat migrations/*
  -- captured from 1_users.sh
  
  create table users (id int primary key, email text not null);
  
  insert into users values (1, 'o''neil');
  -- captured from 2_posts.sh
  
  create table posts (id int primary key, "user" int references users);

What a program does behind its last migration is no migration. It is told, and left out if that is meant.

  $ cat > seeding.sh <<'END'
  > sh migrate.sh
  > psql -qX -c "insert into posts values (1, 1)" -c "select count(*) from posts" > /dev/null
  > END
  $ candor capture --out seeded --tracking-table done.step -- sh seeding.sh
  error C0904: behind 2_posts.sh the program did more, which no migration records
    1 statement, the last: insert into posts values (1, 1)
    hint: if no migration broke off there (a seed, Django's content types), leave it out with --partial
  [1]
  $ candor capture --out seeded --tracking-table done.step --partial -- sh seeding.sh
  captured 2 migrations of done from 9 statements
  left out: 1 statement behind 2_posts.sh, which no migration records
  true: replayed in a fresh database, the files make the same 10 objects, and the same rows in 2 tables
  wrote 2 files to seeded; next: candor lock --dir seeded
  [1]
  $ diff -r migrations seeded

What a migration adds to an enum and uses is committed in between: that file runs without a transaction.

  $ cat > labels.sh <<'END'
  > psql -qX -c 'create table if not exists done (step text primary key)' 2>/dev/null
  > psql -qX -c "create type unit as enum ('m')" -c "insert into done (step) values ('1_unit')"
  > psql -qX -c "alter type unit add value 'km'" -c "create table roads (length unit default 'km')"
  > psql -qX -c "insert into done (step) values ('2_roads')"
  > END
  $ candor capture --out labels --tracking-table done.step -- sh labels.sh
  captured 2 migrations of done from 6 statements
  true: replayed in a fresh database, the files make the same 4 objects, and the same rows in 0 tables
  wrote 2 files to labels; next: candor lock --dir labels
  $ cat labels/2*
  -- captured from 2_roads
  -- candor:no-transaction
  
  alter type unit add value 'km';
  
  create table roads (length unit default 'km');
  $ candor lock --quiet --dir labels
  $ candor up --quiet --dir labels

The role that the program connects as can be given the name that it writes into its data; the shadow's setup creates it, as it
is there in production:

  $ cat > named.sh <<'END'
  > psql -qX -c 'create table if not exists done (step text primary key)' 2>/dev/null
  > psql -qX -c 'create table owners as select rolname::text from pg_roles where rolname = current_user' \
  >   -c "do \$\$ begin assert exists (select from pg_roles where rolname = 'app_owner'); end \$\$" \
  >   -c "insert into done (step) values ('1_owners')"
  > END
  $ mkdir named && cd named
  $ echo 'create role app_owner' > setup.sql
  $ printf '[shadow]\nsetup = "setup.sql"\n' > candor.toml
  $ candor capture --role app_owner --tracking-table done.step -- sh ../named.sh
  captured 1 migration of done from 4 statements
  true: replayed in a fresh database, the files make the same 3 objects, and the same rows in 1 table
  wrote 1 file to migrations; next: candor lock --dir migrations
  $ candor lock --quiet
  $ cd ..
  $ candor capture --role pg_monitor -- true
  error C0001: pg_monitor is a role that every server has
    hint: name it with letters, digits, '_' and '-'; without --role it is "capture"
  [2]
  $ candor capture --role "a'b" -- true
  error C0001: "a'b" cannot be the program's role
    hint: name it with letters, digits, '_' and '-'; without --role it is "capture"
  [2]

A program that looks itself up as the server's superuser is run as that:

  $ cat > self.sh <<'END'
  > psql -qX -c 'create table if not exists done (step text primary key)' 2>/dev/null
  > psql -qX -c 'create table me as select session_user::text as name' -c "insert into done (step) values ('1_me')"
  > END
  $ candor capture --out self --role postgres --tracking-table done.step -- sh self.sh
  captured 1 migration of done from 3 statements
  true: replayed in a fresh database, the files make the same 3 objects, and the same rows in 1 table
  wrote 1 file to self; next: candor lock --dir self

A program that breaks off is no success, whatever is kept of it, and files that it did not make are named:

  $ cat > broken.sh <<'END'
  > sh self.sh
  > exit 4
  > END
  $ echo 'select 1;' > self/0002_mine.sql
  $ candor capture --out self --role postgres --tracking-table done.step --partial -- sh broken.sh
  captured 1 migration of done from 3 statements
  warning C0908: the folder holds 1 file that the program did not make now: 0002_mine.sql
    hint: look whether they belong to the history: nothing of them was compared
  the program ended with exit code 4: what it did not finish is left out
  true: replayed in a fresh database, the files make the same 3 objects, and the same rows in 1 table
  wrote 0 files to self; next: candor lock --dir self
  [1]

The data of a COPY is not in the log:

  $ cat > rows.sh <<'END'
  > psql -qX -c 'create table if not exists done (step text primary key)' 2>/dev/null
  > psql -qX -c 'create table c (id int)'
  > echo 1 | psql -qX -c 'copy c from stdin'
  > psql -qX -c "insert into done (step) values ('1_rows')"
  > END
  $ candor capture --out rows --tracking-table done.step -- sh rows.sh
  error C0903: the data of a COPY cannot be recorded: copy c from stdin
    hint: write that migration as SQL by hand, with its data
  captured 1 migration of done from 4 statements
  warning C0907: rows of 1 table differ
    "public"."c": 1 rows, and 0 after the replay
    hint: look whether these values are made at run time (now(), random()): a replay cannot repeat them
  unproven: replayed in a fresh database, the files make the same 3 objects; rows of 1 table differ
  nothing was written
  [1]

  $ candor capture --each steps --tracking-table done.step -- sh migrate.sh
  error C0001: --each runs the program once for each file, and its arguments hold no {to}
    hint: write {to} where the program takes the name of the last migration to run
  [2]
