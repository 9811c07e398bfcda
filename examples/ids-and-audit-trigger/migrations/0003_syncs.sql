CREATE TABLE connection_syncs (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id uuid NOT NULL REFERENCES platform_connections (id) ON DELETE CASCADE,
    started_at    timestamptz NOT NULL DEFAULT now(),
    outcome       varchar(20) CHECK (outcome IN ('done', 'failed'))
);
CREATE INDEX connection_syncs_connection_idx ON connection_syncs (connection_id, started_at DESC);
