ALTER TABLE content ADD COLUMN IF NOT EXISTS deleted_at timestamptz;
DROP INDEX IF EXISTS content_project_id_idx;
CREATE INDEX IF NOT EXISTS content_live_idx ON content (project_id, created_at DESC) WHERE deleted_at IS NULL;
