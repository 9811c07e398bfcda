-- Written when the project moved to migration files: the schema as it was thought to be.
CREATE TABLE users (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL,
    password   text NOT NULL,
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
    project_id integer REFERENCES projects (id) ON DELETE CASCADE,
    author_id  integer NOT NULL REFERENCES users (id),
    title      text NOT NULL,
    body       text NOT NULL DEFAULT ''
);
CREATE INDEX content_project_idx ON content (project_id);
