-- The day after which an event or offer is no longer found; empty for what has no end. Past entries would
-- otherwise stand before those to come: both are listed by rank.
ALTER TABLE record ADD COLUMN last_day TEXT;

CREATE INDEX record_last_day ON record (last_day) WHERE last_day IS NOT NULL;

-- What may still be sent: segments spent under a key, until the window ends. The keys are hashes that
-- change with every window: they say neither who nor what.

CREATE TABLE budget (
    key TEXT NOT NULL PRIMARY KEY,
    spent BIGINT NOT NULL,
    until BIGINT NOT NULL
);
