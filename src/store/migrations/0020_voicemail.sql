-- Messages that callers have left, by the name of the recording. `seconds` is missing while they
-- speak, and after a crash in the middle of it.
CREATE TABLE voice_messages (
    name         TEXT PRIMARY KEY NOT NULL,
    call         INTEGER NOT NULL,
    conversation INTEGER,
    caller       TEXT NOT NULL,
    caller_name  TEXT NOT NULL,
    number       TEXT,
    team         TEXT,
    agent        TEXT,
    at           INTEGER NOT NULL,
    seconds      INTEGER,
    heard_at     INTEGER,
    heard_by     TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX voice_messages_by_time ON voice_messages (at);

ALTER TABLE calls ADD COLUMN voicemail INTEGER NOT NULL DEFAULT 0;
