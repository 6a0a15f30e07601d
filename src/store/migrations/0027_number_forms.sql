-- What a trunk wants before a number abroad, and before every number; NULL: 00 and nothing.
ALTER TABLE trunks ADD COLUMN abroad_prefix TEXT;
ALTER TABLE trunks ADD COLUMN dial_prefix TEXT;
