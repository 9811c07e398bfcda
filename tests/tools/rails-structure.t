Rails with config.active_record.schema_format = :sql: db/structure.sql tells what the Ruby files have made.

  $ . "$TESTDIR/setup.sh"
  $ mkdir -p db/migrate
  $ cat > rails.rb <<'END'
  > require 'active_record'
  > config = { adapter: 'postgresql', host: ENV['PGHOST'], port: ENV['PGPORT'], username: ENV['PGUSER'],
  >   password: ENV['PGPASSWORD'], database: ENV['PGDATABASE'] }
  > ActiveRecord::Base.establish_connection(config)
  > ActiveRecord::Migration.verbose = false
  > context = ActiveRecord::MigrationContext.new('db/migrate', ActiveRecord::SchemaMigration)
  > context.migrate
  > ActiveRecord::Tasks::PostgreSQLDatabaseTasks.new(ActiveRecord::Base.connection_db_config).structure_dump('db/structure.sql', [])
  > File.open('db/structure.sql', 'a') { |f| f.puts ActiveRecord::Base.connection.dump_schema_information }
  > END
  $ rails() { tool env -u DATABASE_URL /usr/bin/ruby -W0 rails.rb; }
  $ cat > db/migrate/20240101000000_create_users.rb <<'END'
  > class CreateUsers < ActiveRecord::Migration[6.1]
  >   def change
  >     create_table(:users) { |t| t.string :email, null: false, index: { unique: true }; t.timestamps }
  >   end
  > end
  > END
  $ cat > db/migrate/20240102000000_create_posts.rb <<'END'
  > class CreatePosts < ActiveRecord::Migration[6.1]
  >   def change
  >     create_table(:posts) { |t| t.references :user, foreign_key: true; t.jsonb :tags, default: [] }
  >   end
  > end
  > END
  $ rails
  $ grep -v '^--\|^$' db/structure.sql | tail -3
  INSERT INTO "schema_migrations" (version) VALUES
  ('20240101000000'),
  ('20240102000000');
  $ candor check
  error C0401: there is no db/candor.lock
    hint: run `candor lock` and commit the file that it writes
  checked 1 migration in db (rails): 1 error, 0 warnings
  [1]
  $ candor adopt
  wrote db/candor.lock
  wrote [adopt] to candor.toml
  adopted 1 of 1 migration from public.schema_migrations (Rails); 26 objects compared, no difference
  $ candor verify
  true: 26 objects are what 1 migration produces

A change by hand is found; a file that came late is never run by `rails db:schema:load`:

  $ rows 'ALTER TABLE posts DROP COLUMN tags'
  $ candor verify
  missing   column public.posts.tags
  differs: 1 difference in 26 objects
  [1]
  $ rows "ALTER TABLE posts ADD COLUMN tags jsonb DEFAULT '[]'"
  $ cat > db/migrate/20240101120000_add_name.rb <<'END'
  > class AddName < ActiveRecord::Migration[6.1]
  >   def change
  >     add_column :users, :name, :text
  >   end
  > end
  > END
  $ candor check
  error C0326: 20240101120000_add_name.rb is not in structure.sql, and it is not SQL: the history cannot be replayed without it
    hint: run it with `rails db:migrate`, which writes structure.sql anew, or record what it does with `candor capture`
  error C0323: 20240101120000_add_name.rb is older than structure.sql, which lacks it: `rails db:schema:load` records it as applied and never runs it
    hint: run `rails db:migrate`, which writes structure.sql anew
  checked 1 migration in db (rails): 2 errors, 0 warnings
  [1]
