CREATE TABLE IF NOT EXISTS plans (
    code                text PRIMARY KEY,
    name                text NOT NULL,
    monthly_price_cents integer NOT NULL CHECK (monthly_price_cents >= 0),
    seat_limit          integer CHECK (seat_limit > 0)
);
INSERT INTO plans (code, name, monthly_price_cents, seat_limit) VALUES
    ('free', 'Free', 0, 3),
    ('team', 'Team', 4900, 25),
    ('enterprise', 'Enterprise', 49900, NULL)
ON CONFLICT (code) DO NOTHING;
