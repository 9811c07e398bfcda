#!/usr/bin/env bash
# bench/run.sh [1-9]: Candor side by side with psql, pg_dump and dbmate, on one throw-away server.
# Needs candor, psql and hyperfine in PATH. Leaves its figures in build/bench/results and writes bench/RESULTS.md.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# 15: the major of the psql and pg_dump that Debian 12 has.
[[ ${CANDOR_BENCH_SERVER:-} ]] || CANDOR_BENCH_SERVER=1 exec candor with-server --server 15 -- "$bench/run.sh" "$@"
unset DATABASE_URL

work=$bench/../build/bench
results=$work/results
runs=${CANDOR_BENCH_RUNS:-10}
mkdir -p "$results"
work=$(cd "$work" && pwd)
results=$work/results

# -- helpers ----------------------------------------------------------------------------------------------------

url() { echo "host=$PGHOST ${PGPORT:+port=$PGPORT} user=$PGUSER dbname=$1"; }
sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }
fresh() { # DATABASE [TEMPLATE]: the command that makes it anew
  echo "psql -X -q -c 'set client_min_messages = warning' -c 'drop database if exists $1' -c 'create database $1 template ${2:-template0}'"
}
measure() { # NAME OPTION-OR-COMMAND…
  local name=$1
  shift
  hyperfine --style basic --export-json "$results/$name.json" "$@" </dev/null
}

project() { # NAME: an empty project folder, entered
  rm -rf "${work:?}/$1"
  mkdir -p "$work/$1/migrations"
  cd "$work/$1"
}

# One session that does what a careful shell script would: every file in a transaction together with its record.
psql_session() { # FOLDER
  local file
  for file in "$1"/*.sql; do
    printf "BEGIN;\n\\\\i '%s'\nINSERT INTO tracking (version) VALUES ('%s');\nCOMMIT;\n" "$PWD/$file" "$(basename "$file" .sql)"
  done
}

small_project() {
  project small
  "$bench/make_small.py" migrations 1000
  candor lock --quiet
}

# -- the measurements -------------------------------------------------------------------------------------------

thousand_small_migrations() {
  small_project
  eval "$(fresh tracked)"
  sql -d tracked -c 'CREATE TABLE tracking (version text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())'
  psql_session migrations >session.sql
  measure 1 --runs "$runs" --warmup 1 \
    --prepare "$(fresh one)" -n candor "candor up --quiet --url '$(url one)'" \
    --prepare "$(fresh two tracked)" -n psql "psql -X -q -v ON_ERROR_STOP=1 -d two -f session.sql"
}

nothing_pending() {
  small_project
  eval "$(fresh idle)"
  candor up --quiet --url "$(url idle)"
  local others=(-n psql "psql -X -c 'select 1' -d idle")
  if dbmate_ready; then others+=(-n dbmate "$dbmate --url '$(dbmate_url)' --migrations-dir '$work/dbmate' --no-dump-schema migrate"); fi
  measure 2 -N --runs $((runs * 3)) --warmup 3 -n candor "candor up --quiet --url '$(url idle)'" "${others[@]}"
}

dbmate=$work/npm/node_modules/.bin/dbmate
dbmate_url() { echo "postgres://$PGUSER@/mated?socket=$PGHOST${PGPORT:+&port=$PGPORT}&sslmode=disable"; }
dbmate_ready() { # installs dbmate and applies the same migrations with it
  if ! [[ -x $dbmate ]] && ! npm install --silent --no-fund --no-audit --prefix "$work/npm" dbmate </dev/null >&2; then
    echo "dbmate could not be installed: measured without it" >&2
    return 1
  fi
  rm -rf "$work/dbmate" && mkdir -p "$work/dbmate"
  local file
  for file in migrations/*.sql; do
    { echo '-- migrate:up' && cat "$file" && echo '-- migrate:down'; } >"$work/dbmate/$(basename "$file")"
  done
  eval "$(fresh mated)"
  "$dbmate" --url "$(dbmate_url)" --migrations-dir "$work/dbmate" --no-dump-schema migrate >/dev/null || {
    echo "dbmate did not apply the migrations: measured without it" >&2
    return 1
  }
}

verify_ten_thousand_tables() {
  database_with_probes 10000
  measure 3 -N --runs "$((runs / 2 + 1))" --warmup 1 \
    -n candor "candor verify --quiet --url '$(url tables_10000)'" \
    -n pg_dump "pg_dump --schema-only -f /dev/null -d tables_10000"
  /usr/bin/time -f '%M' -o "$results/3.peak_kib" candor verify --quiet --url "$(url tables_10000)"
}

cost_of_proof() {
  local tables
  for tables in 200 10000; do database_with_probes "$tables"; done
}

# A database of N tables; then 20 small migrations, whose report is kept. Made once per run, measured by 3 and 4.
database_with_probes() { # TABLES
  local last=$((($1 + 999) / 1000))
  if [[ -e $work/tables_$1/.server && $(<"$work/tables_$1/.server") == "$PGHOST" ]]; then
    cd "$work/tables_$1"
    return
  fi
  project "tables_$1"
  "$bench/make_schema.py" migrations "$1"
  "$bench/make_small.py" migrations 20 10001 probe
  candor lock --quiet
  eval "$(fresh "tables_$1")"
  candor up --quiet --url "$(url "tables_$1")" --to "$(printf %05d "$last")"
  sql -d "tables_$1" -c 'ANALYZE'
  candor up --json --url "$(url "tables_$1")" >"$results/4.$1.json"
  echo "$PGHOST" >.server
}

# The same history through `candor lock` and through one psql process per file.
# CANDOR_BENCH_HISTORY: a migrations folder to use instead of 300 generated files.
lock_history() {
  project history
  if [[ ${CANDOR_BENCH_HISTORY:-} ]]; then
    cp -r "$CANDOR_BENCH_HISTORY/." migrations
  else
    "$bench/make_small.py" migrations 300
  fi
  measure 5 --runs "$((runs / 2 + 1))" \
    --prepare 'rm -f candor.lock migrations/candor.lock' -n candor 'candor lock --quiet' \
    --prepare "$(fresh history)" -n psql "'$bench/psql_each.sh' migrations history"
}

# 300 migrations, the first of which makes 200 tables.
diagnose_beyond_reading() {
  project diagnosed
  "$bench/make_schema.py" migrations 200
  "$bench/make_small.py" migrations 299 2
  candor lock --quiet
  eval "$(fresh diagnosed)"
  candor up --quiet --url "$(url diagnosed)"
  sql -d diagnosed -c ANALYZE -c 'DROP SCHEMA candor CASCADE'
  candor diagnose --json --url "$(url diagnosed)" >"$results/6.json" || (($? == 1))
}

# Two databases of 10,000 tables that differ in 100 of them.
diff_beyond_reading() {
  database_with_probes 10000
  eval "$(fresh changed tables_10000)"
  local table
  for table in $(seq -f 'big_%05.0f' 50 100 10000); do echo "ALTER TABLE $table ADD COLUMN more int;"; done | sql -d changed
  candor diff --json --simple --from "$(url tables_10000)" --to "$(url changed)" >"$results/7.json"
}

# 200 tables, five changes to each. psql runs the same plan.
thousand_changes() {
  small_project
  for database in before after; do
    eval "$(fresh $database)"
    candor up --quiet --url "$(url $database)"
  done
  local number table
  for number in $(seq -f '%04.0f' 1 200); do
    table=t_$number
    echo "ALTER TABLE $table ADD COLUMN note text NOT NULL DEFAULT '', ALTER COLUMN name TYPE varchar(100), ALTER COLUMN state DROP DEFAULT;
      CREATE INDEX ${table}_amount_idx ON $table (amount); ALTER TABLE $table ADD CONSTRAINT ${table}_name_check CHECK (name <> '');"
  done | sql -d after
  candor diff --json --simple --from "$(url before)" --to "$(url after)" >"$results/8.json"
  candor diff --sql --simple --from "$(url before)" --to "$(url after)" >plan.sql
  measure 8.psql --runs "$((runs / 2 + 1))" --prepare "$(fresh planned before)" -n psql "psql -X -q -v ON_ERROR_STOP=1 -d planned -f plan.sql"
}

check_thousand_files() {
  small_project
  measure 9 -N --runs $((runs * 3)) --warmup 3 -n candor 'candor check --quiet'
}

# ---------------------------------------------------------------------------------------------------------------

run() {
  echo "== $1 ==" >&2
  case $1 in
    1) thousand_small_migrations ;;
    2) nothing_pending ;;
    3) verify_ten_thousand_tables ;;
    4) cost_of_proof ;;
    5) lock_history ;;
    6) diagnose_beyond_reading ;;
    7) diff_beyond_reading ;;
    8) thousand_changes ;;
    9) check_thousand_files ;;
    *) echo "there are measurements 1 to 9" >&2 && exit 2 ;;
  esac
}

(($#)) || set -- 1 2 3 4 5 6 7 8 9
for number; do (run "$number"); done
sql -Atc 'select version()' >"$results/server"
"$bench/report.py" "$results" >"$bench/RESULTS.md"
cat "$bench/RESULTS.md"
