-- What an agent has said of themselves, and the work a call has left them. No reference to agents:
-- saving an office replaces those rows.
CREATE TABLE duties (
    agent          TEXT PRIMARY KEY NOT NULL,
    seat           INTEGER NOT NULL,
    activity       TEXT NOT NULL,
    do_not_disturb INTEGER NOT NULL,
    since          INTEGER NOT NULL,
    wrap_up_call   INTEGER,
    wrap_up_since  INTEGER,
    wrap_up_until  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE wrap_up (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    wrap_up TEXT NOT NULL
) STRICT;

ALTER TABLE agents ADD COLUMN phone_calls INTEGER NOT NULL DEFAULT 1;
ALTER TABLE teams ADD COLUMN wrap_up TEXT;
ALTER TABLE numbers ADD COLUMN priority TEXT NOT NULL DEFAULT 'medium';
ALTER TABLE numbers ADD COLUMN wrap_up TEXT;

-- How long the caller waited for what, in milliseconds.
ALTER TABLE calls ADD COLUMN first_waiting INTEGER;
ALTER TABLE calls ADD COLUMN greeting_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN queue_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN ringing_ms INTEGER NOT NULL DEFAULT 0;
