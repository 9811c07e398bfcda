-- Production as it was found: somebody had run the files by hand, in psql, and nothing recorded that. The rows came
-- from the application as it was then, which let the database make the ids.
\i migrations/0001_organisations.sql
\i migrations/0002_platform_connections.sql
\i migrations/0003_syncs.sql
\i migrations/0004_audit.sql

INSERT INTO organisations (id, name) VALUES
    ('11111111-1111-4111-8111-111111111111', 'Analytical Engines'),
    ('22222222-2222-4222-8222-222222222222', 'Bombe Ltd');
INSERT INTO organisation_members VALUES
    ('11111111-1111-4111-8111-111111111111', 'ada@example.org'),
    ('22222222-2222-4222-8222-222222222222', 'alan@example.org');
INSERT INTO platform_connections (id, organisation_id, platform) VALUES
    ('aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', '11111111-1111-4111-8111-111111111111', 'shop'),
    ('bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb', '22222222-2222-4222-8222-222222222222', 'mail');
INSERT INTO connection_syncs (connection_id, outcome) VALUES
    ('aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', 'done'),
    ('aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', 'failed'),
    ('bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb', 'done');
