#!/usr/bin/env bash
# The runner that this project had, condensed: what its table lists is done, whatever the database holds. Kept as a
# warning: see README.md.
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

for file in migrations/*.sql; do
  name=$(basename "$file")
  [[ $(psql -XAtq -c "SELECT 1 FROM \"SequelizeMeta\" WHERE name = '$name'") == 1 ]] && continue
  psql -XAtq -1 -v ON_ERROR_STOP=1 -f "$file" || exit 1
  psql -XAtq -c "INSERT INTO \"SequelizeMeta\" VALUES ('$name')"
done
echo "No migrations were executed, database schema was already up to date."
