-- How the legs of calls sounded; it is told a moment after their end. `mos` in hundredths.
CREATE TABLE leg_quality (
    call          INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    leg           INTEGER NOT NULL,
    packets       INTEGER NOT NULL,
    lost          INTEGER NOT NULL,
    late          INTEGER NOT NULL,
    jitter_ms     INTEGER NOT NULL,
    delay_ms      INTEGER NOT NULL,
    round_trip_ms INTEGER,
    lost_there    INTEGER,
    mos           INTEGER,
    PRIMARY KEY (call, leg)
) STRICT, WITHOUT ROWID;
