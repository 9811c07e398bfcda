ALTER TABLE tags ADD COLUMN colour text NOT NULL DEFAULT '#888888' CHECK (colour ~ '^#[0-9a-f]{6}$');
