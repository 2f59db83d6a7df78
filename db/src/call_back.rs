//! Who is to be called back: asked for within a turn's commit, emptied by a person, erased when done.
//!
//! A row belongs to one person and holds their number sealed. Whoever calls claims it for a while, so that
//! two people at two machines do not call the same number.

use chrono::{DateTime, Duration, Utc};
use directory::answer::BestHour;
use directory::theme::Theme;
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::person::{Person, Sealed};
use crate::store::{Store, on, within};
use crate::tally;

/// A call-back that nobody made within this is erased, and counted as expired.
pub const RETENTION: Duration = Duration::days(7);

/// Who asks is promised a call within this.
pub const PROMISED: Duration = Duration::hours(24);

/// Who claims a call-back has this long to make it.
pub const CLAIM: Duration = Duration::minutes(15);

/// Somebody who did not answer the call is not called again before this.
pub const AGAIN: Duration = Duration::hours(2);

/// What a call that was made is counted as: by channel, and by the hours that it took.
pub const MADE: &str = "call-back";

/// The counter of call-backs that expired.
pub(crate) const EXPIRED: &str = "call-backs-expired";

/// A person who asks to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallBack {
    /// Their number, sealed.
    pub number: Sealed,
    /// The code of their language (ISO 639-1): people at a kiosk may speak one in which no machine answers.
    pub language: String,
    /// What they looked for last, unless that is nobody's business.
    pub theme: Option<Theme>,
    /// Where they looked for it.
    pub postal_code: Option<String>,
    /// When they like best to be called.
    pub hour: Option<BestHour>,
    /// What they said instead of typing: the carrier's name of the recording, sealed.
    pub recording: Option<Sealed>,
}

/// A call-back that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingCallBack {
    /// Its number in the queue.
    pub id: i64,
    /// Who asked.
    pub person: Person,
    /// Their phone number, sealed.
    pub number: Sealed,
    /// On which channel they asked last.
    pub channel: String,
    /// The code of their language.
    pub language: String,
    /// What they looked for last.
    pub theme: Option<String>,
    /// Where.
    pub postal_code: Option<String>,
    /// When they like best to be called.
    pub hour: Option<BestHour>,
    /// What they said instead of typing: the carrier's name of the recording, sealed.
    pub recording: Option<Sealed>,
    /// When they asked for the first time.
    pub first_asked_at: DateTime<Utc>,
    /// When they asked for the last time.
    pub asked_at: DateTime<Utc>,
    /// Times that nobody answered the call.
    pub attempts: i64,
    /// Not to be called before this moment.
    pub claimed_until: DateTime<Utc>,
}

impl WaitingCallBack {
    /// True while somebody else calls them, or they did not answer just now. No claim lasts longer than
    /// [`AGAIN`]: what seems to was made by a clock that was ahead.
    pub fn is_claimed(&self, now: DateTime<Utc>) -> bool {
        self.claimed_until > now && self.claimed_until <= now + AGAIN
    }
}

/// Reads call-backs from the columns of `call_back`, by their names.
macro_rules! waiting {
    ($rows:expr) => {
        $rows
            .iter()
            .map(|row| {
                let instant = |column: &str| {
                    row.try_get::<i64, _>(column)
                        .map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default())
                };
                Ok(WaitingCallBack {
                    id: row.try_get("id")?,
                    person: Person::from_column(row.try_get("person")?)?,
                    number: Sealed::new(row.try_get("number")?),
                    channel: row.try_get("channel")?,
                    language: row.try_get("language")?,
                    theme: row.try_get("theme")?,
                    postal_code: row.try_get("postal_code")?,
                    first_asked_at: instant("first_asked_at")?,
                    asked_at: instant("asked_at")?,
                    attempts: row.try_get("attempts")?,
                    claimed_until: instant("claimed_until")?,
                    hour: row.try_get::<Option<String>, _>("best_hour")?.and_then(|hour| BestHour::from_id(&hour)),
                    recording: row.try_get::<Option<Vec<u8>>, _>("recording")?.map(Sealed::new),
                })
            })
            .collect::<Result<Vec<WaitingCallBack>, sqlx::Error>>()?
    };
}

impl Store {
    /// All who wait, the longest first.
    pub async fn call_backs(&self) -> Result<Vec<WaitingCallBack>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT id, person, number, channel, language, theme, postal_code, first_asked_at, \
                 asked_at, attempts, claimed_until, best_hour, recording FROM call_back \
                 ORDER BY first_asked_at, id",
            )
            .fetch_all(&mut *db.read().await?)
            .await?;
            Ok(waiting!(rows))
        })
    }

    /// Claims the one who has waited longest and is not claimed, for [`CLAIM`].
    pub async fn claim_call_back(&self, now: DateTime<Utc>) -> Result<Option<WaitingCallBack>, StoreError> {
        let text = format!(
            "UPDATE call_back SET claimed_until = $1 WHERE id = (SELECT id FROM call_back \
             WHERE claimed_until <= $2 OR claimed_until > $3 ORDER BY first_asked_at, id \
             LIMIT 1{skip_locked}) RETURNING id, person, number, channel, language, theme, postal_code, \
             first_asked_at, asked_at, attempts, claimed_until, best_hour, recording",
            skip_locked = self.dialect().skip_locked
        );
        let claimed = on!(self, db => {
            // All rows, that is to say one: the statement must run to its end.
            let rows = sqlx::query(AssertSqlSafe(text))
                .bind((now + CLAIM).timestamp())
                .bind(now.timestamp())
                .bind((now + AGAIN).timestamp())
                .fetch_all(db.write().await?.connection()?)
                .await?;
            waiting!(rows)
        });
        Ok(claimed.into_iter().next())
    }

    /// Claims one of them, for [`CLAIM`]; false where somebody else has, or there is none.
    pub async fn take_call_back(&self, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let taken = on!(self, db => {
            sqlx::query(
                "UPDATE call_back SET claimed_until = $1 WHERE id = $2 AND (claimed_until <= $3 \
                 OR claimed_until > $4)",
            )
            .bind((now + CLAIM).timestamp())
            .bind(id)
            .bind(now.timestamp())
            .bind((now + AGAIN).timestamp())
            .execute(db.write().await?.connection()?)
            .await?
            .rows_affected()
        });
        Ok(taken > 0)
    }

    /// Erases a call-back that was made, and its bytes; counts it by the hours that it took. False where there is none.
    pub async fn finish_call_back(&self, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        let erased: Option<(String, i64)> = within!(&mut work, connection => {
            let rows = sqlx::query("DELETE FROM call_back WHERE id = $1 RETURNING channel, first_asked_at")
                .bind(id)
                .fetch_all(connection)
                .await?;
            rows.first().map(|row| Ok::<_, sqlx::Error>((row.try_get(0)?, row.try_get(1)?))).transpose()?
        });
        if let Some((channel, asked)) = &erased {
            let hours = ((now.timestamp() - asked) / 3_600).max(0);
            tally::count(&mut work, now.date_naive(), MADE, channel, &format!("{hours:03}")).await?;
        }
        work.commit().await?;
        self.empty_log().await?;
        Ok(erased.is_some())
    }

    /// Puts a call-back that nobody answered back into the queue, to be made after [`AGAIN`]; false where
    /// there is none.
    pub async fn postpone_call_back(&self, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let postponed = on!(self, db => {
            sqlx::query("UPDATE call_back SET attempts = attempts + 1, claimed_until = $1 WHERE id = $2")
                .bind((now + AGAIN).timestamp())
                .bind(id)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(postponed > 0)
    }

    /// How many wait, and how many nobody called in time so far.
    pub async fn count_call_backs(&self) -> Result<(i64, i64), StoreError> {
        on!(self, db => {
            let waiting =
                sqlx::query("SELECT count(*) FROM call_back").fetch_one(&mut *db.read().await?).await?.try_get(0)?;
            let expired = sqlx::query("SELECT value FROM counter WHERE name = $1")
                .bind(EXPIRED)
                .fetch_optional(&mut *db.read().await?)
                .await?;
            Ok((waiting, expired.map_or(Ok(0), |row| row.try_get(0))?))
        })
    }
}
