CREATE TABLE comments (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    content_id integer NOT NULL REFERENCES content (id) ON DELETE CASCADE,
    author_id  integer REFERENCES users (id) ON DELETE SET NULL,
    body       text NOT NULL CHECK (body <> '')
);
CREATE INDEX comments_content_idx ON comments (content_id);
