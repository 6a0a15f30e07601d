CREATE TABLE bindings (
    device     TEXT NOT NULL,
    contact    TEXT NOT NULL,
    path       TEXT NOT NULL,
    source     TEXT NOT NULL,
    transport  TEXT NOT NULL,
    instance   TEXT,
    call_id    TEXT NOT NULL,
    cseq       INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    expires    INTEGER NOT NULL,
    PRIMARY KEY (device, contact)
) STRICT, WITHOUT ROWID;
