-- What is for somebody in danger goes before all others, and even while sending is stopped.
ALTER TABLE outbox ADD COLUMN is_urgent BIGINT NOT NULL DEFAULT 0;
