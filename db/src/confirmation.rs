//! What the people concerned say of entries: visitors that one is wrong, an organisation that its own is right.

use chrono::{DateTime, NaiveDate, Utc};
use directory::code::Code;
use directory::locality::Territory;
use directory::record::{BY_TEXT, Record};
use sqlx::Row;

use crate::StoreError;
use crate::correction::Corrected;
use crate::history::{Change, TEXTED};
use crate::store::{Store, on};

impl Store {
    /// Makes fresh what organisations called right by text message since the last time; how many entries are fresher
    /// now. A turn only notes it: it never waits for whoever writes in the directory.
    pub async fn take_confirmations(&self, territory: &Territory<'_>, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let noted: Vec<(String, String)> = on!(self, db => {
            let rows = sqlx::query("SELECT code, day FROM confirmation ORDER BY code")
                .fetch_all(&mut *db.read().await?)
                .await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?
        });
        if noted.is_empty() {
            return Ok(0);
        }
        let doubts = self.doubts().await?;
        let mut fresher = 0;
        for (code, day) in noted {
            if let (Some(known), Ok(said_on)) = (Code::parse(&code), day.parse::<NaiveDate>())
                && let Some((record, version)) = self.record_to_change(known).await?
            {
                let seen = record.freshness.confirmed_on;
                let is_doubted =
                    doubts.iter().any(|(doubted, _, last)| *doubted == known && seen.is_none_or(|seen| seen < *last));
                match self.confirm_by_text(record, version, said_on, is_doubted, territory, now).await? {
                    Some(Corrected::Kept) => fresher += 1,
                    // A mediator is at it: the next time, if anything is left to say then.
                    Some(Corrected::Overtaken) => continue,
                    None => {}
                }
            }
            on!(self, db => {
                sqlx::query("DELETE FROM confirmation WHERE code = $1 AND day = $2")
                    .bind(&code)
                    .bind(&day)
                    .execute(db.write().await?.connection()?)
                    .await?
                    .rows_affected()
            });
        }
        Ok(fresher)
    }

    /// Keeps the organisation's own word; nothing where somebody doubts the entry or it changes nothing.
    async fn confirm_by_text(
        &self,
        mut record: Record,
        version: i64,
        said_on: NaiveDate,
        is_doubted: bool,
        territory: &Territory<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<Corrected>, StoreError> {
        let before = record.freshness.confirmed_on.map(|day| day.to_string()).unwrap_or_default();
        if is_doubted || !record.confirm_by_text(said_on) {
            return Ok(None);
        }
        let after = format!("{said_on} {BY_TEXT}");
        let change = Change { at: now, mediator: TEXTED.to_owned(), field: "verified".to_owned(), before, after };
        self.correct(&record, version, &[change], territory, now).await.map(Some)
    }

    /// How often visitors said that an entry is wrong, by its code, and the last day on which one did. What was
    /// verified since is for the caller to leave out.
    pub async fn doubts(&self) -> Result<Vec<(Code, i64, NaiveDate)>, StoreError> {
        on!(self, db => {
            let rows =
                sqlx::query("SELECT code, CAST(sum(count) AS BIGINT), max(day) FROM doubt GROUP BY code ORDER BY code")
                    .fetch_all(&mut *db.read().await?)
                    .await?;
            let doubts = rows.iter().map(|row| {
                Ok((
                    Code::parse(row.try_get(0)?),
                    row.try_get(1)?,
                    row.try_get::<String, _>(2)?.parse::<NaiveDate>().ok(),
                ))
            });
            let doubts: Vec<(Option<Code>, i64, Option<NaiveDate>)> = doubts.collect::<Result<_, sqlx::Error>>()?;
            Ok(doubts.into_iter().filter_map(|(code, count, day)| Some((code?, count, day?))).collect())
        })
    }
}
