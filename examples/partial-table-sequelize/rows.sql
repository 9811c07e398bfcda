-- What the users did in the weeks before it was noticed.
INSERT INTO users (email) VALUES ('bo@example.org'), ('cy@example.org');
INSERT INTO projects (owner, name) SELECT id, 'of ' || email FROM users;
INSERT INTO sessions (token, "user") SELECT md5(email), id FROM users;
