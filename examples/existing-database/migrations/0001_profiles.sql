ALTER TABLE users ADD COLUMN avatar_url text;
ALTER TABLE users ADD COLUMN locale text NOT NULL DEFAULT 'en';
