-- How callers hear a ringback before the answer: early, answered or provider.
ALTER TABLE trunks ADD COLUMN ringback TEXT NOT NULL DEFAULT 'early';
