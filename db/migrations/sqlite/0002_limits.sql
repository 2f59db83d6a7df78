-- What may still be sent: segments spent under a key, until the window ends. The keys are hashes that
-- change with every window: they say neither who nor what.

CREATE TABLE budget (
    key TEXT NOT NULL PRIMARY KEY,
    spent BIGINT NOT NULL,
    until BIGINT NOT NULL
);
