-- Until when every agent is known to be what the log says last: one row, written anew each minute
-- while somebody is there.
CREATE TABLE agent_log_mark (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at  INTEGER NOT NULL
) STRICT;
