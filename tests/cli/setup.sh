# tests/cli/setup.sh: the first line of every story is `. "$TESTDIR/setup.sh"`.
#
# It gives the story an empty database of its own on the run's throw-away server, in DATABASE_URL and PGDATABASE; the
# current folder is empty and the story's own (cram makes it). Every `candor` below goes through `norm`, so that times,
# paths and hashes compare; its exit code stays. `command candor` is the bare program.
set -o pipefail

if [[ -z ${PGHOST:-} ]]; then
  echo "no server: run the stories with \`./dev test cli\`, or one with \`./dev test cli tests/cli/NAME.t\`"
  exit 1
fi

psql() { command psql -X -q -P pager=off -v ON_ERROR_STOP=1 "$@"; }

# An empty database called NAME, from now on the one that is meant.
fresh_database() { # NAME
  psql -d candor -c 'set client_min_messages = warning' -c "drop database if exists \"$1\" with (force)" \
    -c "create database \"$1\" template template0"
  export PGDATABASE=$1
  export DATABASE_URL="host='$PGHOST' ${PGPORT:+port=$PGPORT} user='$PGUSER' dbname='$1'"
}

# A migration in ./migrations, its SQL from standard input.
migration() { # FILE NAME WITHOUT .sql
  mkdir -p migrations
  cat >"migrations/$1.sql"
}

# Replaces what differs from run to run: durations, hashes, run ids, times of day, process ids, paths, server versions.
norm() {
  sed -E \
    -e "s#${PGHOST//./\\.}#SOCKET#g" \
    -e "s#${PWD//./\\.}#FOLDER#g" \
    -e 's/<?[0-9]+(\.[0-9]+)? ?(ms|s|min)\b/TIME/g' \
    -e 's/sha256:[0-9a-f]{6,64}(…)?/sha256:HASH/g' \
    -e 's/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/UUID/g' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]{5,}(Z|[+-][0-9:]+)?/INSTANT/g' \
    -e 's/\bpid [0-9]+/pid PID/g' \
    -e 's/PostgreSQL [0-9]+(\.[0-9]+)?/PostgreSQL N/g'
}

candor() { command candor "$@" 2>&1 | norm; }

unset CANDOR_CONFIG
export NO_COLOR=1
fresh_database "story_$(basename "$TESTFILE" .t | tr -c 'a-z0-9\n' _)"
