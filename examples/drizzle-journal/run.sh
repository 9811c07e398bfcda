#!/usr/bin/env bash
# Three files that no journal lists: found, listed, applied, proven. Needs candor, psql and python3 in PATH. Runs on a throw-away
# server that ends with this script, in a copy of this folder.
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh" drizzle naive-runner.sh

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
