ALTER TABLE users
    ADD COLUMN locale varchar(10) NOT NULL DEFAULT 'en',
    ADD COLUMN time_zone varchar(50) NOT NULL DEFAULT 'UTC';
CREATE INDEX orders_user_idx ON orders (user_id);
