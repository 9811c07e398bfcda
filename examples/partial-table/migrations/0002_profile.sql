ALTER TABLE users
    ADD COLUMN first_name varchar(100),
    ADD COLUMN last_name varchar(100),
    ADD COLUMN avatar_url text;
