-- Whether the sound of a phone or a trunk is encrypted: off, optional or required.
ALTER TABLE devices ADD COLUMN srtp TEXT NOT NULL DEFAULT 'optional';
ALTER TABLE trunks ADD COLUMN srtp TEXT NOT NULL DEFAULT 'off';
