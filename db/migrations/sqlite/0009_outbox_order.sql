-- What is for somebody in danger goes first (-1), even while sending is stopped; then answers of conversations that go on (0), then those that begin one (1), then what nobody asked for just
-- now (2). What leaves no trace is erased as soon as it is over.

ALTER TABLE outbox ADD COLUMN priority BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN leaves_no_trace BIGINT NOT NULL DEFAULT 0;

UPDATE outbox SET priority = 2 WHERE is_push = 1;

-- Deliveries were named after their turns: those that are over led from a turn without a trace to its person.

DELETE FROM outbox WHERE state NOT IN ('waiting', 'claimed') AND (kind IN ('chat', 'call') OR key LIKE 'voice %');
UPDATE outbox SET reference = NULL, due_at = 0, claimed_until = 0, expires_at = 0, made_at = made_at - made_at % 86400
    WHERE state NOT IN ('waiting', 'claimed');

UPDATE outbox SET key = CAST(id AS TEXT), leaves_no_trace = 1
    WHERE state IN ('waiting', 'claimed') AND (kind IN ('chat', 'call') OR key LIKE 'voice %');

CREATE INDEX outbox_priority ON outbox (kind, state, priority, due_at, id);
