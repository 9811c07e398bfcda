#!/usr/bin/env bash
# Ids change from uuid to text, through every foreign key that leads to them: planned, proven, applied with rows in the
# tables. Needs candor and psql in PATH. Runs on a throw-away server that ends with this script, in a copy of this
# folder.
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh" migrations break.sql schema.sql uuid_to_varchar.sql naive-runner.sh

psql -f break.sql
tell 'The file that nobody had run, pasted at last. It says that it was run; the application still fails.'
run 0 ./naive-runner.sh
run 1 psql -c "INSERT INTO organisations (id, name) VALUES ('org_8f3k', 'Colossus')"

tell 'Where does this database stand? Nothing recorded it; the catalog proves it.'
run 0 candor lock
run 0 candor baseline --auto

tell 'The schema that the application expects, as a migration: planned and proven.'
run 0 candor diff --from @head --to schema.sql --write ids_are_text
run 0 cat migrations/0005_ids_are_text.sql

tell 'Applied, with rows in every table; all of them are still there.'
run 0 candor up
run 0 candor verify
run 0 psql -c "INSERT INTO organisations (id, name) VALUES ('org_8f3k', 'Colossus')"
run 0 psql -c 'SELECT c.organisation, c.platform, count(s.id) AS syncs
  FROM active_connections c LEFT JOIN connection_syncs s ON s.connection_id = c.id GROUP BY 1, 2 ORDER BY 1'

tell 'The other fault is still there: the trigger writes the id of a deleted connection where it has to exist.'
run 1 psql -c "DELETE FROM platform_connections WHERE platform = 'mail'"
