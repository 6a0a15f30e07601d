-- A number that calls join earlier conversations of: off, always, 10m, 3h, 30d.
ALTER TABLE numbers ADD COLUMN continuation TEXT NOT NULL DEFAULT 'off';

-- `also` and `tags` are JSON lists.
CREATE TABLE customers (
    number   TEXT PRIMARY KEY NOT NULL,
    also     TEXT NOT NULL,
    name     TEXT NOT NULL,
    language TEXT,
    tags     TEXT NOT NULL,
    blocked  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE leads (
    number    TEXT PRIMARY KEY NOT NULL,
    name      TEXT NOT NULL,
    first_met INTEGER NOT NULL,
    last_met  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX leads_by_last_met ON leads (last_met);

ALTER TABLE calls ADD COLUMN conversation INTEGER;
CREATE INDEX calls_by_conversation ON calls (conversation, id) WHERE conversation IS NOT NULL;
