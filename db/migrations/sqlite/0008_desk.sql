-- Who works at the desk.

CREATE TABLE mediator (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    -- Argon2id, in the PHC string format; absent until they chose one.
    password TEXT,
    pin TEXT,
    -- The secret of one-time codes, sealed, and the last step of time whose code was used.
    totp BLOB,
    totp_step BIGINT NOT NULL,
    language TEXT NOT NULL,
    -- Wrong passwords since the last right one; nobody gets in before this moment.
    failures BIGINT NOT NULL,
    barred_until BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);

-- A link with which somebody chooses a password, once. Only its hash is kept.

CREATE TABLE invitation (
    token BLOB NOT NULL PRIMARY KEY,
    mediator BIGINT NOT NULL REFERENCES mediator (id),
    until BIGINT NOT NULL
) WITHOUT ROWID;

-- Who is at the desk now. The token is in their browser; its hash is here.

CREATE TABLE desk_session (
    token BLOB NOT NULL PRIMARY KEY,
    mediator BIGINT NOT NULL REFERENCES mediator (id),
    begun_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    locked BIGINT NOT NULL,
    -- Wrong codes typed while it was locked.
    tries BIGINT NOT NULL,
    -- The records of the slip being made, and what the visit is filled in with.
    work TEXT NOT NULL
) WITHOUT ROWID;

-- A visit, of nobody: no name, no number, no hour.

CREATE TABLE visit (
    id BIGINT NOT NULL PRIMARY KEY,
    day TEXT NOT NULL,
    place TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    themes TEXT NOT NULL,
    outcome TEXT NOT NULL,
    minutes TEXT NOT NULL,
    age TEXT,
    first_time TEXT,
    help TEXT,
    slip BIGINT NOT NULL
);

CREATE INDEX visit_day ON visit (day);

-- What somebody needed and nobody offers; the words say nothing of a person, and leave after three months.

CREATE TABLE need (
    id BIGINT NOT NULL PRIMARY KEY,
    -- The Monday of its week.
    week TEXT NOT NULL,
    channel TEXT NOT NULL,
    theme TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    why TEXT NOT NULL,
    words TEXT
);

CREATE INDEX need_week ON need (week);

-- Who changed what in the directory.

CREATE TABLE history (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    at BIGINT NOT NULL,
    mediator TEXT NOT NULL,
    field TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
);

CREATE INDEX history_code ON history (code, id);

-- Counts of each day, without persons.

CREATE TABLE tally (
    day TEXT NOT NULL,
    what TEXT NOT NULL,
    channel TEXT NOT NULL,
    key TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, what, channel, key)
) WITHOUT ROWID;

-- Where each source is read from, and what came of it last.

CREATE TABLE feed (
    name TEXT NOT NULL PRIMARY KEY,
    format TEXT NOT NULL,
    address TEXT NOT NULL,
    mapping TEXT,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    tried_at BIGINT,
    -- done, tried, stopped, failed.
    state TEXT,
    -- What the report said, as JSON; of what failed, why.
    report TEXT
) WITHOUT ROWID;

-- Two records that could be one, and what somebody said.

CREATE TABLE pair (
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;

-- Kiosks, by the name of their place; when each was heard of last.

CREATE TABLE kiosk (
    place TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    seen_at BIGINT NOT NULL
) WITHOUT ROWID;
