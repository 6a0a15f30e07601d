-- What today's figures shall reach, as JSON.
CREATE TABLE targets (
    position   INTEGER PRIMARY KEY,
    definition TEXT NOT NULL
) STRICT;

-- Which of them are below since when, and when that was told last: a restart does not tell it again.
CREATE TABLE target_alarms (
    scope   TEXT NOT NULL,
    metric  TEXT NOT NULL,
    since   INTEGER,
    told    INTEGER,
    counted INTEGER NOT NULL,
    PRIMARY KEY (scope, metric)
) STRICT, WITHOUT ROWID;
