CREATE TABLE orders (
    id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id integer NOT NULL REFERENCES users (id),
    total   numeric(12, 2) NOT NULL CHECK (total >= 0)
);
