#!/usr/bin/env bash
# What drizzle-orm's migrator does (pg-core/dialect.ts, migrate), in a few lines: it reads one row, the newest, and runs what the
# journal dates after it. A file that is not in the journal does not exist for it.
set -euo pipefail
psql() { command psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
psql -c 'SET client_min_messages = warning' -c 'CREATE SCHEMA IF NOT EXISTS drizzle' -c 'CREATE TABLE IF NOT EXISTS
  drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)'
newest=$(psql -c 'SELECT created_at FROM drizzle.__drizzle_migrations ORDER BY created_at DESC LIMIT 1')
python3 -c 'import json; [print(e["when"], e["tag"]) for e in json.load(open("drizzle/meta/_journal.json"))["entries"]]' |
  while read -r when tag; do
    ((when > ${newest:-0})) || continue
    psql -1 -f "drizzle/$tag.sql" -c "INSERT INTO drizzle.__drizzle_migrations (hash, created_at)
      VALUES ('$(sha256sum <"drizzle/$tag.sql" | cut -d' ' -f1)', $when)" </dev/null
  done
echo 'migrations applied successfully!'
