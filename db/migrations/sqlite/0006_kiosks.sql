-- The public half of the key that opens letters, there while the desk calls people back. A kiosk closes letters with
-- it; the other half comes from the gateway's key file and is in no table.

CREATE TABLE letter_box (
    key BLOB NOT NULL PRIMARY KEY
) WITHOUT ROWID;

-- Numbers to be called back, on their way from a kiosk to the gateway: closed, the same length whatever the number.

CREATE TABLE letter (
    id TEXT NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL,
    language TEXT NOT NULL,
    theme TEXT,
    postal_code TEXT,
    written_at BIGINT NOT NULL
) WITHOUT ROWID;

-- Somebody at a kiosk asks for a person who is in the house.

CREATE TABLE ring (
    id TEXT NOT NULL PRIMARY KEY,
    place TEXT NOT NULL,
    rung_at BIGINT NOT NULL
) WITHOUT ROWID;
