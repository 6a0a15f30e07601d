-- What each agent was, and from when on; status NULL: not known, since naru was down or the agent
-- is not in the office. The last word of a moment counts.
CREATE TABLE agent_statuses (
    agent  TEXT NOT NULL,
    at     INTEGER NOT NULL,
    status TEXT,
    PRIMARY KEY (agent, at)
) STRICT, WITHOUT ROWID;

-- After-call work that is over.
CREATE TABLE wrap_ups (
    agent TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    call  INTEGER NOT NULL,
    PRIMARY KEY (agent, since)
) STRICT, WITHOUT ROWID;
