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
