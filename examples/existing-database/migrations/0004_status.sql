CREATE TYPE content_status AS ENUM ('draft', 'published', 'archived');
ALTER TABLE content ADD COLUMN status content_status NOT NULL DEFAULT 'draft';
