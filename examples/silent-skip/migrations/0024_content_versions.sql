CREATE TABLE IF NOT EXISTS content_versions (
    content_id bigint NOT NULL REFERENCES content (id) ON DELETE CASCADE,
    version    integer NOT NULL CHECK (version > 0),
    title      text NOT NULL,
    body       text NOT NULL,
    saved_by   bigint REFERENCES users (id) ON DELETE SET NULL,
    saved_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (content_id, version)
);
