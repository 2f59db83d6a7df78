//! All that is kept of one person, for whoever asks to see it or to have it erased.

use std::fmt;

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Row};

use crate::StoreError;
use crate::dialect::{TableGroup, WorkKind};
use crate::journal::SenderHash;
use crate::person::Person;
use crate::statement::{padded, placeholders};
use crate::store::{Store, Work, on, within};

/// By what a person is found: prints nothing.
pub struct Whose {
    /// Their hash under the key that never changes.
    pub person: Person,
    /// Their hashes under each sender key there is.
    pub senders: Vec<SenderHash>,
    /// The keys of budgets that may be theirs.
    pub budgets: Vec<String>,
    /// Sealed requests of kiosks that hold their number.
    pub sealed_requests: Vec<String>,
}

impl fmt::Debug for Whose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Whose(redacted)")
    }
}

/// A message that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedMessage {
    /// On which channel.
    pub channel: String,
    /// When.
    pub received: DateTime<Utc>,
    /// What it said.
    pub text: Option<String>,
    /// What was understood.
    pub intent: Option<String>,
}

/// What is kept of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traces {
    /// Messages, the oldest first.
    pub messages: Vec<TracedMessage>,
    /// Conversations going on.
    pub conversations: i64,
    /// Call-backs asked for.
    pub call_backs: i64,
    /// Numbers to be called back that a kiosk has closed and nobody has opened.
    pub sealed_requests: i64,
    /// What is to be sent, or was within a week.
    pub deliveries: i64,
    /// Budgets that were drawn on.
    pub budgets: i64,
    /// Since when they ask to be written to.
    pub opted_in: Option<DateTime<Utc>>,
    /// Since when they want nothing sent.
    pub opted_out: Option<DateTime<Utc>>,
}

impl Traces {
    /// True where nothing is kept but, perhaps, that they want nothing sent.
    pub fn is_empty(&self) -> bool {
        *self == Self { opted_out: self.opted_out, ..Self::default() }
    }
}

impl Store {
    /// What is kept of somebody.
    pub async fn traces(&self, whose: &Whose) -> Result<Traces, StoreError> {
        let person = whose.person.as_bytes();
        let since = |seconds: Option<i64>| seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let mut traces = Traces {
            call_backs: self.count_about("SELECT count(*) FROM call_back WHERE person = $1", person).await?,
            deliveries: self.count_about("SELECT count(*) FROM outbox WHERE person = $1", person).await?,
            sealed_requests: i64::try_from(whose.sealed_requests.len()).unwrap_or(i64::MAX),
            opted_in: since(self.number_about("SELECT since FROM opt_in WHERE person = $1", person).await?),
            opted_out: since(self.number_about("SELECT since FROM opt_out WHERE person = $1", person).await?),
            ..Traces::default()
        };
        for sender in &whose.senders {
            traces.messages.extend(self.messages_of(sender).await?);
            traces.conversations += self.count_about("SELECT count(*) FROM session WHERE sender = $1", sender).await?;
        }
        traces.messages.sort_by_key(|message| message.received);
        for keys in padded(&whose.budgets) {
            let text = format!("SELECT count(*) FROM budget WHERE key IN ({})", placeholders(1, keys.len()));
            traces.budgets += on!(self, db => {
                let query = keys.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, key| query.bind(key.as_str()));
                query.fetch_one(&mut *db.read().await?).await?.try_get::<i64, _>(0)?
            });
        }
        Ok(traces)
    }

    /// The number that a query about some bytes gives; nothing where it gives no row.
    async fn number_about(&self, text: &'static str, about: &[u8]) -> Result<Option<i64>, StoreError> {
        on!(self, db => {
            let row = sqlx::query(text).bind(about).fetch_optional(&mut *db.read().await?).await?;
            Ok(row.map(|row| row.try_get(0)).transpose()?)
        })
    }

    async fn count_about(&self, text: &'static str, about: &[u8]) -> Result<i64, StoreError> {
        Ok(self.number_about(text, about).await?.unwrap_or_default())
    }

    async fn messages_of(&self, sender: &SenderHash) -> Result<Vec<TracedMessage>, StoreError> {
        on!(self, db => {
            let rows = sqlx::query("SELECT channel, received_at, text, intent FROM turn WHERE sender = $1")
                .bind(sender.as_slice())
                .fetch_all(&mut *db.read().await?)
                .await?;
            let messages = rows.iter().map(|row| {
                let received = DateTime::from_timestamp(row.try_get(1)?, 0).unwrap_or_default();
                Ok(TracedMessage { channel: row.try_get(0)?, received, text: row.try_get(2)?, intent: row.try_get(3)? })
            });
            Ok(messages.collect::<Result<_, sqlx::Error>>()?)
        })
    }

    /// Erases what is kept of somebody, in one transaction, and its bytes; that they want nothing sent stays, or they
    /// would be written to again.
    pub async fn erase_traces(&self, whose: &Whose) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Turns).await?;
        for sender in &whose.senders {
            erase(&mut work, "DELETE FROM turn WHERE sender = $1", sender).await?;
            erase(&mut work, "DELETE FROM session WHERE sender = $1", sender).await?;
        }
        for text in [
            "DELETE FROM call_back WHERE person = $1",
            "DELETE FROM outbox WHERE person = $1",
            "DELETE FROM opt_in WHERE person = $1",
        ] {
            erase(&mut work, text, whose.person.as_bytes()).await?;
        }
        for keys in padded(&whose.budgets) {
            let text = format!("DELETE FROM budget WHERE key IN ({})", placeholders(1, keys.len()));
            within!(&mut work, connection => {
                let query = keys.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, key| query.bind(key.as_str()));
                query.execute(connection).await?;
            });
        }
        for id in &whose.sealed_requests {
            within!(&mut work, connection => {
                sqlx::query("DELETE FROM letter WHERE id = $1").bind(id).execute(connection).await?;
            });
        }
        work.commit().await?;
        self.overwrite(TableGroup::Persons).await
    }
}

async fn erase(work: &mut Work, text: &'static str, whose: &[u8]) -> Result<(), StoreError> {
    within!(work, connection => {
        sqlx::query(text).bind(whose).execute(connection).await?;
    });
    Ok(())
}
