Twenty runners at once: each migration runs once, all end well.

  $ . "$TESTDIR/setup.sh"
  $ for n in 1 2 3 4 5; do echo "create table t$n (id int primary key); select pg_sleep(0.05);" | migration "000${n}_t$n"; done
  $ candor lock --quiet
  $ for n in $(seq 20); do (command candor up --quiet >/dev/null 2>&1; echo $?) & done | sort | uniq -c | tr -s ' '; wait
   20 0
  $ psql -At -c "select event, count(*) from candor.migration_events group by 1"
  applied|5
  $ candor verify
  true: 16 objects are what 5 migrations produce
