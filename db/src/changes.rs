//! Waiting for call-backs or for slips to print without asking all the time.

use std::time::Duration;

use crate::StoreError;
use crate::postgres::Listener;
use crate::store::{Engine, Store};

/// How often a file is looked at for call-backs: it tells nobody.
const FILE_EVERY: Duration = Duration::from_secs(2);

/// And for slips: a visitor stands in front of the printer.
const SLIPS_EVERY: Duration = Duration::from_millis(300);

/// How often a server is asked although it tells: it may have been away.
const SERVER_EVERY: Duration = Duration::from_secs(5);

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Somebody to call back.
    CallBacks,
    /// A slip to print.
    Slips,
}

impl Topic {
    fn name(self) -> &'static str {
        match self {
            Self::CallBacks => "call_back",
            Self::Slips => "print_job",
        }
    }

    fn file_every(self) -> Duration {
        match self {
            Self::CallBacks => FILE_EVERY,
            Self::Slips => SLIPS_EVERY,
        }
    }
}

/// Tells when there may be something new.
#[derive(Debug)]
pub struct Changes {
    topic: Topic,
    listener: Option<Listener>,
}

impl Store {
    /// From now on, what changes. Read what there is after this call, then wait.
    pub async fn changes(&self, topic: Topic) -> Result<Changes, StoreError> {
        let listener = match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(db) => Some(db.listen(topic.name()).await?),
        };
        Ok(Changes { topic, listener })
    }
}

impl Changes {
    /// Waits until something may have changed: at once where the engine tells, else a moment.
    pub async fn wait(&mut self) {
        let told = match &mut self.listener {
            Some(listener) => tokio::time::timeout(SERVER_EVERY, listener.told()).await.unwrap_or(Ok(())),
            None => return tokio::time::sleep(self.topic.file_every()).await,
        };
        // A server that is gone: it is asked again later, not without a pause.
        if told.is_err() {
            tokio::time::sleep(SERVER_EVERY).await;
        }
    }
}
