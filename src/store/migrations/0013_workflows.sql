-- Workflows in the order in which they are asked; a definition is the office's own value as JSON.
CREATE TABLE workflows (
    position   INTEGER PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL
) STRICT;

-- Numbers whose calls go to a workflow.
CREATE TABLE number_workflows (
    number   TEXT PRIMARY KEY NOT NULL REFERENCES numbers (number) ON DELETE CASCADE,
    workflow TEXT NOT NULL
) STRICT, WITHOUT ROWID;
