ALTER TABLE content
    ADD COLUMN IF NOT EXISTS search tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || body)) STORED;
CREATE INDEX IF NOT EXISTS content_search_idx ON content USING gin (search);
