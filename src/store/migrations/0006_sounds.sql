-- Sound files of the office's own, each held once, by the SHA-256 of the file.
CREATE TABLE sounds (
    sha256 TEXT PRIMARY KEY NOT NULL,
    file   BLOB NOT NULL,
    rate   INTEGER NOT NULL,
    -- What it is played from: 16-bit little-endian, one channel.
    sound  BLOB NOT NULL,
    added  INTEGER NOT NULL
) STRICT;

-- What a name stands for in the next document.
CREATE TABLE sound_names (
    name   TEXT PRIMARY KEY NOT NULL,
    sha256 TEXT NOT NULL REFERENCES sounds (sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX sound_names_by_sound ON sound_names (sha256);
