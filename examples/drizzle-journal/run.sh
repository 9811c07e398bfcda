#!/usr/bin/env bash
# Three files that no journal lists: found, listed, applied, proven. Needs candor, psql and python3 in PATH. Runs on a throw-away
# server that ends with this script, in a copy of this folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[[ ${DRIZZLE_JOURNAL_SERVER:-} ]] || DRIZZLE_JOURNAL_SERVER=1 exec candor with-server -- "$PWD/run.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r drizzle naive-runner.sh "$folder"
cd "$folder"

tell() { printf '\n# %s\n' "$@"; }

# Runs a command as a reader would, and holds it to the exit code that this story tells.
run() { # EXIT_CODE COMMAND…
  local expected=$1 code=0
  shift
  printf '$ %s\n' "$*"
  "$@" || code=$?
  if ((code != 0)); then printf '(exit code %d)\n' "$code"; fi
  if ((code != expected)); then
    printf 'this should have ended with %d\n' "$expected" >&2
    exit 1
  fi
}

psql() { command psql -X -q -P pager=off -v ON_ERROR_STOP=1 "$@"; }

tell 'The migrator runs what its journal lists, and is content.'
run 0 ./naive-runner.sh
run 0 ./naive-runner.sh

tell 'What would it never run?'
run 1 candor check --quiet

tell 'The journal is mended: what the database has run stays, what it lacks follows, dated after all of it, with its snapshot.'
run 0 candor repair --history
run 0 candor repair --history --apply
run 0 candor repair --history

tell 'Candor takes over: sixteen are in the database, three are not.'
run 0 candor adopt
run 0 candor up
run 0 candor verify

tell 'The other way: a database like the first, and the old migrator with the mended journal.'
run 0 psql -c 'CREATE DATABASE other'
export PGDATABASE=other DATABASE_URL="host=$PGHOST user=$PGUSER dbname=other"
run 0 ./naive-runner.sh
run 0 candor adopt
run 0 candor verify
