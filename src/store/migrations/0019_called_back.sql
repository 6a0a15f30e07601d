-- How often somebody has tried to call the customer back in this cycle.
ALTER TABLE cases ADD COLUMN called_back INTEGER NOT NULL DEFAULT 0;
