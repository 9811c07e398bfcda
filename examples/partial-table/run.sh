#!/usr/bin/env bash
# Twelve missing columns: named, put back, proven. Needs candor and psql in PATH. Runs on a throw-away server that ends
# with this script, in a copy of this folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[[ ${PARTIAL_TABLE_SERVER:-} ]] || PARTIAL_TABLE_SERVER=1 exec candor with-server -- "$PWD/run.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r migrations candor.toml break.sql naive-runner.sh "$folder"
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

psql -f break.sql
tell 'The old runner believes its own table.'
run 0 ./naive-runner.sh

tell 'What is in this database?'
run 0 candor lock
run 1 candor diagnose
run 1 candor diagnose users --at 0007

tell 'The statements first, then for good.'
run 0 candor repair --to 0007
run 0 candor repair --to 0007 --apply

tell 'A second repair finds nothing; everything is true, and no row was lost.'
run 0 candor repair
run 0 candor up
run 0 candor verify
run 0 psql -c 'SELECT email, email_verified, locale FROM users ORDER BY id'
