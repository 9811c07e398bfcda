Effects that depend on the clock are declared, and then no reason to lock anew.

  $ . "$TESTDIR/setup.sh"
  $ mkdir migrations
  $ migration 0001_events <<'END'
  > -- candor:varies public.events_*
  > CREATE TABLE events (at timestamptz) PARTITION BY RANGE (at);
  > DO $$ BEGIN EXECUTE format('CREATE TABLE events_%s PARTITION OF events DEFAULT', to_char(clock_timestamp(), 'HH24MISSUS')); END $$;
  > END
  $ candor lock --quiet
  $ candor lock --check | sed '/^replayed/d'
  migrations/candor.lock is unchanged
  $ candor up | tail -1
  true: 3 objects are what 1 migration produces; 4 objects vary as declared
  $ candor verify
  true: 3 objects are what 1 migration produces; 4 objects vary as declared

What comes behind it is added, and what is there stays.

  $ cp migrations/candor.lock before
  $ migration 0002_more <<'END'
  > CREATE TABLE more (id int);
  > END
  $ candor lock --check | sed '/^replayed/d'
  error C0406: migrations/candor.lock is not what a replay gives
    the first difference: + 0002_more  +1 table +1 column
    hint: run `candor lock` and commit the file that it writes
  [1]
  $ candor lock | sed '/^replayed/d'
  + 0002_more  +1 table +1 column
  wrote migrations/candor.lock
  $ diff before migrations/candor.lock | grep -c '^<'
  1
  [1]
  $ candor up | tail -1
  true: 5 objects are what 2 migrations produce; 4 objects vary as declared

Another effect is one.

  $ migration 0001_events <<'END'
  > -- candor:varies public.events_*
  > CREATE TABLE events (at timestamptz, what text) PARTITION BY RANGE (at);
  > DO $$ BEGIN EXECUTE format('CREATE TABLE events_%s PARTITION OF events DEFAULT', to_char(clock_timestamp(), 'HH24MISSUS')); END $$;
  > END
  $ candor lock --check | sed -E '/^replayed/d; s/events_[0-9]{12}/events_N/'
  error C0406: migrations/candor.lock is not what a replay gives
    the first difference: ~ 0001_events  edited, other effects:
      locked  + table public.events_N partition_of=public.events bound=DEFAULT
      locked  + column public.events_N.at type="timestamp with time zone" inherited=true position=1
      now     + column public.events.what type=text position=2
      now     + table public.events_N partition_of=public.events bound=DEFAULT
      now     + column public.events_N.at type="timestamp with time zone" inherited=true position=1
      now     + column public.events_N.what type=text inherited=true position=2
    hint: run `candor lock` and commit the file that it writes
  [1]
