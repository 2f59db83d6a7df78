//! The index of words in one piece.
//!
//! FTS5 keeps what each group of entries brought in a piece of its own and joins some of them as it goes. A word is
//! looked up in each piece there is: thirteen of them behind a million entries, which is most of what a search costs.

use sqlx::{Row, SqliteConnection};

use super::Sqlite;
use crate::StoreError;

/// Pages written in one transaction, of 4 kB: turns are kept in between.
const PAGES: i64 = 64;

impl Sqlite {
    /// Joins the pieces, some pages at a time. Cut short, it has done a part of the work and no harm
    /// (sqlite.org/fts5.html, "The 'merge' Command").
    pub(crate) async fn merge_words(&self) -> Result<(), StoreError> {
        // A negative number takes in every piece there is, and begins; then it goes on with what was begun.
        let mut pages = -PAGES;
        loop {
            let mut transaction = self.begin().await?;
            let connection = transaction.connection()?;
            let before = changes(connection).await?;
            sqlx::query("INSERT INTO word (word, rank) VALUES ('merge', $1)")
                .bind(pages)
                .execute(&mut *connection)
                .await?;
            // The statement itself is one change.
            let is_done = changes(connection).await? - before < 2;
            transaction.commit().await?;
            if is_done {
                return Ok(());
            }
            pages = PAGES;
        }
    }
}

async fn changes(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query("SELECT total_changes()").fetch_one(connection).await?.try_get(0)
}
