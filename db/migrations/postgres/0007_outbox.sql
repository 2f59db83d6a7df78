-- When somebody likes best to be called, and what they said instead of typing: the carrier's name of the recording,
-- sealed like the number.

ALTER TABLE call_back ADD COLUMN best_hour TEXT;
ALTER TABLE call_back ADD COLUMN recording BYTEA;

-- What is to be sent: text messages, calls, chat messages. Recipient and body leave with the sending; the row stays for
-- a week, so that nothing is queued twice and a carrier's late report finds it.

CREATE TABLE outbox (
    id BIGINT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    person BYTEA NOT NULL,
    recipient BYTEA,
    body TEXT NOT NULL,
    is_push BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    unknowns BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    reference TEXT
);

CREATE INDEX outbox_state ON outbox (kind, state, due_at, id);
CREATE INDEX outbox_person ON outbox (person, id);

-- Who asked to be written to without having written: reminders go to nobody else.

CREATE TABLE opt_in (
    person BYTEA NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);
