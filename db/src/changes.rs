//! Waiting for call-backs without asking all the time.

use std::time::Duration;

use crate::StoreError;
use crate::postgres::Listener;
use crate::store::{Engine, Store};

/// How often a file is looked at: it tells nobody.
const FILE_EVERY: Duration = Duration::from_secs(2);

/// How often a server is asked although it tells: it may have been away.
const SERVER_EVERY: Duration = Duration::from_secs(5);

/// Tells when there may be new call-backs.
#[derive(Debug)]
pub struct Changes(Option<Listener>);

impl Store {
    /// From now on, what changes. Read what there is after this call, then wait.
    pub async fn changes(&self) -> Result<Changes, StoreError> {
        Ok(Changes(match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(db) => Some(db.listen().await?),
        }))
    }
}

impl Changes {
    /// Waits until something may have changed: at once where the engine tells, else a few seconds.
    pub async fn wait(&mut self) {
        let told = match &mut self.0 {
            Some(listener) => tokio::time::timeout(SERVER_EVERY, listener.told()).await.unwrap_or(Ok(())),
            None => return tokio::time::sleep(FILE_EVERY).await,
        };
        // A server that is gone: it is asked again later, not without a pause.
        if told.is_err() {
            tokio::time::sleep(SERVER_EVERY).await;
        }
    }
}
