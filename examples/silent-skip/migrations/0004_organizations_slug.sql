ALTER TABLE organizations ADD COLUMN IF NOT EXISTS slug text;
UPDATE organizations SET slug = 'org-' || id WHERE slug IS NULL;
ALTER TABLE organizations ALTER COLUMN slug SET NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS organizations_slug_key ON organizations (slug);
