ALTER TABLE users
    ADD COLUMN password_hash text NOT NULL DEFAULT '!',
    ADD COLUMN password_changed_at timestamptz,
    ADD COLUMN failed_logins integer NOT NULL DEFAULT 0 CHECK (failed_logins >= 0),
    ADD COLUMN locked_until timestamptz;
