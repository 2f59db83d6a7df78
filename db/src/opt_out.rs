//! Who said STOP, and who asked to be written to. Questions are answered whatever they said; pushes go only to those
//! who asked for them and did not say STOP since.

use chrono::{DateTime, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::person::Person;
use crate::store::{Store, on};

impl Store {
    /// True where this person said STOP and not START since.
    pub async fn has_stopped(&self, person: &Person) -> Result<bool, StoreError> {
        on!(self, db => Ok(sqlx::query("SELECT 1 FROM opt_out WHERE person = $1")
            .bind(person.as_bytes())
            .fetch_optional(&mut *db.read().await?)
            .await?
            .is_some()))
    }

    /// True where this person asked to be written to, and has not said STOP: to be asked before anything is sent to
    /// somebody who has not just written (reminders, alerts). The answer to a question is no push.
    pub async fn may_push(&self, person: &Person) -> Result<bool, StoreError> {
        if self.has_stopped(person).await? {
            return Ok(false);
        }
        on!(self, db => Ok(sqlx::query("SELECT 1 FROM opt_in WHERE person = $1")
            .bind(person.as_bytes())
            .fetch_optional(&mut *db.read().await?)
            .await?
            .is_some()))
    }

    /// Keeps that this person asked to be written to, since then.
    pub async fn opt_in(&self, person: &Person, since: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("INSERT INTO opt_in (person, since) VALUES ($1, $2) ON CONFLICT (person) DO NOTHING")
                .bind(person.as_bytes())
                .bind(since.timestamp())
                .execute(db.write().await?.connection()?)
                .await?;
            Ok(())
        })
    }

    /// Keeps that this person wants nothing sent: what a carrier says of somebody who told it so (Twilio's error
    /// 21610).
    pub async fn opt_out(&self, person: &Person, since: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self, db => {
            sqlx::query("INSERT INTO opt_out (person, since) VALUES ($1, $2) ON CONFLICT (person) DO NOTHING")
                .bind(person.as_bytes())
                .bind(since.timestamp())
                .execute(db.write().await?.connection()?)
                .await?;
            Ok(())
        })
    }

    /// How many persons want nothing sent.
    pub async fn count_opt_outs(&self) -> Result<i64, StoreError> {
        on!(self, db => Ok(sqlx::query("SELECT count(*) FROM opt_out")
            .fetch_one(&mut *db.read().await?)
            .await?
            .try_get(0)?))
    }
}
