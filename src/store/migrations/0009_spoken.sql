-- What a sound says that was made of a text, as JSON; it is kept however long nobody says it. Its
-- sha256 is that of text, voice and language.
ALTER TABLE sounds ADD COLUMN said TEXT;
