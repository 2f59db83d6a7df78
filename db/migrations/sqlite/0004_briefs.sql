-- What lists and ranking need of each record, packed, in the order of ranks. Filled when the database is opened.

CREATE TABLE brief (
    rank INTEGER NOT NULL PRIMARY KEY,
    packed BLOB NOT NULL
);

-- Budgets in one tree instead of two, a hundred rows a page: a group of turns changes fewer pages.

ALTER TABLE budget RENAME TO budget_before;

CREATE TABLE budget (
    key TEXT NOT NULL PRIMARY KEY,
    spent BIGINT NOT NULL,
    until BIGINT NOT NULL
) WITHOUT ROWID;

INSERT INTO budget (key, spent, until) SELECT key, spent, until FROM budget_before;

DROP TABLE budget_before;

-- Words are kept once a place from now on: all of them are made again when the database is opened.

DROP TABLE word;

CREATE VIRTUAL TABLE word USING fts5 (
    text, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0"
);

-- An import's words are gathered in memory before they are written, so that there are few parts to look into.
INSERT INTO word (word, rank) VALUES ('hashsize', 16777216);
