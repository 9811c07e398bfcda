ALTER TABLE users ADD COLUMN IF NOT EXISTS last_login_at timestamptz;
CREATE INDEX IF NOT EXISTS users_last_login_at_idx ON users (organization_id, last_login_at DESC NULLS LAST);
