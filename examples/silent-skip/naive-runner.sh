#!/usr/bin/env bash
# The runner that this project had, condensed. Every line looks reasonable. It is kept as a warning: see README.md.
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

query() { psql -XAtq -v ON_ERROR_STOP=1 "$@" 2>/dev/null; }

is_executed() {
  local found
  found=$(query -c "SELECT 1 FROM schema_migrations WHERE version = '$1' AND status = 'completed'") ||
    return 0 # tracking is not available here, so the schema is managed elsewhere
  [[ $found == 1 ]]
}

skipped=0
for file in migrations/*.sql; do
  version=$(basename "$file" | cut -d_ -f1)
  if [[ $version == 0001 ]]; then
    query -f "$file" # the base schema is idempotent and always runs
  elif is_executed "$version"; then
    skipped=$((skipped + 1))
  else
    query -1 -f "$file" && query -c "INSERT INTO schema_migrations (version, status) VALUES ('$version', 'completed')"
  fi
done

echo "skipping $skipped migrations that were already executed"
if [[ $(query -c "SELECT to_regclass('public.users') IS NOT NULL") == t ]]; then
  echo "tables created/verified"
fi
echo "database is up to date"
