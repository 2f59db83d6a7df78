//! Where sources are read from, and what came of it last.

use chrono::{DateTime, Utc};
use directory::closed_list;
use directory::language::Language;
use directory::phone::Country;
use sqlx::Row;

use crate::StoreError;
use crate::store::{Store, on};

closed_list! {
    /// What came of reading a source.
    FeedState {
        /// It is in the directory.
        Done = "done",
        /// It was only compared.
        Tried = "tried",
        /// Too much would be gone: somebody has to decide.
        Stopped = "stopped",
        /// It could not be read.
        Failed = "failed",
        /// It is being read.
        Reading = "reading",
    }
}

/// Where a source is read from, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSource {
    /// The source's name.
    pub name: String,
    /// The format's name: `ical`, `gogocarto`, `csv`.
    pub format: String,
    /// An address, or a file.
    pub address: String,
    /// How to read the columns of a table.
    pub mapping: Option<String>,
    /// The country of addresses that name none.
    pub country: Country,
    /// The language of texts that name none.
    pub language: Language,
    /// How far its operator trusts it, 0 or 1.
    pub trust: u8,
}

/// A source with what came of it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedStatus {
    /// Where it is read from.
    pub feed: FeedSource,
    /// When it was read last.
    pub tried_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub state: Option<FeedState>,
    /// The report as JSON; of what failed, why.
    pub report: String,
}

impl Store {
    /// Keeps where a source is read from; with what came of it, if it was read just now.
    pub async fn keep_feed(
        &self,
        feed: &FeedSource,
        outcome: Option<(FeedState, &str)>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query(
                "INSERT INTO feed (name, format, address, mapping, country, language, tried_at, state, report, \
                 trust) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (name) DO UPDATE \
                 SET format = excluded.format, address = excluded.address, mapping = excluded.mapping, \
                 country = excluded.country, language = excluded.language, trust = \
                 CASE WHEN excluded.state IS NULL THEN excluded.trust ELSE feed.trust END, \
                 tried_at = coalesce(excluded.tried_at, feed.tried_at), state = coalesce(excluded.state, \
                 feed.state), report = coalesce(excluded.report, feed.report)",
            )
            .bind(&feed.name)
            .bind(&feed.format)
            .bind(&feed.address)
            .bind(&feed.mapping)
            .bind(feed.country.code())
            .bind(feed.language.code())
            .bind(outcome.map(|_| now.timestamp()))
            .bind(outcome.map(|(state, _)| state.id()))
            .bind(outcome.map(|(_, report)| report))
            .bind(i64::from(feed.trust))
            .execute(db.write().await?.connection()?)
            .await?
            .rows_affected()
        });
        Ok(())
    }

    /// Says of a source that it is being read, unless somebody reads it already; false then. A reading that began
    /// before `cut_off` and has not ended was cut off with its program.
    pub async fn begin_reading(
        &self,
        name: &str,
        cut_off: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let begun = on!(self, db => {
            sqlx::query(
                "UPDATE feed SET state = 'reading', report = '', tried_at = $1 \
                 WHERE name = $2 AND (state IS NULL OR state <> 'reading' OR tried_at IS NULL OR tried_at < $3)",
            )
            .bind(now.timestamp())
            .bind(name)
            .bind(cut_off.timestamp())
            .execute(db.write().await?.connection()?)
            .await?
            .rows_affected()
        });
        Ok(begun > 0)
    }

    /// Says of a source that its reading ended without a word, if it still counts as being read: its program was
    /// killed.
    pub async fn end_reading(&self, name: &str, why: &str) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("UPDATE feed SET state = 'failed', report = $1 WHERE name = $2 AND state = 'reading'")
                .bind(why)
                .bind(name)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// Says how far a source is trusted from its next reading on.
    pub async fn trust_feed(&self, name: &str, trust: u8) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("UPDATE feed SET trust = $1 WHERE name = $2")
                .bind(i64::from(trust))
                .bind(name)
                .execute(db.write().await?.connection()?)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// All sources that are read from somewhere, by name.
    pub async fn feeds(&self) -> Result<Vec<FeedStatus>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT name, format, address, mapping, country, language, tried_at, state, report, trust \
                 FROM feed ORDER BY name",
            )
            .fetch_all(&mut *db.read().await?)
            .await?;
            let feeds = rows.iter().map(|row| {
                Ok(FeedStatus {
                    feed: FeedSource {
                        name: row.try_get(0)?,
                        format: row.try_get(1)?,
                        address: row.try_get(2)?,
                        mapping: row.try_get(3)?,
                        country: Country::from_name(row.try_get(4)?).unwrap_or_default(),
                        language: Language::from_code(row.try_get(5)?).unwrap_or_default(),
                        trust: u8::try_from(row.try_get::<i64, _>(9)?).unwrap_or_default(),
                    },
                    tried_at: row
                        .try_get::<Option<i64>, _>(6)?
                        .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
                    state: row.try_get::<Option<String>, _>(7)?.as_deref().and_then(FeedState::from_id),
                    report: row.try_get::<Option<String>, _>(8)?.unwrap_or_default(),
                })
            });
            Ok(feeds.collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// Sources with the moment at which each was last brought in, by name.
    pub async fn imported(&self) -> Result<Vec<(String, DateTime<Utc>, i64)>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query(
                "SELECT s.name, s.imported_at, (SELECT count(*) FROM source_record r \
                 WHERE r.source = s.name AND r.gone_at IS NULL) FROM source s ORDER BY s.name",
            )
            .fetch_all(&mut *db.read().await?)
            .await?;
            let sources = rows.iter().map(|row| {
                Ok((row.try_get(0)?, DateTime::from_timestamp(row.try_get(1)?, 0).unwrap_or_default(), row.try_get(2)?))
            });
            Ok(sources.collect::<Result<_, sqlx::Error>>()?)
        })
    }
}
