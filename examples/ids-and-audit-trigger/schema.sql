-- What the application expects: ids that it makes itself, as text.
CREATE TABLE organisations (
    id         varchar(64) PRIMARY KEY DEFAULT gen_random_uuid()::text,
    name       varchar(200) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE organisation_members (
    organisation_id varchar(64) NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    email           varchar(255) NOT NULL,
    PRIMARY KEY (organisation_id, email)
);

CREATE TABLE platform_connections (
    id              varchar(64) PRIMARY KEY DEFAULT gen_random_uuid()::text,
    organisation_id varchar(64) NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    platform        varchar(50) NOT NULL,
    active          boolean NOT NULL DEFAULT true,
    UNIQUE (organisation_id, platform)
);

CREATE VIEW active_connections AS
    SELECT c.id, c.platform, o.name AS organisation
    FROM platform_connections c JOIN organisations o ON o.id = c.organisation_id
    WHERE c.active;

CREATE TABLE connection_syncs (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id varchar(64) NOT NULL REFERENCES platform_connections (id) ON DELETE CASCADE,
    started_at    timestamptz NOT NULL DEFAULT now(),
    outcome       varchar(20) CHECK (outcome IN ('done', 'failed'))
);
CREATE INDEX connection_syncs_connection_idx ON connection_syncs (connection_id, started_at DESC);

CREATE TABLE connection_audit (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id varchar(64) REFERENCES platform_connections (id),
    action        varchar(10) NOT NULL,
    at            timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION log_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO connection_audit (connection_id, action) VALUES (OLD.id, 'delete');
    RETURN OLD;
END $$;

CREATE TRIGGER connection_audit AFTER DELETE ON platform_connections
    FOR EACH ROW EXECUTE FUNCTION log_deletion();
