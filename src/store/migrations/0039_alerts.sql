-- Whether an agent is told of missed calls, and when agents were reminded of an unanswered customer.
ALTER TABLE agents ADD COLUMN missed_alerts INTEGER NOT NULL DEFAULT 1;
ALTER TABLE conversations ADD COLUMN reminded INTEGER;
