Twelve columns are missing, and the old runner's table says that everything was run: the example of that name.

  $ . "$TESTDIR/setup.sh"
  $ example=$TESTDIR/../../examples/partial-table
  $ cp -r "$example"/* . && psql -f break.sql
  $ ./naive-runner.sh
  $ candor lock --quiet
  $ candor diagnose
  $ candor diagnose users --at 0007 | grep missing
  $ candor repair
  $ candor repair --apply | grep -v '^notice'
  $ candor repair
  $ candor verify --quiet
  $ psql -At -c 'select email, email_verified, locale from users order by id'
