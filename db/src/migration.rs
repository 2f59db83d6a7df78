//! Brings a database up to date, and refuses one that is newer than the program.

use std::borrow::Cow;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::StoreError;

/// Number, title and statements. Both engines have the same numbers.
pub(crate) type Text = (i64, &'static str, &'static str);

/// Where the driver notes what it ran.
const NOTES: &str = "_sqlx_migrations";

/// Runs the migrations that a database does not have yet, each in a transaction of its own.
pub(crate) async fn run(texts: &[Text], connection: &mut impl Migrate) -> Result<(), StoreError> {
    let known = texts.last().map_or(0, |(number, _, _)| *number);
    let migrations: Vec<Migration> = texts
        .iter()
        .map(|(number, title, text)| {
            Migration::new(
                *number,
                Cow::Borrowed(title),
                MigrationType::Simple,
                AssertSqlSafe(*text).into_sql_str(),
                false,
            )
        })
        .collect();
    if is_up_to_date(&migrations, connection).await {
        return Ok(());
    }
    let migrator = Migrator::with_migrations(migrations);
    connection.ensure_migrations_table(NOTES).await.map_err(StoreError::Migrate)?;
    for (number, _, _) in texts {
        crate::fail_point::reach("migrate::between");
        match migrator.run_direct(Some(*number), connection, false).await {
            Ok(()) => {}
            Err(MigrateError::VersionMissing(found)) if found > known => {
                return Err(StoreError::TooNew { found, known });
            }
            Err(error) => return Err(StoreError::Migrate(error)),
        }
    }
    Ok(())
}

/// True where just these migrations were run, which one statement tells: every start but the first of a release.
/// An empty database has no notes.
async fn is_up_to_date(migrations: &[Migration], connection: &mut impl Migrate) -> bool {
    let Ok(applied) = connection.list_applied_migrations(NOTES).await else { return false };
    let ran = applied.iter().map(|applied| (applied.version, &applied.checksum));
    ran.eq(migrations.iter().map(|migration| (migration.version, &migration.checksum)))
}
