Taken over from Alembic: its revisions are programs, so they are watched first and become SQL.

  $ . "$TESTDIR/setup.sh"
  $ alembic() { tool command alembic "$@" | sed '/^$/d'; }
  $ mkdir -p py/versions
  $ printf '[alembic]\nscript_location = py\n' > alembic.ini
  $ cat > py/env.py <<'END'
  > from alembic import context
  > from sqlalchemy import create_engine, pool
  > with create_engine('postgresql://', poolclass=pool.NullPool).connect() as connection:
  >     context.configure(connection=connection)
  >     with context.begin_transaction():
  >         context.run_migrations()
  > END
  $ revision() { # ID, the one before it; the body of upgrade() on standard input
  >   printf "import sqlalchemy as sa\nfrom alembic import op\nrevision = '$1'\ndown_revision = $2\ndef upgrade():\n" > py/versions/$1.py
  >   sed 's/^/    /' >> py/versions/$1.py
  > }
  $ revision 9b1c5f0e22aa None <<'END'
  > op.create_table('users', sa.Column('id', sa.Integer, primary_key=True),
  >     sa.Column('email', sa.String(200), nullable=False, unique=True),
  >     sa.Column('role', sa.Enum('reader', 'writer', name='user_role'), server_default='reader'))
  > END
  $ revision 04d2aa61b7c3 "'9b1c5f0e22aa'" <<'END'
  > op.create_table('posts', sa.Column('id', sa.Integer, primary_key=True),
  >     sa.Column('author', sa.Integer, sa.ForeignKey('users.id', ondelete='CASCADE'), index=True))
  > op.bulk_insert(sa.table('users', sa.column('email')), [{'email': "o'neil@example.org"}])
  > END
  $ alembic upgrade head
  $ alembic current
  04d2aa61b7c3 (head)
  $ capture -- alembic upgrade head
  captured 2 migrations of Alembic from 21 statements
  true: replayed in a fresh database, the files make the same 16 objects, and the same rows in 1 table
  wrote 2 files to migrations; next: candor lock --dir migrations
  $ ls migrations
  0001_9b1c5f0e22aa.sql
  0002_04d2aa61b7c3.sql
  $ cat migrations/*04d2*
  -- captured from 04d2aa61b7c3
  
  CREATE TABLE posts (
  \tid SERIAL NOT NULL,  (esc)
  \tauthor INTEGER,  (esc)
  \tPRIMARY KEY (id),  (esc)
  \tFOREIGN KEY(author) REFERENCES users (id) ON DELETE CASCADE (esc)
  );
  
  CREATE INDEX ix_posts_author ON posts (author);
  
  INSERT INTO users (email) VALUES ('o''neil@example.org');
  $ candor adopt --mirror
  wrote migrations/candor.lock
  wrote [adopt] to candor.toml
  adopted 2 of 2 migrations from public.alembic_version (Alembic); 16 objects compared, no difference
  $ candor verify
  true: 16 objects are what 2 migrations produce

The next revision is captured too, and applied by Candor.

  $ revision 7e00c9d4f512 "'04d2aa61b7c3'" <<'END'
  > op.add_column('posts', sa.Column('title', sa.Text, nullable=False, server_default=''))
  > END
  $ capture -- alembic upgrade head
  captured 3 migrations of Alembic from 23 statements
  true: replayed in a fresh database, the files make the same 17 objects, and the same rows in 1 table
  wrote 1 file to migrations; next: candor lock --dir migrations
  $ candor lock --quiet
  $ candor up
  applied 0003_7e00c9d4f512  +1 column  proven: 1 object compared  TIME
  applied 1 migration to database story_alembic on SOCKET:5432 as user postgres in TIME
  true: 17 objects are what 3 migrations produce
  $ alembic current
  7e00c9d4f512 (head)
  $ alembic upgrade head
  $ candor verify
  true: 17 objects are what 3 migrations produce

Taken back with Candor, it is Alembic's to apply again, and Candor's to adopt:

  $ candor down --yes
  planned   0003_7e00c9d4f512  proven on PostgreSQL N: 19 objects compared
  reverted 0003_7e00c9d4f512  16 objects compared, as before it  TIME
  true: 16 objects are what 2 migrations produce
  $ alembic current
  04d2aa61b7c3
  $ alembic upgrade head
  $ alembic current
  7e00c9d4f512 (head)
  $ candor adopt --mirror
  adopted 1 of 1 migration from public.alembic_version (Alembic); 17 objects compared, no difference
  $ candor verify
  true: 17 objects are what 3 migrations produce

Without the row it would run it again:

  $ rows "UPDATE alembic_version SET version_num = '04d2aa61b7c3'"
  $ alembic upgrade head | grep '^psycopg2.*Dup'
  psycopg2.errors.DuplicateColumn: column "title" of relation "posts" already exists
  [1]
  $ candor adopt --mirror
  nothing to adopt from public.alembic_version (Alembic): the ledger records all that is there; 17 objects compared, no difference
  recorded 1 migration in public.alembic_version (Alembic)
  $ alembic upgrade head
  $ rows 'TABLE alembic_version'
  7e00c9d4f512
