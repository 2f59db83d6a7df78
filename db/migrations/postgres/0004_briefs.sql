-- What lists and ranking need of each record, packed, in the order of ranks. Filled when the database is opened.

CREATE TABLE brief (
    rank BIGINT NOT NULL PRIMARY KEY,
    packed BYTEA NOT NULL
);

-- Words are kept once a place from now on: all of them are made again when the database is opened.

TRUNCATE word;
