-- Lists are in the order in which calls began; every index ends in it, and in the row's id. So no
-- list sorts, and a page of long ago costs what the first does.
DROP INDEX calls_by_number;
DROP INDEX calls_by_agent;
DROP INDEX calls_by_caller;
DROP INDEX calls_by_called;
DROP INDEX calls_by_conversation;
CREATE INDEX calls_by_number ON calls (number, started);
CREATE INDEX calls_by_agent ON calls (agent, started);
CREATE INDEX calls_by_caller ON calls (caller, started);
CREATE INDEX calls_by_called ON calls (called, started);
CREATE INDEX calls_by_outcome ON calls (outcome, started);
CREATE INDEX calls_by_direction ON calls (direction, started);
CREATE INDEX calls_by_conversation ON calls (conversation, started) WHERE conversation IS NOT NULL;

CREATE INDEX conversations_by_number ON conversations (number, active);
CREATE INDEX conversations_by_team ON conversations (team, active);
CREATE INDEX conversations_tagged ON conversations (active) WHERE tags <> '[]';
-- What the start asks of each customer, without a look at the rows.
CREATE INDEX conversations_shelved ON conversations (customer, active, closed, seq)
    WHERE state = 'closed' AND customer IS NOT NULL;

-- Everybody who was ever on the line, each number with each of its names once, and every three
-- letters in a row of them.
CREATE TABLE parties (
    id     INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    name   TEXT NOT NULL,
    UNIQUE (number, name)
) STRICT;
CREATE INDEX parties_by_name ON parties (name, number) WHERE name <> '';
CREATE INDEX parties_by_word ON parties (number, name) WHERE number GLOB '*[^0-9+]*';
INSERT OR IGNORE INTO parties (number, name) SELECT caller, caller_name FROM calls;
INSERT OR IGNORE INTO parties (number, name) SELECT DISTINCT called, '' FROM calls;
INSERT OR IGNORE INTO parties (number, name)
    SELECT customer, name FROM conversations WHERE customer IS NOT NULL;
INSERT OR IGNORE INTO parties (number, name) SELECT number, name FROM leads;
CREATE VIRTUAL TABLE party_words USING fts5 (
    number, name, content = 'parties', content_rowid = 'id', tokenize = 'trigram'
);
INSERT INTO party_words (party_words) VALUES ('rebuild');
