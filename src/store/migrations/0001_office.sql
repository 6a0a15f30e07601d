-- "naru": tells our file from any other database.
PRAGMA application_id = 0x6e617275;

CREATE TABLE agents (
    extension        TEXT PRIMARY KEY NOT NULL,
    name             TEXT NOT NULL,
    language         TEXT NOT NULL,
    unassigned_calls INTEGER NOT NULL,
    call_waiting     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    username TEXT PRIMARY KEY NOT NULL,
    agent    TEXT NOT NULL REFERENCES agents (extension) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    password TEXT NOT NULL,
    digest   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_by_agent ON devices (agent, position);

CREATE TABLE teams (
    name       TEXT PRIMARY KEY NOT NULL,
    assignment TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE team_members (
    team  TEXT NOT NULL REFERENCES teams (name) ON DELETE CASCADE,
    agent TEXT NOT NULL REFERENCES agents (extension) ON DELETE CASCADE,
    PRIMARY KEY (team, agent)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_members_by_agent ON team_members (agent);

CREATE TABLE trunks (
    name              TEXT PRIMARY KEY NOT NULL,
    peer              TEXT,
    register_server   TEXT,
    register_username TEXT,
    register_password TEXT,
    label             TEXT NOT NULL,
    number_format     TEXT NOT NULL,
    CHECK ((register_server IS NULL) = (register_username IS NULL)
       AND (register_server IS NULL) = (register_password IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE trunk_blocks (
    trunk    TEXT NOT NULL REFERENCES trunks (name) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    block    TEXT NOT NULL,
    PRIMARY KEY (trunk, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE trunk_presentable (
    trunk    TEXT NOT NULL REFERENCES trunks (name) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    number   TEXT NOT NULL,
    PRIMARY KEY (trunk, position)
) STRICT, WITHOUT ROWID;

-- A route leads to an agent or a team; neither: off.
CREATE TABLE numbers (
    number         TEXT PRIMARY KEY NOT NULL,
    is_default     INTEGER NOT NULL,
    presented      TEXT,
    route_agent    TEXT REFERENCES agents (extension),
    route_team     TEXT REFERENCES teams (name),
    ring_time_ms   INTEGER NOT NULL,
    ringback       TEXT NOT NULL,
    CHECK (route_agent IS NULL OR route_team IS NULL)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX numbers_one_default ON numbers (is_default) WHERE is_default = 1;
CREATE INDEX numbers_by_agent ON numbers (route_agent);
CREATE INDEX numbers_by_team ON numbers (route_team);

CREATE TABLE number_announcements (
    number    TEXT NOT NULL REFERENCES numbers (number) ON DELETE CASCADE,
    situation TEXT NOT NULL,
    PRIMARY KEY (number, situation)
) STRICT, WITHOUT ROWID;

CREATE TABLE number_voices (
    number    TEXT NOT NULL,
    situation TEXT NOT NULL,
    language  TEXT NOT NULL,
    voice     TEXT NOT NULL,
    PRIMARY KEY (number, situation, language),
    FOREIGN KEY (number, situation)
        REFERENCES number_announcements (number, situation) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE dial_out (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    home TEXT NOT NULL
) STRICT;

CREATE TABLE dial_out_countries (
    code TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dial_out_emergency (
    digits TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;
