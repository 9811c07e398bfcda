#!/usr/bin/env bash
# The demo: a runner's false success, what Candor says about it, and what it does. Needs candor and psql in PATH.
# Runs on a throw-away server that ends with this script, in a copy of this folder.
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh" migrations candor.toml break.sql naive-runner.sh

psql -f break.sql
tell 'A database whose tracking table lacks the column "status". The old runner has 29 migrations to look at.'
run 0 ./naive-runner.sh

tell 'It said "up to date" and exited 0. Of the 29 migrations the database has one:'
run 0 psql -c '\dt'

tell 'Candor first records what each migration does, by replaying the files on a throw-away server.'
run 0 candor lock

tell 'Where does the database stand? Nothing is taken on trust: no ledger means no claim.'
run 1 candor status --exit-code

tell 'Apply. Each migration is read back from the catalog inside its own transaction before it counts.'
run 0 candor up
run 0 candor verify

tell 'Somebody fixes things by hand, on a Friday.'
run 0 psql -c 'ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL'
run 0 psql -c 'DROP INDEX content_search_idx'
run 0 psql -c 'ALTER TABLE api_keys ADD COLUMN note text'
run 1 candor verify

tell 'The start-up gate does not let the application start on that.'
run 1 candor exec --verify-only -- echo 'the application is running'

tell 'Put right, object by object.'
run 0 psql -c 'ALTER TABLE users ALTER COLUMN password_hash SET NOT NULL'
run 0 psql -c 'CREATE INDEX content_search_idx ON content USING gin (search)'
run 0 psql -c 'ALTER TABLE api_keys DROP COLUMN note'
run 0 candor verify
run 0 candor exec --verify-only -- echo 'the application is running'
