ALTER TABLE users ADD COLUMN newsletter boolean NOT NULL DEFAULT true;
