-- One row a conversation; state: initial, queued, opened, snoozed, missed or closed. `followers` and
-- `tags` are JSON lists. AUTOINCREMENT: a conversation's number is never used again.
CREATE TABLE conversations (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    customer    TEXT,
    name        TEXT NOT NULL,
    number      TEXT,
    direction   TEXT NOT NULL,
    created     INTEGER NOT NULL,
    state       TEXT NOT NULL,
    since       INTEGER,
    until       INTEGER,
    reason      TEXT,
    closed      INTEGER,
    team        TEXT,
    assignee    TEXT,
    followers   TEXT NOT NULL,
    tags        TEXT NOT NULL,
    description TEXT NOT NULL,
    last_call   INTEGER NOT NULL,
    last_note   INTEGER,
    active      INTEGER NOT NULL,
    handled     INTEGER,
    seq         INTEGER NOT NULL
) STRICT;
CREATE INDEX conversations_by_active ON conversations (active, id);
CREATE INDEX conversations_by_state ON conversations (state, active, id);
CREATE INDEX conversations_by_customer ON conversations (customer, active);
CREATE INDEX conversations_by_assignee ON conversations (assignee, active, id);
CREATE INDEX conversations_by_created ON conversations (created);

-- One row for each cycle from open to close.
CREATE TABLE cases (
    conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    opened       INTEGER NOT NULL,
    queued       INTEGER,
    answered     INTEGER,
    closed       INTEGER,
    snoozed_ms   INTEGER NOT NULL,
    snoozed      INTEGER NOT NULL,
    missed       INTEGER NOT NULL,
    tags         TEXT NOT NULL,
    number       TEXT,
    team         TEXT,
    assignee     TEXT,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_by_opened ON cases (opened);
CREATE INDEX cases_by_closed ON cases (closed);

CREATE TABLE conversation_log (
    id           INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    who          TEXT,
    what         TEXT NOT NULL
) STRICT;
CREATE INDEX conversation_log_by_conversation ON conversation_log (conversation, id);
