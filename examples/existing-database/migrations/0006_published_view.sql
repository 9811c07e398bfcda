CREATE VIEW published AS
SELECT c.id, c.title, u.email AS author
FROM content c
JOIN users u ON u.id = c.author_id
WHERE c.status = 'published';
