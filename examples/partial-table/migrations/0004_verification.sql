ALTER TABLE users
    ADD COLUMN email_verified boolean NOT NULL DEFAULT false,
    ADD COLUMN email_verified_at timestamptz,
    ADD COLUMN verification_token varchar(64);
CREATE INDEX users_email_verified_idx ON users (email_verified) WHERE NOT email_verified;
