-- A set of hours is one value; the definition is its JSON.
CREATE TABLE hours (
    name       TEXT PRIMARY KEY NOT NULL,
    definition TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE teams ADD COLUMN hours TEXT REFERENCES hours (name);
ALTER TABLE numbers ADD COLUMN hours TEXT REFERENCES hours (name);

-- Which definition was in force when; no definition: there was no such set from then on.
CREATE TABLE hours_versions (
    name       TEXT NOT NULL,
    since      INTEGER NOT NULL,
    definition TEXT,
    PRIMARY KEY (name, since)
) STRICT, WITHOUT ROWID;

-- Every hand on the switch; the last of a set holds until its end. open is NULL: the schedule again.
CREATE TABLE hours_switches (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    hours TEXT NOT NULL,
    open  INTEGER,
    at    INTEGER NOT NULL,
    until INTEGER,
    who   TEXT NOT NULL
) STRICT;
CREATE INDEX hours_switches_by_hours ON hours_switches (hours, id);

-- Numbers that were the office's and have been given back.
CREATE TABLE released_numbers (
    number TEXT PRIMARY KEY NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
