ALTER TABLE api_keys
    ADD COLUMN IF NOT EXISTS last_used_at timestamptz,
    ADD COLUMN IF NOT EXISTS scopes text[] NOT NULL DEFAULT '{read}';
