Behind a pooler in transaction mode one session's statements reach many of the server's.

  $ . "$TESTDIR/setup.sh"
  $ pool=$(mktemp -d /tmp/candor-pool-XXXXXX) && chmod 777 "$pool"
  $ cat >"$pool/pgbouncer.ini" <<END
  > [databases]
  > * = host=$PGHOST port=${PGPORT:-5432} user=$PGUSER
  > [pgbouncer]
  > unix_socket_dir = $pool
  > unix_socket_mode = 0777
  > listen_port = 6432
  > auth_type = any
  > pool_mode = transaction
  > default_pool_size = 10
  > pidfile = $pool/pid
  > logfile = $pool/log
  > END
  $ chmod 644 "$pool/pgbouncer.ini"
  $ as_server() { if [ "$(id -u)" = 0 ]; then setpriv --reuid="$(stat -c %u "$PGHOST")" --clear-groups -- "$@"; else "$@"; fi; }
  $ as_server /usr/sbin/pgbouncer -q -d "$pool/pgbouncer.ini"
  $ for try in $(seq 50); do [ -S "$pool/.s.PGSQL.6432" ] && break; sleep 0.1; done
  $ export DATABASE_URL="host=$pool port=6432 dbname=$PGDATABASE"

  $ migration 0001_users <<'SQL'
  > create table users (id int primary key);
  > SQL
  $ migration 0002_index <<'SQL'
  > create index concurrently users_id on users (id);
  > SQL
  $ candor lock --quiet
  $ for runner in $(seq 8); do candor up --quiet & done; wait
  $ candor verify
  true: 5 objects are what 2 migrations produce
  $ candor status --exit-code | tail -1
  true: 5 objects are what 2 migrations produce

Nothing is left behind in the sessions that the pooler keeps.

  $ psql -Atc "select count(*) from pg_locks where locktype = 'advisory'"
  0
  $ psql -Atc "select version, status from candor.schema_migrations order by 1"
  0001|completed
  0002|completed
  $ kill "$(cat "$pool/pid")" && rm -rf "$pool"
