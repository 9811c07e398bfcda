#!/usr/bin/env bash
# Twelve missing columns: named, put back, proven. Needs candor and psql in PATH. Runs on a throw-away server that ends
# with this script, in a copy of this folder.
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh" migrations candor.toml break.sql naive-runner.sh

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
