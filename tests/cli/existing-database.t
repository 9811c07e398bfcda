Production was there before its migrations: the example of that name.

  $ . "$TESTDIR/setup.sh"
  $ example=$TESTDIR/../../examples/existing-database
  $ cp -r "$example"/* . && psql -f break.sql
  $ ./naive-runner.sh
  $ candor lock --quiet
  $ candor diagnose
  $ candor repair
  $ candor repair --apply --fill "users.password='!'" | grep -v '^notice'
  $ candor repair
  $ candor up | grep -v '^notice'
  $ candor verify --quiet
  $ psql -At -c 'select u.email, u.password, c.title from users u join content c on c.author_id = u.id order by 1'

The same files build an empty database to the same schema.

  $ fresh_database story_existing_2
  $ candor up --quiet
  $ candor verify
