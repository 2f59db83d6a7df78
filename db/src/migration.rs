//! Brings a database up to date, and refuses one that is newer than the program.

use std::borrow::Cow;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::StoreError;

/// Number, title and statements. Both engines have the same numbers.
pub(crate) type Text = (i64, &'static str, &'static str);

/// Runs the migrations that a database does not have yet, each in a transaction of its own.
pub(crate) async fn run(texts: &[Text], connection: &mut impl Migrate) -> Result<(), StoreError> {
    let known = texts.last().map_or(0, |(number, _, _)| *number);
    let migrations = texts
        .iter()
        .map(|(number, title, text)| Migration::new(*number, Cow::Borrowed(title), MigrationType::Simple, AssertSqlSafe(*text).into_sql_str(), false))
        .collect();
    let migrator = Migrator::with_migrations(migrations);
    connection.ensure_migrations_table("_sqlx_migrations").await.map_err(StoreError::Migrate)?;
    for (number, _, _) in texts {
        crate::fail_point::reach("migrate::between");
        match migrator.run_direct(Some(*number), connection, false).await {
            Ok(()) => {}
            Err(MigrateError::VersionMissing(found)) if found > known => return Err(StoreError::TooNew { found, known }),
            Err(error) => return Err(StoreError::Migrate(error)),
        }
    }
    Ok(())
}
