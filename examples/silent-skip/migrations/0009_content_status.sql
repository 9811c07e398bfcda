ALTER TABLE content
    ADD COLUMN IF NOT EXISTS status varchar(20) NOT NULL DEFAULT 'draft',
    ADD CONSTRAINT content_status_known CHECK (status IN ('draft', 'review', 'published'));
