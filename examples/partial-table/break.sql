-- The database as it was found. A restore had brought an old copy of the table users back and left the rest as it was:
-- twelve columns are missing, among them email_verified. The runner's table still says that all seven files were run.
\ir migrations/0001_users.sql
\ir migrations/0003_orders.sql
CREATE INDEX orders_user_idx ON orders (user_id);
ALTER TABLE users ADD COLUMN newsletter boolean NOT NULL DEFAULT true;

CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY);
INSERT INTO "SequelizeMeta" VALUES
    ('0001_users.sql'), ('0002_profile.sql'), ('0003_orders.sql'), ('0004_verification.sql'), ('0005_login.sql'),
    ('0006_settings.sql'), ('0007_newsletter.sql');

-- Customers were using it.
INSERT INTO users (email) VALUES ('ada@example.org'), ('bo@example.org'), ('cy@example.org');
INSERT INTO orders (user_id, total) VALUES (1, 12.50), (3, 7.25);
