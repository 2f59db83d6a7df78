-- Places that print slips, as the settings of the programs say, each kept as long as a program says so.

CREATE TABLE place (
    name TEXT NOT NULL PRIMARY KEY,
    address TEXT,
    phone TEXT,
    -- In the syntax of OpenStreetMap.
    hours TEXT,
    served_until BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE printer (
    name TEXT NOT NULL PRIMARY KEY,
    place TEXT NOT NULL,
    address TEXT NOT NULL,
    profile TEXT NOT NULL,
    -- Until then a program prints what is asked of it.
    served_until BIGINT NOT NULL
) WITHOUT ROWID;

-- What a slip's number stands for. Nothing of who took it.

CREATE TABLE ticket (
    number INTEGER NOT NULL PRIMARY KEY,
    codes TEXT NOT NULL,
    languages TEXT NOT NULL,
    style TEXT NOT NULL,
    made_at BIGINT NOT NULL
);

-- Slips on their way to the paper: which records, not their words. What is over keeps neither.

CREATE TABLE print_job (
    id INTEGER NOT NULL PRIMARY KEY,
    printer TEXT NOT NULL,
    codes TEXT NOT NULL,
    languages TEXT NOT NULL,
    style TEXT NOT NULL,
    ticket BIGINT,
    -- 1 for a code to scan.
    scans BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- What the last attempt left on the paper; of a job that is over, what the next one has to mend.
    paper TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    -- Nobody else touches it before this moment.
    claimed_until BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE INDEX print_job_printer ON print_job (printer, state, id);
