CREATE TABLE IF NOT EXISTS usage_counters (
    organization_id bigint NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    month           date NOT NULL,
    api_calls       bigint NOT NULL DEFAULT 0,
    storage_bytes   bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, month)
);
