-- What happened in each version of each workflow; a version is named by the text it stands for.
CREATE TABLE workflow_versions (
    workflow TEXT NOT NULL,
    version  TEXT NOT NULL,
    first    INTEGER NOT NULL,
    PRIMARY KEY (workflow, version)
) STRICT, WITHOUT ROWID;

-- Ways through, by the day since 1970 (UTC) on which they began and how they ended.
CREATE TABLE workflow_runs (
    workflow TEXT NOT NULL,
    version  TEXT NOT NULL,
    day      INTEGER NOT NULL,
    end      TEXT NOT NULL,
    runs     INTEGER NOT NULL,
    PRIMARY KEY (workflow, version, day, end)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_steps (
    workflow TEXT NOT NULL,
    version  TEXT NOT NULL,
    step     TEXT NOT NULL,
    views    INTEGER NOT NULL,
    left     INTEGER NOT NULL,
    PRIMARY KEY (workflow, version, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_keys (
    workflow TEXT NOT NULL,
    version  TEXT NOT NULL,
    step     TEXT NOT NULL,
    key      TEXT NOT NULL,
    presses  INTEGER NOT NULL,
    PRIMARY KEY (workflow, version, step, key)
) STRICT, WITHOUT ROWID;
