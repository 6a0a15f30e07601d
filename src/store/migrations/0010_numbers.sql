-- JSON list of calling codes that a trunk may carry calls to; NULL: all that the office may dial.
ALTER TABLE trunks ADD COLUMN countries TEXT;
