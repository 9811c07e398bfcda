Taken over from Rails: Active Record's migrations are programs, so they are watched first and become SQL.

  $ . "$TESTDIR/setup.sh"
  $ mkdir -p db/migrate
  $ cat > rails.rb <<'END'
  > require 'active_record'
  > ActiveRecord::Base.establish_connection(adapter: 'postgresql', host: ENV['PGHOST'], port: ENV['PGPORT'],
  >   username: ENV['PGUSER'], password: ENV['PGPASSWORD'], database: ENV['PGDATABASE'])
  > ActiveRecord::Migration.verbose = false
  > context = ActiveRecord::MigrationContext.new('db/migrate', ActiveRecord::SchemaMigration)
  > context.migrate if ARGV == ['db:migrate']
  > context.migrations_status.each { |status, version, name| puts "#{status.ljust(4)} #{version} #{name}" }
  > END
  $ rails() { tool env -u DATABASE_URL /usr/bin/ruby -W0 rails.rb "$@"; }
  $ cat > db/migrate/20240101000000_create_users.rb <<'END'
  > class CreateUsers < ActiveRecord::Migration[6.1]
  >   def change
  >     create_table(:users) { |t| t.string :email, null: false, index: { unique: true }; t.timestamps }
  >   end
  > end
  > END
  $ cat > db/migrate/20240102000000_create_posts.rb <<'END'
  > class CreatePosts < ActiveRecord::Migration[6.1]
  >   def up
  >     create_table(:posts) { |t| t.references :user, foreign_key: true; t.jsonb :tags, default: [] }
  >     execute "INSERT INTO users (email, created_at, updated_at) VALUES ('o''neil@example.org', 'epoch', 'epoch')"
  >   end
  > end
  > END
  $ cat > db/migrate/20240103000000_index_tags.rb <<'END'
  > class IndexTags < ActiveRecord::Migration[6.1]
  >   disable_ddl_transaction!
  >   def change
  >     add_index :posts, :tags, using: :gin, algorithm: :concurrently
  >   end
  > end
  > END
  $ rails db:migrate
  up   20240101000000 Create users
  up   20240102000000 Create posts
  up   20240103000000 Index tags
  $ capture -- /usr/bin/ruby -W0 rails.rb db:migrate
  captured 3 migrations of Rails from 51 statements
  true: replayed in a fresh database, the files make the same 18 objects, and the same rows in 1 table
  wrote 3 files to migrations; next: candor lock --dir migrations
  $ echo 'dir = "migrations"' > candor.toml  # db/migrate is a usual place, too
  $ ls migrations
  20240101000000.sql
  20240102000000.sql
  20240103000000.sql
  $ cat migrations/20240102* migrations/20240103*
  -- captured from 20240102000000
  
  SET intervalstyle = iso_8601;
  
  SET SESSION timezone TO 'UTC';
  
  CREATE TABLE "posts" ("id" bigserial primary key, "user_id" bigint, "tags" jsonb DEFAULT '[]', CONSTRAINT "fk_rails_5b5ddfd518"
  FOREIGN KEY ("user_id")
    REFERENCES "users" ("id")
  );
  
  CREATE INDEX "index_posts_on_user_id" ON "posts" ("user_id");
  
  INSERT INTO users (email, created_at, updated_at) VALUES ('o''neil@example.org', 'epoch', 'epoch');
  -- captured from 20240103000000
  
  SET intervalstyle = iso_8601;
  
  SET SESSION timezone TO 'UTC';
  
  CREATE INDEX CONCURRENTLY "index_posts_on_tags" ON "posts" USING gin ("tags");
  $ candor adopt --mirror
  wrote migrations/candor.lock
  wrote [adopt] to candor.toml
  adopted 3 of 3 migrations from public.schema_migrations (Rails); 18 objects compared, no difference
  $ candor verify
  true: 18 objects are what 3 migrations produce

The next migration is captured too, and applied by Candor.

  $ cat > db/migrate/20240104000000_add_name.rb <<'END'
  > class AddName < ActiveRecord::Migration[6.1]
  >   def change
  >     add_column :users, :name, :text
  >   end
  > end
  > END
  $ rails status
  up   20240101000000 Create users
  up   20240102000000 Create posts
  up   20240103000000 Index tags
  down 20240104000000 Add name
  $ capture -- /usr/bin/ruby -W0 rails.rb db:migrate
  captured 4 migrations of Rails from 55 statements
  true: replayed in a fresh database, the files make the same 19 objects, and the same rows in 1 table
  wrote 1 file to migrations; next: candor lock --dir migrations
  $ candor lock --quiet
  $ candor up
  applied 20240104000000  +1 column  proven: 1 object compared  TIME
  applied 1 migration to database story_rails on SOCKET:5432 as user postgres in TIME
  true: 19 objects are what 4 migrations produce
  $ rails status
  up   20240101000000 Create users
  up   20240102000000 Create posts
  up   20240103000000 Index tags
  up   20240104000000 Add name
  $ rails db:migrate
  up   20240101000000 Create users
  up   20240102000000 Create posts
  up   20240103000000 Index tags
  up   20240104000000 Add name
  $ candor verify
  true: 19 objects are what 4 migrations produce

Without the row it would run it again:

  $ rows "DELETE FROM schema_migrations WHERE version = '20240104000000'"
  $ rails db:migrate | grep -o 'PG::Dup.*' | sort -u
  PG::DuplicateColumn)
  PG::DuplicateColumn: ERROR:  column "name" of relation "users" already exists
  PG::DuplicateColumn: ERROR:  column "name" of relation "users" already exists (ActiveRecord::StatementInvalid)
  [1]
  $ candor adopt --mirror
  nothing to adopt from public.schema_migrations (Rails): the ledger records all that is there; 19 objects compared, no difference
  recorded 1 migration in public.schema_migrations (Rails)
  $ rails db:migrate
  up   20240101000000 Create users
  up   20240102000000 Create posts
  up   20240103000000 Index tags
  up   20240104000000 Add name
