-- The keys under which senders are hashed, each from its day on until a newer one is in force. Sealed: the
-- key that opens them is in no table.

CREATE TABLE sender_key (
    begins_on TEXT NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL
);

-- Who said STOP. The hash's key never changes: an opt-out counts on every channel and for good.

CREATE TABLE opt_out (
    person BYTEA NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);

-- Who is to be called back: one row a person, erased when they were reached.

CREATE TABLE call_back (
    id BIGINT NOT NULL PRIMARY KEY,
    person BYTEA NOT NULL UNIQUE,
    -- The phone number, sealed for this person's row.
    number BYTEA NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    theme TEXT,
    postal_code TEXT,
    first_asked_at BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    -- Times that nobody answered the call.
    attempts BIGINT NOT NULL,
    -- Not handed out before this moment: somebody is calling, or nobody answered just now.
    claimed_until BIGINT NOT NULL
);

CREATE INDEX call_back_first_asked_at ON call_back (first_asked_at, id);
