//! Who said STOP. Questions are answered again after it; pushes are not.

use sqlx::Row;

use crate::StoreError;
use crate::person::Person;
use crate::store::{Store, on};

impl Store {
    /// True unless this person said STOP: to be asked before anything is sent to somebody who has not just
    /// written (reminders, alerts). The answer to a question is no push.
    pub async fn may_push(&self, person: &Person) -> Result<bool, StoreError> {
        on!(self, db => Ok(sqlx::query("SELECT 1 FROM opt_out WHERE person = $1").bind(person.as_bytes()).fetch_optional(&mut *db.read().await?).await?.is_none()))
    }

    /// How many persons want nothing sent.
    pub async fn count_opt_outs(&self) -> Result<i64, StoreError> {
        on!(self, db => Ok(sqlx::query("SELECT count(*) FROM opt_out").fetch_one(&mut *db.read().await?).await?.try_get(0)?))
    }
}
