-- Production as it was found: made by hand over two years, before there were migration files. users has no column
-- "password" (it was called otherwise once, and dropped), content belongs to no project, and bits of later files had
-- been typed into psql when a feature could not wait.
CREATE TABLE users (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL,
    name       text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE projects (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id   integer NOT NULL REFERENCES users (id),
    name       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE content (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id  integer NOT NULL REFERENCES users (id),
    title      text NOT NULL,
    body       text NOT NULL DEFAULT ''
);

-- a half of 0001
ALTER TABLE users ADD COLUMN avatar_url text;
-- a half of 0010
CREATE TABLE teams (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL
);
ALTER TABLE projects ADD COLUMN team_id integer REFERENCES teams (id);

-- Customers were using it.
INSERT INTO users (email, name) VALUES ('ada@example.org', 'Ada'), ('bo@example.org', 'Bo');
INSERT INTO projects (owner_id, name) VALUES (1, 'Almanac');
INSERT INTO content (author_id, title, body) VALUES (1, 'Hello', 'First post'), (2, 'Again', 'Second post');
INSERT INTO teams (name) VALUES ('Editors');
