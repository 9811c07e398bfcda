Taken over from graphile-migrate, whose committed files Candor reads where they lie.

  $ . "$TESTDIR/setup.sh"
  $ at() { echo "postgres://$PGUSER@/$1?host=$PGHOST"; }
  $ export SHADOW_DATABASE_URL=$(at graphile_shadow) ROOT_DATABASE_URL=$(at postgres)
  $ graphile() { DATABASE_URL=$(at $PGDATABASE) tool graphile-migrate "$@" | grep -v '^  \|^ *$\|^}'; }

Migrations are written in a database of the developer's, and tried in a shadow before they are committed.

  $ psql -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS graphile_developer' -c 'CREATE DATABASE graphile_developer'
  $ commit() { DATABASE_URL=$(at graphile_developer) tool graphile-migrate commit --message "$1" | grep -o 'New .*'; }
  $ echo '{ "afterReset": [], "afterCurrent": [], "blankMigrationContent": "" }' > .gmrc
  $ mkdir -p migrations/committed
  $ echo 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);' > migrations/current.sql
  $ commit users
  New migration '000001-users.sql' created
  $ echo 'CREATE TABLE posts (id serial PRIMARY KEY, author int REFERENCES users);' > migrations/current.sql
  $ commit posts
  New migration '000002-posts.sql' created
  $ echo "INSERT INTO users (email) VALUES ('o''neil@example.org');" > migrations/current.sql
  $ commit 'first user'
  New migration '000003-first-user.sql' created
  $ graphile migrate
  graphile-migrate: Running migration '000001-users.sql'
  graphile-migrate: Running migration '000002-posts.sql'
  graphile-migrate: Running migration '000003-first-user.sql'
  graphile-migrate: 3 committed migrations executed

  $ echo 'dir = "migrations/committed"' > candor.toml
  $ candor adopt --mirror
  wrote migrations/committed/candor.lock
  wrote [adopt] to candor.toml
  adopted 3 of 3 migrations from graphile_migrate.migrations (graphile-migrate); 13 objects compared, no difference
  $ candor verify
  true: 13 objects are what 3 migrations produce

A new migration, committed by graphile-migrate, applied by Candor:

  $ echo 'CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);' > migrations/current.sql
  $ commit tags
  New migration '000004-tags.sql' created
  $ graphile status
  There are 1 committed migrations pending:
  [1]
  $ candor lock --quiet
  $ candor up
  applied 000004_tags  +1 table +2 columns +1 constraint  proven: 4 objects compared  TIME
  applied 1 migration to database story_graphile_migrate on SOCKET:5432 as user postgres in TIME
  true: 17 objects are what 4 migrations produce
  $ graphile status
  Up to date.
  $ graphile migrate
  graphile-migrate: Already up to date
  $ candor verify
  true: 17 objects are what 4 migrations produce

Without the row it would run it again:

  $ rows "DELETE FROM graphile_migrate.migrations WHERE filename = '000004.sql'"
  $ graphile migrate
  graphile-migrate: Running migration '000004-tags.sql'
  error: relation "tags" already exists
  [1]
  $ candor adopt --mirror
  nothing to adopt from graphile_migrate.migrations (graphile-migrate): the ledger records all that is there; 17 objects compared, no difference
  recorded 1 migration in graphile_migrate.migrations (graphile-migrate)
  $ graphile migrate
  graphile-migrate: Already up to date
  $ rows 'SELECT filename, previous_hash IS NOT NULL, date IS NOT NULL FROM graphile_migrate.migrations ORDER BY 1'
  000001.sql|f|t
  000002.sql|t|t
  000003.sql|t|t
  000004.sql|t|t
