ALTER TABLE projects ADD COLUMN slug text;
CREATE UNIQUE INDEX projects_slug_key ON projects (slug);
