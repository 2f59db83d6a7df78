-- 1: the lock's code has six digits at least. Absent: it was chosen when four were enough.

ALTER TABLE mediator ADD COLUMN pin_long BIGINT;

-- Tries at passwords and codes: a keyed hash of what is tried, from where, and when all of them count no more.

CREATE TABLE attempt (
    key BYTEA NOT NULL PRIMARY KEY,
    free_at BIGINT NOT NULL
);

-- Who did what at the desk. Nothing of visitors.

CREATE TABLE audit (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    -- The account that did it; absent for the command line, and where nobody came in.
    mediator BIGINT,
    action TEXT NOT NULL,
    -- What it was done to: account, entry, calls, figures.
    object TEXT NOT NULL,
    -- The account it was done to, where it was one.
    account BIGINT,
    -- The code of the entry, where it was one.
    code TEXT
);

CREATE INDEX audit_account ON audit (account, id);

-- What one operator asked for about another one; a second one has to ask for the same.

CREATE TABLE operator_request (
    account BIGINT NOT NULL REFERENCES mediator (id),
    -- link, role operator, role mediator, role editor.
    what TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES mediator (id),
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (account, what)
);

-- A form that was sent when the desk was locked or the session over, sealed for its account.

CREATE TABLE typed_form (
    mediator BIGINT NOT NULL REFERENCES mediator (id),
    page TEXT NOT NULL,
    fields BYTEA NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (mediator, page)
);

-- Forms that were taken, so that a second click does nothing twice: a keyed hash, and where the answer led.

CREATE TABLE taken_form (
    key BYTEA NOT NULL PRIMARY KEY,
    taken_at BIGINT NOT NULL,
    leads_to TEXT
);
