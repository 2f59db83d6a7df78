-- The directory: what is shown, and what each source said.

CREATE TABLE record (
    id BIGINT NOT NULL PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Lower is shown first: trust and freshness above, the record's number below.
    rank BIGINT NOT NULL UNIQUE,
    -- Changes with the body: readers keep parsed records by (id, version).
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX record_code ON record (code);

CREATE TABLE source (
    name TEXT NOT NULL PRIMARY KEY,
    format TEXT NOT NULL,
    licence TEXT,
    demo BIGINT NOT NULL,
    imported_at BIGINT NOT NULL
);

CREATE TABLE source_record (
    source TEXT NOT NULL REFERENCES source (name),
    source_id TEXT NOT NULL,
    record BIGINT NOT NULL REFERENCES record (id),
    -- Name, first day and postal code, folded: finds an entry whose identifier changed.
    fingerprint TEXT NOT NULL,
    -- The source's word as JSON, before any correction by a mediator.
    content TEXT NOT NULL,
    gone_at BIGINT,
    PRIMARY KEY (source, source_id)
);

CREATE INDEX source_record_record ON source_record (record);

-- Theme and place: a plain tree. `topic` is a theme, or `kind:…`; `locality` a postal code, or a
-- country for what serves all of it.
CREATE TABLE listing (
    topic TEXT NOT NULL,
    locality TEXT NOT NULL,
    rank BIGINT NOT NULL,
    PRIMARY KEY (topic, locality, rank)
);

CREATE INDEX listing_rank ON listing (rank);

-- Words and places: the row's number is the rank.
CREATE TABLE word (
    rowid BIGINT NOT NULL PRIMARY KEY,
    text TSVECTOR NOT NULL
);

CREATE INDEX word_text ON word USING gin (text);

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Turns: an answer is stored beside its message and given again to whoever delivers it twice.
-- Sender and text are absent where nothing may stay with the sender.

CREATE TABLE turn (
    channel TEXT NOT NULL,
    carrier_id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    sender BYTEA,
    text TEXT,
    intent TEXT,
    answer TEXT NOT NULL,
    PRIMARY KEY (channel, carrier_id)
);

CREATE TABLE session (
    channel TEXT NOT NULL,
    sender BYTEA NOT NULL,
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (channel, sender)
);

-- Counts without persons.

CREATE TABLE unmet (
    day TEXT NOT NULL,
    channel TEXT NOT NULL,
    theme TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, channel, theme, postal_code)
);

CREATE TABLE doubt (
    day TEXT NOT NULL,
    channel TEXT NOT NULL,
    code TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, channel, code)
);
