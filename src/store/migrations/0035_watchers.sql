-- Phones that have asked to be told of their messages; what is kept of each is SIP's own.
CREATE TABLE watchers (tag TEXT PRIMARY KEY, kept TEXT NOT NULL) STRICT;
