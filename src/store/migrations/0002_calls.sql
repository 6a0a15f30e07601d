-- AUTOINCREMENT: a call's number is never used again, even when old rows are deleted.
CREATE TABLE calls (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    direction     TEXT NOT NULL,
    caller        TEXT NOT NULL,
    caller_name   TEXT NOT NULL,
    called        TEXT NOT NULL,
    number        TEXT,
    presented     TEXT,
    started       INTEGER NOT NULL,
    first_ring    INTEGER,
    engaged       INTEGER,
    ended         INTEGER,
    outcome       TEXT,
    missed_reason TEXT,
    cause         TEXT,
    agent         TEXT,
    trail         TEXT NOT NULL
) STRICT;
CREATE INDEX calls_by_start ON calls (started);
CREATE INDEX calls_by_number ON calls (number, id);
CREATE INDEX calls_by_agent ON calls (agent, id);
CREATE INDEX calls_by_caller ON calls (caller, id);
CREATE INDEX calls_by_called ON calls (called, id);
CREATE INDEX calls_open ON calls (id) WHERE ended IS NULL;

CREATE TABLE call_legs (
    call     INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    leg      INTEGER NOT NULL,
    party    TEXT NOT NULL,
    agent    TEXT,
    started  INTEGER NOT NULL,
    ringing  INTEGER,
    answered INTEGER,
    ended    INTEGER,
    cause    TEXT,
    PRIMARY KEY (call, position)
) STRICT, WITHOUT ROWID;
