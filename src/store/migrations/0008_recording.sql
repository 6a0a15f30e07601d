-- How recordings are kept; keep_s NULL: for ever.
CREATE TABLE recording_rules (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    format       TEXT NOT NULL,
    keep_s       INTEGER,
    free_disk_mb INTEGER NOT NULL,
    limit_s      INTEGER NOT NULL
) STRICT;

-- The numbers whose calls are recorded.
CREATE TABLE recorded_numbers (
    number TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;
