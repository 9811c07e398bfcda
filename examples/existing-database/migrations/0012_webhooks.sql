CREATE TABLE webhooks (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id integer NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    url        text NOT NULL,
    secret     text NOT NULL
);
