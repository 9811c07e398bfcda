-- The database as it was found. The tables of the first migration are there. So is a tracking table, but one that an
-- older version of the runner had made: it has no column "status".
\ir migrations/0001_organizations_and_users.sql

CREATE TABLE schema_migrations (
    version     text PRIMARY KEY,
    executed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO schema_migrations (version) VALUES ('0001');

-- Customers were using it.
INSERT INTO organizations (name) VALUES ('Aurora'), ('Borealis');
INSERT INTO users (organization_id, email, name)
SELECT id, 'first@' || lower(name) || '.example', 'First user' FROM organizations;
