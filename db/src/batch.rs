//! Statements that give nothing back, sent together.
//!
//! SQLite runs on a thread of its own, and handing a statement over and waiting for it costs more than most
//! statements: it takes all of them at once. PostgreSQL prepares one statement at a time, and gets each by itself.

use std::borrow::Cow;

use sqlx::AssertSqlSafe;

use crate::StoreError;
use crate::dialect::Dialect;
use crate::sqlite;
use crate::statement::{MAX_ROWS, blocks, rows};
use crate::store::{Work, within};

/// What is bound to a placeholder.
#[derive(Debug)]
pub(crate) enum Value<'a> {
    Integer(i64),
    Text(Option<Cow<'a, str>>),
    Bytes(Option<&'a [u8]>),
}

impl<'a> Value<'a> {
    pub(crate) fn text(text: &'a str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }
}

/// Statements in the order in which they run.
#[derive(Debug)]
pub(crate) struct Batch<'a> {
    sends_together: bool,
    statements: Vec<(String, Vec<Value<'a>>)>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        Self { sends_together: dialect.sends_together, statements: Vec::new() }
    }

    /// Inserts rows: `write` makes the statement around the placeholders of many rows, `values` are those of one.
    pub(crate) fn insert<T>(
        &mut self,
        all: &'a [T],
        columns: usize,
        write: impl Fn(String) -> String,
        values: impl Fn(&'a T) -> Vec<Value<'a>>,
    ) {
        // Apart, a few lengths are prepared once and found again; together, no two groups are alike.
        let parts: Vec<&'a [T]> =
            if self.sends_together { all.chunks(MAX_ROWS).collect() } else { blocks(all).collect() };
        for part in parts {
            let first = if self.sends_together {
                1 + self.statements.iter().map(|(_, values)| values.len()).sum::<usize>()
            } else {
                1
            };
            self.statements.push((write(rows(first, part.len(), columns)), part.iter().flat_map(&values).collect()));
        }
    }

    /// Adds a statement without values.
    pub(crate) fn push(&mut self, statement: &str) {
        self.statements.push((statement.to_owned(), Vec::new()));
    }

    pub(crate) async fn run(self, work: &mut Work) -> Result<(), StoreError> {
        if !self.sends_together {
            for (text, values) in self.statements {
                run(work, text, values, true).await?;
            }
            return Ok(());
        }
        let (texts, values): (Vec<String>, Vec<Vec<Value<'_>>>) = self.statements.into_iter().unzip();
        let values: Vec<Value<'_>> = values.into_iter().flatten().collect();
        // What one turn writes is prepared once; what many write is seldom written again just so.
        let is_common = values.len() < FEW_VALUES;
        if texts.is_empty() { Ok(()) } else { run(work, texts.join(";\n"), values, is_common).await }
    }
}

impl Work {
    /// Writes what is left to be written, and commits.
    pub(crate) async fn commit_with(mut self, mut batch: Batch<'_>) -> Result<(), StoreError> {
        if let Self::Sqlite(_) = self {
            batch.push(sqlite::COMMIT);
        }
        batch.run(&mut self).await?;
        crate::fail_point::reach("writer::written");
        match self {
            Self::Sqlite(mut transaction) => transaction.has_ended(),
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

/// More than one turn binds: five budgets, the turn, its conversation, a count.
const FEW_VALUES: usize = 34;

async fn run(work: &mut Work, text: String, values: Vec<Value<'_>>, is_kept: bool) -> Result<(), StoreError> {
    within!(work, connection => {
        let query =
            values.into_iter().fold(sqlx::query(AssertSqlSafe(text)).persistent(is_kept), |query, value| match value {
                Value::Integer(integer) => query.bind(integer),
                Value::Text(text) => query.bind(text.map(Cow::into_owned)),
                Value::Bytes(bytes) => query.bind(bytes),
            });
        query.execute(connection).await?;
    });
    Ok(())
}
