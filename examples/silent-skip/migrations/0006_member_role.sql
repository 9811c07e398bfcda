CREATE TYPE member_role AS ENUM ('owner', 'admin', 'editor', 'viewer');
ALTER TABLE users ADD COLUMN IF NOT EXISTS role member_role NOT NULL DEFAULT 'editor';
