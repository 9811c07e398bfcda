#!/usr/bin/env bash
# psql_each.sh FOLDER DATABASE: the up files of a folder in order of their numbers, one psql process per file.
set -euo pipefail
find "$1" -name '*.sql' ! -name '*down.sql' -printf '%P\n' | sort -V | while read -r file; do
  psql -X -q -v ON_ERROR_STOP=1 -d "$2" -f "$1/$file" </dev/null >/dev/null
done
