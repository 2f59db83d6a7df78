-- What a source says of a sensitive entry waits for a person: the word that waits, and whether somebody is still to be
-- asked (1) or said no (0). `content` stays the word that counts.

ALTER TABLE source_record ADD COLUMN waiting TEXT;
ALTER TABLE source_record ADD COLUMN asked BIGINT NOT NULL DEFAULT 0;

CREATE INDEX source_record_asked ON source_record (record) WHERE asked = 1;

-- How far a source is trusted, 0 or 1: its operator says so, never its rows.

ALTER TABLE feed ADD COLUMN trust BIGINT NOT NULL DEFAULT 0;

-- Entries that their organisation called right by text message, until the directory knows.

CREATE TABLE confirmation (
    code TEXT NOT NULL PRIMARY KEY,
    day TEXT NOT NULL
) WITHOUT ROWID;
