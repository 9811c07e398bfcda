CREATE TABLE connection_audit (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id uuid REFERENCES platform_connections (id),
    action        varchar(10) NOT NULL,
    at            timestamptz NOT NULL DEFAULT now()
);

-- The deleted row's id goes into a column that refers to the row that is no longer there.
CREATE FUNCTION log_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO connection_audit (connection_id, action) VALUES (OLD.id, 'delete');
    RETURN OLD;
END $$;

CREATE TRIGGER connection_audit AFTER DELETE ON platform_connections
    FOR EACH ROW EXECUTE FUNCTION log_deletion();
