-- Whether a phone rings for calls to its agent.
ALTER TABLE devices ADD COLUMN rings INTEGER NOT NULL DEFAULT 1;
