#!/usr/bin/env bash
# Sequelize reported success over two tables that were half made. Needs candor, psql and npm in PATH: the packages of
# package.json come from npm's registry, unless they are in build/tools (`./dev test tools`). Runs on a throw-away
# server that ends with this script, in a copy of this folder.
. "$(dirname "${BASH_SOURCE[0]}")/../story.sh" migrations first-try rows.sql candor.toml config.js .sequelizerc package.json

installed=$example/../../build/tools/node_modules
if [[ -d $installed ]]; then ln -s "$(realpath "$installed")" node_modules; else npm install --silent --no-audit --no-fund; fi
npx() { # without the banner
  command npx --no-install "$@" 2>&1 | grep -v -e '^Sequelize CLI' -e '^Loaded configuration' -e '^Using environment' -e '^$'
}

tell 'The first deployment breaks off: a typing error. Sequelize runs no transaction, so the table stays.'
run 1 npx sequelize-cli db:migrate --migrations-path first-try
tell 'Corrected, with columns that the next sprint was going to need: CREATE TABLE IF NOT EXISTS passes over all of it.'
run 0 npx sequelize-cli db:migrate --to 20240302000000-create-projects.js
tell 'The same with the next table.'
run 1 npx sequelize-cli db:migrate --migrations-path first-try
run 0 npx sequelize-cli db:migrate
run 0 npx sequelize-cli db:migrate
run 0 psql -f rows.sql
tell 'The application sees it first.'
run 1 psql -c 'SELECT email, email_verified FROM users'

tell 'The migrations are programs. Watched on a fresh server, they become SQL, which is proven to make the same.'
run 0 candor capture --out sql -- npx --no-install sequelize-cli db:migrate
run 0 candor lock

tell 'What is in this database?'
run 1 candor diagnose

tell 'The statements first, then for good.'
run 0 candor repair
run 0 candor repair --apply

tell 'Candor takes over, and goes on writing what Sequelize reads.'
run 0 candor adopt --mirror
run 0 candor verify
run 0 npx sequelize-cli db:migrate
run 0 psql -c 'SELECT u.email, u.email_verified, u.plan, p.name FROM users u JOIN projects p ON p.owner = u.id ORDER BY u.id'
