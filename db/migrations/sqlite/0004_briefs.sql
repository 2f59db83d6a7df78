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
