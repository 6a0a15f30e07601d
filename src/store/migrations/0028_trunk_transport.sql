-- How a trunk is reached: udp, tcp or tls.
ALTER TABLE trunks ADD COLUMN transport TEXT NOT NULL DEFAULT 'udp';
