-- A document kept with a number, such as the proof of subscription. No reference to numbers: it
-- stays when the number is given back.
CREATE TABLE number_documents (
    number     TEXT PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content    BLOB NOT NULL,
    added      INTEGER NOT NULL,
    who        TEXT NOT NULL
) STRICT;
