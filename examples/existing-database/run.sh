#!/usr/bin/env bash
# A database that was there before its migrations: found out, repaired, brought up to date. Needs candor and psql in
# PATH. Runs on a throw-away server that ends with this script, in a copy of this folder.
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh" migrations candor.toml break.sql naive-runner.sh

psql -f break.sql
tell 'Production, and the old runner: its first file finds the tables there.'
run 0 ./naive-runner.sh

tell 'What is in this database?'
run 0 candor lock
run 1 candor diagnose

tell 'What would put it right? Nothing is written yet, and a value is asked for.'
run 1 candor repair --to 0010

tell 'With a value that nobody can log in with, and for good.'
run 0 candor repair --to 0010 --apply --fill "users.password='!'"

tell 'The rest, as for any other database. All rows are still there.'
run 0 candor up
run 0 candor verify
run 0 psql -c 'SELECT u.email, u.password, c.title FROM users u JOIN content c ON c.author_id = u.id ORDER BY 1'

tell 'The same files build an empty database to the same schema.'
run 0 psql -c 'CREATE DATABASE fresh'
export DATABASE_URL="host=$PGHOST port=$PGPORT user=$PGUSER dbname=fresh"
run 0 candor up --quiet
run 0 candor verify
