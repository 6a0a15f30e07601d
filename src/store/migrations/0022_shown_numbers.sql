-- The number that the agent picked last for calls to the outside.
ALTER TABLE duties ADD COLUMN shown TEXT;
