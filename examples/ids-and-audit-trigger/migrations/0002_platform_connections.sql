CREATE TABLE platform_connections (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    platform        varchar(50) NOT NULL,
    active          boolean NOT NULL DEFAULT true,
    UNIQUE (organisation_id, platform)
);

CREATE VIEW active_connections AS
    SELECT c.id, c.platform, o.name AS organisation
    FROM platform_connections c JOIN organisations o ON o.id = c.organisation_id
    WHERE c.active;
