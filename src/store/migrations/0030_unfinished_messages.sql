-- What a crash has cut off is looked for at every start.
CREATE INDEX voice_messages_unfinished ON voice_messages (conversation) WHERE seconds IS NULL;
