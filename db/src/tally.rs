//! Counts of each day: what happened how often, on which channel. Nothing here is of a person.

use chrono::NaiveDate;
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::store::{Store, Work, on, within};

/// A count of one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// The day.
    pub day: NaiveDate,
    /// What is counted.
    pub what: String,
    /// On which channel.
    pub channel: String,
    /// Which of them: a theme, a language, a number of hours.
    pub key: String,
    /// How many.
    pub count: i64,
}

impl Store {
    /// Counts something that happened on a day.
    pub async fn tally(&self, day: NaiveDate, what: &str, channel: &str, key: &str) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        count(&mut work, day, what, channel, key).await?;
        work.commit().await
    }

    /// The counts of some days, both inclusive, with what turns counted by themselves: searches that found nothing
    /// (`unmet`, by theme and postal code) and entries that somebody said were wrong (`doubt`, by code).
    pub async fn tallies(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<Tally>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT day, what, channel, key, count FROM tally WHERE day >= $1 AND day <= $2 UNION ALL \
                 SELECT day, 'unmet', channel, theme || ' ' || postal_code, count FROM unmet WHERE day >= $3 \
                 AND day <= $4 UNION ALL SELECT day, 'doubt', channel, code, count FROM doubt WHERE day >= $5 \
                 AND day <= $6",
            );
            let rows = [from, to]
                .iter()
                .cycle()
                .take(6)
                .fold(rows, |query, day| query.bind(day.to_string()))
                .fetch_all(&mut *db.read().await?)
                .await?;
            let tallies = rows.iter().map(|row| {
                let Ok(day) = row.try_get::<String, _>(0)?.parse() else { return Ok(None) };
                Ok(Some(Tally {
                    day,
                    what: row.try_get(1)?,
                    channel: row.try_get(2)?,
                    key: row.try_get(3)?,
                    count: row.try_get(4)?,
                }))
            });
            let mut tallies: Vec<Tally> = tallies.filter_map(Result::transpose).collect::<Result<_, sqlx::Error>>()?;
            tallies.sort();
            Ok(tallies)
        })
    }
}

/// Counts something within a transaction.
pub(crate) async fn count(
    work: &mut Work,
    day: NaiveDate,
    what: &str,
    channel: &str,
    key: &str,
) -> Result<(), StoreError> {
    within!(work, connection => {
        sqlx::query(
            "INSERT INTO tally (day, what, channel, key, count) VALUES ($1, $2, $3, $4, 1) \
             ON CONFLICT (day, what, channel, key) DO UPDATE SET count = tally.count + 1",
        )
        .bind(day.to_string())
        .bind(what)
        .bind(channel)
        .bind(key)
        .execute(connection)
        .await?
        .rows_affected()
    });
    Ok(())
}
