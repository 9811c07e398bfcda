ALTER TABLE content ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER content_touch BEFORE UPDATE ON content FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
