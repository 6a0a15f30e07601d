-- Workflows that wait for their time after a call; `what` is JSON, `due` milliseconds since 1970.
CREATE TABLE follow_ups (
    call     INTEGER NOT NULL,
    workflow TEXT NOT NULL,
    due      INTEGER NOT NULL,
    what     TEXT NOT NULL,
    PRIMARY KEY (call, workflow)
) STRICT, WITHOUT ROWID;

ALTER TABLE conversations ADD COLUMN priority TEXT NOT NULL DEFAULT 'medium';
