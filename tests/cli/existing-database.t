Production was there before its migrations: the example of that name.

  $ . "$TESTDIR/setup.sh"
  $ example=$TESTDIR/../../examples/existing-database
  $ cp -r "$example"/* . && psql -f break.sql
  $ ./naive-runner.sh
  migrations: 0000_initial.sql is already there, nothing more to do
  $ candor lock --quiet
  $ candor diagnose
  database story_existing_database on SOCKET:5432 as user postgres
  partly       0000_initial  24 of 28 effects are there
    missing   column public.content.project_id
    missing   constraint public.content.content_project_id_fkey
    missing   index public.content.content_project_idx
    missing   column public.users.password
  partly       0001_profiles  1 of 2 effects are there
    missing   column public.users.locale
  absent       0002_sessions  6 effects
    missing   table public.sessions
  absent       0003_tags  12 effects
    missing   table public.content_tags
    missing   table public.tags
    missing   sequence public.tags_id_seq
  absent       0004_status  2 effects
    missing   column public.content.status
    missing   enum_type public.content_status
  absent       0005_comments  11 effects
    missing   table public.comments
    missing   sequence public.comments_id_seq
  absent       0006_published_view  1 effect
    missing   view public.published
  absent       0007_touch  3 effects
    missing   column public.content.updated_at
    missing   trigger public.content.content_touch
    missing   function public.touch_updated_at()
  absent       0008_project_slug  2 effects
    missing   column public.projects.slug
    missing   index public.projects.projects_slug_key
  absent       0009_longer_names  2 effects
    missing   column public.tags.colour
    missing   constraint public.tags.tags_colour_check
  partly       0010_teams  7 of 13 effects are there
    missing   table public.team_members
  absent       0011_last_login  1 effect
  absent       0012_webhooks  8 effects
  error C0703: the database is no version of its history; 0001_profiles is nearest, with 12 differences in 38 objects
    hint: run `candor repair --to 0010`, which shows what would put it right
  error C0704: 0000_initial is in the database in part: 4 of its 28 effects are missing
    hint: run `candor repair --to 0010`
  error C0704: 0001_profiles is in the database in part: 1 of its 2 effects are missing
    hint: run `candor repair --to 0010`
  error C0704: 0010_teams is in the database in part: 6 of its 13 effects are missing
    hint: run `candor repair --to 0010`
  stands nowhere: nearest at 0001_profiles, with 12 differences in 38 objects; there is no ledger
  [1]
  $ candor repair
  error C0710: columns that must not be null are missing from tables with rows, or hold nulls, and nothing says which value those rows should have
    column public.users.password
    hint: give each an SQL expression: --fill public.users.password="'\xe2\x80\xa6'" (esc)
  [1]
  $ candor repair --apply --fill "users.password='!'" | grep -v '^notice'
  ledger: 11 migrations baselined: 0000_initial, 0001_profiles, 0002_sessions, 0003_tags, 0004_status, 0005_comments, 0006_published_view, 0007_touch, 0008_project_slug, 0009_longer_names, 0010_teams
  repaired to 0010_teams: 36 statements run; 83 objects compared before the COMMIT
  true: 83 objects are what 11 migrations produce
  $ candor repair
  nothing to repair: 83 objects compared with 0010_teams
  $ candor up | grep -v '^notice'
  applied 0011_last_login  +1 column  proven: 1 object compared  TIME
  applied 0012_webhooks  +1 sequence +1 table +4 columns +2 constraints  proven: 8 objects compared  TIME
  applied 2 migrations to database story_existing_database on SOCKET:5432 as user postgres in TIME
  true: 92 objects are what 13 migrations produce
  $ candor verify --quiet
  $ psql -At -c 'select u.email, u.password, c.title from users u join content c on c.author_id = u.id order by 1'
  ada@example.org|!|Hello
  bo@example.org|!|Again

The same files build an empty database to the same schema.

  $ fresh_database story_existing_2
  $ candor up --quiet
  $ candor verify
  true: 92 objects are what 13 migrations produce
