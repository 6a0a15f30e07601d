-- Who was the first to be responsible for a case; none: nobody, or it is older than this column.
ALTER TABLE cases ADD COLUMN first_assignee TEXT;
CREATE INDEX cases_by_answered ON cases (answered);

-- A list of few cases among those of years is found without looking at the others.
CREATE INDEX cases_by_team ON cases (team, opened);
CREATE INDEX cases_by_number ON cases (number, opened);
CREATE INDEX cases_by_assignee ON cases (assignee, opened);
CREATE INDEX cases_tagged ON cases (opened) WHERE tags <> '[]';
