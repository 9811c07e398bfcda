CREATE OR REPLACE FUNCTION audit_content() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_log (organization_id, action, entity, entity_id, detail)
    SELECT p.organization_id, lower(TG_OP), 'content', NEW.id, jsonb_build_object('status', NEW.status)
    FROM projects p WHERE p.id = NEW.project_id;
    RETURN NULL;
END;
$$;

CREATE TRIGGER content_audit
    AFTER INSERT OR UPDATE OF status ON content
    FOR EACH ROW EXECUTE FUNCTION audit_content();
