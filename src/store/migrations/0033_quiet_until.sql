-- When an agent's do-not-disturb ends by itself, in milliseconds since 1970.
ALTER TABLE duties ADD COLUMN do_not_disturb_until INTEGER;
