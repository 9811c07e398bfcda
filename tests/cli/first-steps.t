A new project, from nothing to a verified database.

  $ . "$TESTDIR/setup.sh"
  $ candor init
  created migrations/
  created candor.toml
  added .candor/ to .gitignore
  next: candor new create_users, write its SQL, then candor lock and candor up
  $ migration 0001_users <<'SQL'
  > create table users (id bigint generated always as identity primary key, email text not null unique);
  > SQL
  $ migration 0002_posts <<'SQL'
  > create table posts (id bigint primary key, user_id bigint not null references users (id) on delete cascade);
  > create index posts_user_idx on posts (user_id);
  > SQL

Without a lock there is no expectation, and so no proof.

  $ candor up
  error C0401: there is no migrations/candor.lock
    hint: run `candor lock` and commit the lock file
  nothing was applied
  [1]
  $ candor lock
  replayed 2 migrations on PostgreSQL N: 12 effects in TIME (shadow ready in TIME)
  wrote migrations/candor.lock
  $ grep -v ^tuples migrations/candor.lock | norm
  candor.lock 1
  server 15
  
  migration 0001 users
  file 0001_users.sql
  checksum sha256:HASH
  + table public.users
  + column public.users.id type=bigint not_null=true identity=always position=1
  + column public.users.email type=text not_null=true position=2
  + constraint public.users.users_email_key type=unique columns=email
  + constraint public.users.users_pkey type=primary_key columns=id
  + sequence public.users_id_seq type=bigint owned_by=public.users.id identity=true
  fingerprint sha256:HASH
  chain sha256:HASH
  
  migration 0002 posts
  file 0002_posts.sql
  checksum sha256:HASH
  + table public.posts
  + column public.posts.id type=bigint not_null=true position=1
  + column public.posts.user_id type=bigint not_null=true position=2
  + constraint public.posts.posts_pkey type=primary_key columns=id
  + constraint public.posts.posts_user_id_fkey type=foreign_key columns=user_id references="public.users (id)" on_delete=cascade
  + index public.posts.posts_user_idx columns=user_id
  fingerprint sha256:HASH
  chain sha256:HASH
  
  end 2
  $ candor lock --check
  replayed 2 migrations on PostgreSQL N: 12 effects in TIME (shadow ready in TIME)
  migrations/candor.lock is unchanged
  $ candor status
  database story_first_steps on SOCKET:5432 as user postgres
  pending   0001_users
  pending   0002_posts
  0 applied, 2 pending; compared 1 object with candor.lock before its first migration in TIME
  notice C0208: the database has no ledger: nothing was ever applied by Candor
    hint: run `candor up`, which makes it
  true: 1 object is what 0 migrations produce
  $ candor up
  applied 0001_users  +1 sequence +1 table +2 columns +2 constraints  proven: 6 objects compared  TIME
  applied 0002_posts  +1 table +2 columns +2 constraints +1 index  proven: 6 objects compared  TIME
  applied 2 migrations to database story_first_steps on SOCKET:5432 as user postgres in TIME
  true: 13 objects are what 2 migrations produce
  $ candor up
  nothing is pending
  true: 13 objects are what 2 migrations produce
  $ candor verify
  true: 13 objects are what 2 migrations produce
  $ candor status --exit-code
  database story_first_steps on SOCKET:5432 as user postgres
  applied   0001_users  INSTANT  TIME
  applied   0002_posts  INSTANT  TIME
  2 applied, 0 pending; compared 13 objects with candor.lock at version 0002 in TIME
  true: 13 objects are what 2 migrations produce
