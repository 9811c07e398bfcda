Another tool's folder is run in place, and what that tool would not say is said.

  $ . "$TESTDIR/setup.sh"
  $ mkdir -p drizzle/meta
  $ echo 'create table users (id int primary key);' >drizzle/0000_users.sql
  $ printf 'create table posts (id int);\n--> statement-breakpoint\ncreate index posts_id on posts (id);' >drizzle/0001_posts.sql
  $ cat >drizzle/meta/_journal.json <<'JSON'
  > {"version":"7","dialect":"postgresql","entries":[
  > {"idx":0,"version":"7","when":1700000000000,"tag":"0000_users","breakpoints":true},
  > {"idx":1,"version":"7","when":1600000000000,"tag":"0001_posts","breakpoints":true}]}
  > JSON
  $ echo '{"id":"a","prevId":"00000000-0000-0000-0000-000000000000"}' >drizzle/meta/0000_snapshot.json
  $ candor lock
  replayed 2 migrations on PostgreSQL N: 6 effects in TIME (shadow ready in TIME)
  wrote drizzle/candor.lock
  $ candor check
  error C0323: Drizzle will skip 0001_posts in every database that has 0000_users already, and report success; a fresh database runs it
    its "when" is 1600000000000 (INSTANT UTC), not later than 1700000000000 (INSTANT UTC)
    meta/_journal.json:3:52
      3 | {"idx":1,"version":"7","when":1600000000000,"tag":"0001_posts","breakpoints":true}]}
        |                                                    ^
    hint: set its "when" in meta/_journal.json to a number above 1700000000000, and below those that follow
  warning C0324: 0001_posts has no snapshot meta/0001_snapshot.json
    drizzle-kit compares with the last snapshot there is: the next generated migration may repeat what this one did
    hint: run `candor repair --history`, which makes it from the migrations, or restore it
  checked 2 migrations in drizzle (drizzle): 1 error, 1 warning
  [1]
  $ candor check --format github
  ::error file=drizzle/meta/_journal.json,line=3,col=52,title=C0323::Drizzle will skip 0001_posts in every database that has 0000_users already, and report success; a fresh database runs it%0Aits "when" is 1600000000000 (INSTANT UTC), not later than 1700000000000 (INSTANT UTC)%0Ahint: set its "when" in meta/_journal.json to a number above 1700000000000, and below those that follow
  ::warning title=C0324::0001_posts has no snapshot meta/0001_snapshot.json%0Adrizzle-kit compares with the last snapshot there is: the next generated migration may repeat what this one did%0Ahint: run `candor repair --history`, which makes it from the migrations, or restore it
  [1]
  $ candor check --format junit
  <?xml version="1.0" encoding="UTF-8"?>
  <testsuite name="candor check" tests="4" failures="1">
    <testcase classname="candor.check" name="drizzle">
      <system-out>warning C0324: 0001_posts has no snapshot meta/0001_snapshot.json&#10;drizzle-kit compares with the last snapshot there is: the next generated migration may repeat what this one did&#10;hint: run `candor repair --history`, which makes it from the migrations, or restore it</system-out>
    </testcase>
    <testcase classname="candor.check" name="drizzle/0000_users.sql"/>
    <testcase classname="candor.check" name="drizzle/0001_posts.sql"/>
    <testcase classname="candor.check" name="drizzle/meta/_journal.json">
      <failure message="C0323: Drizzle will skip 0001_posts in every database that has 0000_users already, and report success; a fresh database runs it">error C0323 line 3: Drizzle will skip 0001_posts in every database that has 0000_users already, and report success; a fresh database runs it&#10;its &quot;when&quot; is 1600000000000 (INSTANT UTC), not later than 1700000000000 (INSTANT UTC)&#10;hint: set its &quot;when&quot; in meta/_journal.json to a number above 1700000000000, and below those that follow</failure>
    </testcase>
  </testsuite>
  [1]
  $ candor check --format sarif
  {
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
    "version": "2.1.0",
    "runs": [
      {
        "tool": {
          "driver": {
            "name": "candor",
            "version": "0.1.0",
            "rules": [
              {
                "id": "C0323",
                "shortDescription": {
                  "text": "the tool would skip a migration without a word"
                }
              },
              {
                "id": "C0324",
                "shortDescription": {
                  "text": "a snapshot is missing or does not follow the one before it"
                }
              }
            ]
          }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
          {
            "ruleId": "C0323",
            "ruleIndex": 0,
            "level": "error",
            "message": {
              "text": "Drizzle will skip 0001_posts in every database that has 0000_users already, and report success; a fresh database runs it\nits \"when\" is 1600000000000 (INSTANT UTC), not later than 1700000000000 (INSTANT UTC)\nhint: set its \"when\" in meta/_journal.json to a number above 1700000000000, and below those that follow"
            },
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "drizzle/meta/_journal.json"
                  },
                  "region": {
                    "startLine": 3,
                    "startColumn": 52
                  }
                }
              }
            ]
          },
          {
            "ruleId": "C0324",
            "ruleIndex": 1,
            "level": "warning",
            "message": {
              "text": "0001_posts has no snapshot meta/0001_snapshot.json\ndrizzle-kit compares with the last snapshot there is: the next generated migration may repeat what this one did\nhint: run `candor repair --history`, which makes it from the migrations, or restore it"
            },
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "drizzle"
                  }
                }
              }
            ]
          }
        ]
      }
    ]
  }
  [1]
  $ candor check --format json
  {"candor":"0.1.0","command":"check","exit":1,"ok":false,"error":null,"findings":[{"severity":"error","code":"C0323","title":"the tool would skip a migration without a word","message":"Drizzle will skip 0001_posts in every database that has 0000_users already, and report success; a fresh database runs it","sqlstate":null,"detail":"its \"when\" is 1600000000000 (INSTANT UTC), not later than 1700000000000 (INSTANT UTC)","file":"meta/_journal.json","line":3,"column":52,"hint":"set its \"when\" in meta/_journal.json to a number above 1700000000000, and below those that follow"},{"severity":"warning","code":"C0324","title":"a snapshot is missing or does not follow the one before it","message":"0001_posts has no snapshot meta/0001_snapshot.json","sqlstate":null,"detail":"drizzle-kit compares with the last snapshot there is: the next generated migration may repeat what this one did","file":null,"line":null,"column":null,"hint":"run `candor repair --history`, which makes it from the migrations, or restore it"}],"format":"drizzle","migrations":2,"errors":1,"warnings":1}
  [1]
  $ candor check --format json --json
  {"candor":"0.1.0","command":"check","exit":2,"ok":false,"error":{"code":"C0001","title":"the command line is not understood","message":"--format json and --json ask for two forms","sqlstate":null,"detail":null,"file":null,"line":null,"column":null,"hint":"leave one of them out"},"findings":[]}
  [2]
  $ candor check --format xml
  error C0001: --format: xml not in {text,json,sarif,junit,github}
    hint: run `candor check --help`
  [2]

What Drizzle would skip is applied: Candor goes by its own ledger.

  $ candor up
  applied 0000_users  +1 table +1 column +1 constraint  proven: 3 objects compared  TIME
  applied 0001_posts  +1 table +1 column +1 index  proven: 3 objects compared  TIME
  applied 2 migrations to database story_foreign_folder on SOCKET:5432 as user postgres in TIME
  true: 7 objects are what 2 migrations produce
  $ candor verify
  true: 7 objects are what 2 migrations produce
  $ echo 'create table forgotten ();' >drizzle/0002_forgotten.sql
  $ candor up
  error C0321: 0002_forgotten.sql is not in the journal: Drizzle never runs it, and says nothing
    hint: run `candor repair --history`, which lists it, or remove the file
  nothing was applied
  [1]
  $ candor check --quiet
  error C0321: 0002_forgotten.sql is not in the journal: Drizzle never runs it, and says nothing
    hint: run `candor repair --history`, which lists it, or remove the file
  error C0323: Drizzle will skip 0001_posts in every database that has 0000_users already, and report success; a fresh database runs it
    its "when" is 1600000000000 (INSTANT UTC), not later than 1700000000000 (INSTANT UTC)
    meta/_journal.json:3:52
      3 | {"idx":1,"version":"7","when":1600000000000,"tag":"0001_posts","breakpoints":true}]}
        |                                                    ^
    hint: set its "when" in meta/_journal.json to a number above 1700000000000, and below those that follow
  warning C0324: 0001_posts has no snapshot meta/0001_snapshot.json
    drizzle-kit compares with the last snapshot there is: the next generated migration may repeat what this one did
    hint: run `candor repair --history`, which makes it from the migrations, or restore it
  [1]
  $ candor new more
  error C0313: Candor writes no new migration into a folder of drizzle
    hint: make it with the tool itself
  [2]
