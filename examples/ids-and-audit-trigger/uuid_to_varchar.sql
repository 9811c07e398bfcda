-- Written when the application began to make its own ids ("org_8f3k…"), put into a folder that nothing reads, and
-- never run. It would not have worked: other tables refer to these columns.
ALTER TABLE organisations ALTER COLUMN id TYPE varchar(64);
ALTER TABLE platform_connections ALTER COLUMN id TYPE varchar(64);
