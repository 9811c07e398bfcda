#!/usr/bin/env bash
# There was no runner: files were pasted into psql by whoever remembered. This is how the file that nobody had run was
# tried on the day of the incident. Kept as a warning: see README.md.
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

psql -Xq -f uuid_to_varchar.sql >log 2>&1
echo "uuid_to_varchar.sql: run"
