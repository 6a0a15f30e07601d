-- Whose calls ring in the room; kind: number, team or agent.
CREATE TABLE room_rings (
    kind   TEXT NOT NULL,
    name   TEXT NOT NULL,
    sound  TEXT NOT NULL,
    volume INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE bells (
    position INTEGER PRIMARY KEY NOT NULL,
    at       TEXT NOT NULL,
    days     TEXT NOT NULL,
    timezone TEXT NOT NULL,
    sound    TEXT NOT NULL,
    volume   INTEGER NOT NULL
) STRICT;
