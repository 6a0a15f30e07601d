-- On whose calendar days are counted, by its IANA name. No row: nobody has said.
CREATE TABLE timezone (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL
) STRICT;
