-- How more than two talk on one call. No row: nobody has said.
CREATE TABLE conference (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    tones INTEGER NOT NULL
) STRICT;
