CREATE OR REPLACE VIEW project_overview AS
SELECT p.id,
       p.organization_id,
       p.name,
       count(c.id) AS pieces,
       count(c.id) FILTER (WHERE c.status = 'published') AS published,
       max(c.updated_at) AS last_change
FROM projects p
LEFT JOIN content c ON c.project_id = p.id
WHERE p.archived_at IS NULL
GROUP BY p.id;
