#!/usr/bin/env bash
# The runner that this project had, condensed: files in order, stop at the first that fails. It is started with every
# release, and its exit code is not looked at. Kept as a warning: see README.md.
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

psql -XAtq -c 'CREATE TABLE IF NOT EXISTS done (file text PRIMARY KEY)' 2>/dev/null
for file in migrations/*.sql; do
  name=$(basename "$file")
  [[ $(psql -XAtq -c "SELECT 1 FROM done WHERE file = '$name'") == 1 ]] && continue
  if psql -XAtq -1 -v ON_ERROR_STOP=1 -f "$file" 2>/dev/null; then
    psql -XAtq -c "INSERT INTO done VALUES ('$name')"
  else
    echo "migrations: $name is already there, nothing more to do"
    exit 0
  fi
done
echo "migrations: all done"
