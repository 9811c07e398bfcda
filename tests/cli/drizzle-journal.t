Three files that no journal lists: the example of that name.

  $ . "$TESTDIR/setup.sh"
  $ example=$TESTDIR/../../examples/drizzle-journal
  $ cp -r "$example"/* .
  $ ./naive-runner.sh
  migrations applied successfully!
  $ ./naive-runner.sh
  migrations applied successfully!
  $ candor check --quiet 2>&1 | grep C0321
  error C0321: 0004_webauthn.sql is not in the journal: Drizzle never runs it, and says nothing
  error C0321: 0005_icons.sql is not in the journal: Drizzle never runs it, and says nothing
  error C0321: 0006_dashboard_default.sql is not in the journal: Drizzle never runs it, and says nothing
  [1]
  $ candor repair --history
  drizzle/meta/_journal.json
  + 0004_webauthn  when 1719555200001
  + 0005_icons  when 1719555200002
  + 0006_dashboard_default  when 1719555200003
  + meta/0004_snapshot.json
  + meta/0005_snapshot.json
  + meta/0006_snapshot.json
  ~ meta/0007_snapshot.json  prevId UUID
  -- dry run: nothing was written. `candor repair --history --apply` writes it
  $ candor repair --history --apply
  drizzle/meta/_journal.json
  + 0004_webauthn  when 1719555200001
  + 0005_icons  when 1719555200002
  + 0006_dashboard_default  when 1719555200003
  + meta/0004_snapshot.json
  + meta/0005_snapshot.json
  + meta/0006_snapshot.json
  ~ meta/0007_snapshot.json  prevId UUID
  mended drizzle/meta/_journal.json; what it was is in _journal.json.bak
  made 3 snapshots
  linked 1 snapshot; the former text is in meta/_*.bak
  $ ls -A drizzle/meta | grep -v '^00'
  _0007_snapshot.json.bak
  _journal.json
  _journal.json.bak

Each snapshot follows the one before it by name, as drizzle-kit reads them; what was there is changed in its prevId alone.

  $ python3 - <<'END'
  > import glob, json
  > known = "00000000-0000-0000-0000-000000000000"
  > for file in sorted(glob.glob("drizzle/meta/0*_snapshot.json")):
  >     snapshot = json.load(open(file))
  >     assert snapshot["prevId"] == known, file
  >     known = snapshot["id"]
  > made = json.load(open("drizzle/meta/0006_snapshot.json"))["tables"]
  > print(made["public.webauthn_credentials"]["columns"]["counter"])
  > print(made["public.dashboards"]["columns"]["layout"])
  > END
  {'name': 'counter', 'type': 'bigint', 'primaryKey': False, 'notNull': True, 'default': 0}
  {'name': 'layout', 'type': 'text', 'primaryKey': False, 'notNull': True, 'default': "'grid'"}
  $ diff drizzle/meta/_0007_snapshot.json.bak drizzle/meta/0007_snapshot.json | grep -c '^[<>] *"prevId"'
  2
  [1]
  $ diff drizzle/meta/_0007_snapshot.json.bak drizzle/meta/0007_snapshot.json | grep '^[<>]' | grep -v prevId
  [1]
  $ candor check --quiet 2>&1 | grep C032
  [1]
  $ candor repair --history
  nothing to mend in drizzle/meta/_journal.json
  $ psql -c "create database story_drizzle_other template $PGDATABASE"
  $ candor adopt
  wrote drizzle/candor.lock
  wrote [adopt] to candor.toml
  adopted 16 of 19 migrations from drizzle.__drizzle_migrations (Drizzle); 58 objects compared, no difference
  3 pending: 0017_webauthn, 0018_icons, 0019_dashboard_default; run `candor up`
  $ candor up
  applied 0017_webauthn  +2 tables +6 columns +3 constraints  proven: 11 objects compared  TIME
  applied 0018_icons  +2 columns  proven: 2 objects compared  TIME
  applied 0019_dashboard_default  ~1 column  proven: 1 object compared  TIME
  applied 3 migrations to database story_drizzle_journal on SOCKET:5432 as user postgres in TIME
  true: 71 objects are what 19 migrations produce
  $ candor verify
  true: 71 objects are what 19 migrations produce
  $ fresh_database story_drizzle_new
  $ candor up --quiet
  $ candor verify
  true: 71 objects are what 19 migrations produce

The old migrator runs the same three from the mended journal.

  $ export PGDATABASE=story_drizzle_other DATABASE_URL="host=$PGHOST user=$PGUSER dbname=story_drizzle_other"
  $ ./naive-runner.sh
  migrations applied successfully!
  $ candor adopt
  adopted 19 of 19 migrations from drizzle.__drizzle_migrations (Drizzle); 71 objects compared, no difference
  $ candor verify
  true: 71 objects are what 19 migrations produce
  $ psql -d candor -c 'drop database story_drizzle_other with (force)'

Dates: an entry before the one above it, one in the future whose row says so too, one without its file, one twice.

  $ fresh_database story_drizzle_dates
  $ mkdir dates && cd dates && mkdir -p drizzle/meta
  $ for n in 1 2 3 4; do echo "create table t$n (id int);" > drizzle/000${n}_t$n.sql; done
  $ cat > drizzle/meta/_journal.json <<'END'
  > {"version":"7","dialect":"postgresql","entries":[
  >   {"idx":0,"version":"7","when":2000,"tag":"0001_t1","breakpoints":true},
  >   {"idx":1,"version":"7","when":99999999999999,"tag":"0002_t2","breakpoints":true},
  >   {"idx":2,"version":"7","when":1500,"tag":"0003_t3","breakpoints":true},
  >   {"idx":3,"version":"7","when":1500,"tag":"0003_t3","breakpoints":true},
  >   {"idx":7,"version":"7","when":1600,"tag":"0009_lost","breakpoints":false}]}
  > END
  $ hash() { sha256sum < "$1" | cut -d' ' -f1; }
  $ psql -c 'create schema drizzle' -c 'create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)' -f drizzle/0001_t1.sql -f drizzle/0002_t2.sql -c "insert into drizzle.__drizzle_migrations (hash, created_at) values ('$(hash drizzle/0001_t1.sql)', 2000), ('$(hash drizzle/0002_t2.sql)', 99999999999999)"
  $ candor repair --history
  drizzle/meta/_journal.json
  - 0002_t2  when 99999999999999
  + 0002_t2  when 2001
  - 0003_t3  when 1500
  + 0003_t3  when 2002
  - 0003_t3  when 1500
  - 0009_lost  when 1600
  + 0004_t4  when 2003
  UPDATE "drizzle"."__drizzle_migrations" SET created_at = '2001' WHERE id = '2' AND hash = '05e04bd53ab3230518945d256f8effb2d134cd307dfcf1c6d174cfc5586782a1' AND created_at = '99999999999999' RETURNING true;
  + meta/0001_snapshot.json
  + meta/0002_snapshot.json
  + meta/0003_snapshot.json
  + meta/0004_snapshot.json
  -- dry run: nothing was written. `candor repair --history --apply` writes it
  $ candor repair --history --apply --json | grep -o '"applied":[a-z]*'
  "applied":true
  $ candor repair --history
  nothing to mend in drizzle/meta/_journal.json
  $ psql -At -c 'select id, created_at from drizzle.__drizzle_migrations order by id'
  1|2000
  2|2001
  $ ../naive-runner.sh
  migrations applied successfully!
  $ psql -At -c 'select id, created_at from drizzle.__drizzle_migrations order by id'
  1|2000
  2|2001
  3|2002
  4|2003

Snapshots: one that cannot be read stays, and a migration that fails is told as by lock. Nothing is written.

  $ ls drizzle/meta
  0001_snapshot.json
  0002_snapshot.json
  0003_snapshot.json
  0004_snapshot.json
  _journal.json
  _journal.json.bak
  $ echo '{"id":' > drizzle/meta/0002_snapshot.json
  $ candor repair --history --apply
  error C0324: meta/0002_snapshot.json cannot be used: it is not valid JSON here
    meta/0002_snapshot.json:2:1
    hint: restore the file from version control, or correct it
  [1]
  $ rm drizzle/meta/0002_snapshot.json
  $ candor repair --history --json | grep -o '"snapshots":.*'
  "snapshots":[{"file":"meta/0002_snapshot.json","change":"added","prevId":"UUID"}],"notes":[],"applied":false}
  $ echo 'create table t1 (id bigint);' > drizzle/0005_again.sql
  $ candor repair --history --apply
  error C0411: trying the order that the journal would have: replaying 0005_again.sql: relation "t1" already exists
    SQLSTATE 42P07
    0005_again.sql:1:1
      1 | create table t1 (id bigint);
        | ^
    hint: correct that file, or remove it if its change is in another: in this order the history leads nowhere
  [1]
  $ ls drizzle/meta | grep -c _snapshot
  3
  $ rm drizzle/0005_again.sql

Other formats' files are not touched, a journal that cannot be read is not written.

  $ printf '{"version":"7"' > drizzle/meta/_journal.json
  $ candor repair --history --apply
  error C0320: meta/_journal.json cannot be used: it is not valid JSON here
    meta/_journal.json:1:15
      1 | {"version":"7"
        |               ^
    hint: restore the file from version control, or correct it
  [1]
  $ cd .. && mkdir other && cd other && migration 0001_a <<'SQL'
  > create table a (id int);
  > SQL
  $ candor repair --history
  nothing to mend in drizzle.__drizzle_migrations: no row of it broke off, no lock is set
