UPDATE users SET password_hash = '!' WHERE password_hash IS NULL;
ALTER TABLE users ALTER COLUMN password_hash SET NOT NULL;
COMMENT ON COLUMN users.password_hash IS '"!" means that the password has to be reset';
