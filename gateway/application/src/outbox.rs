//! What goes out: kept in one commit with what it answers, and told to whoever sends in the same call.

use std::sync::Arc;

use db::journal::JournalEntry;
use db::outbox::Delivery;
use db::writer::{Committed, TurnWriter};
use db::{Store, StoreError};
use tokio::sync::watch;

/// The way to everything that is kept and sent: nobody queues a delivery without telling that it is there.
#[derive(Debug)]
pub struct Outbox {
    store: Arc<Store>,
    writer: TurnWriter,
    bell: watch::Sender<()>,
}

impl Outbox {
    /// An outbox in that database, whose turns that writer keeps.
    pub fn new(store: Arc<Store>, writer: TurnWriter) -> Self {
        Self { store, writer, bell: watch::Sender::new(()) }
    }

    /// Keeps an entry of the journal with its deliveries, and tells of them.
    ///
    /// Fails where the database does; then nothing of it is kept.
    pub async fn commit(&self, entry: impl Into<JournalEntry>) -> Result<Committed, StoreError> {
        let entry = entry.into();
        let sends = entry.sends();
        let committed = self.writer.commit(entry).await?;
        if sends {
            self.bell.send_replace(());
        }
        Ok(committed)
    }

    /// Queues something that no turn asked for, and tells of it.
    pub async fn enqueue(&self, delivery: &Delivery) -> Result<(), StoreError> {
        self.store.queue(delivery).await?;
        self.bell.send_replace(());
        Ok(())
    }

    /// Hears of each delivery that is queued by this program.
    pub fn subscribe(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }
}
