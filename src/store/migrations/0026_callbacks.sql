-- Customers who are to be called when their turn comes, by the call in which that was promised.
CREATE TABLE callbacks (
    call         INTEGER PRIMARY KEY NOT NULL,
    conversation INTEGER NOT NULL,
    number       TEXT NOT NULL,
    shown        TEXT NOT NULL,
    team         TEXT NOT NULL,
    priority     TEXT NOT NULL,
    since        INTEGER NOT NULL,
    promised     INTEGER NOT NULL,
    left         INTEGER NOT NULL,
    pause        INTEGER NOT NULL,
    next         INTEGER
) STRICT;
