//! What goes out: kept in one commit with what it answers, and told to whoever sends in the same call.

use std::sync::Arc;

use db::journal::Turn;
use db::outbox::Delivery;
use db::writer::{Committed, Writer};
use db::{Store, StoreError};
use tokio::sync::watch;

/// The way to everything that is kept and sent: nobody queues a delivery without telling that it is there.
#[derive(Debug)]
pub struct Outbox {
    store: Arc<Store>,
    writer: Writer,
    bell: watch::Sender<()>,
}

impl Outbox {
    /// An outbox in that database, whose turns that writer keeps.
    pub fn new(store: Arc<Store>, writer: Writer) -> Self {
        Self { store, writer, bell: watch::Sender::new(()) }
    }

    /// Keeps a turn with its deliveries, and tells of them.
    ///
    /// Fails where the database does; then nothing of it is kept.
    pub async fn commit(&self, turn: Turn) -> Result<Committed, StoreError> {
        let has_deliveries = !(turn.deliveries.is_empty() && turn.notices.is_empty());
        let committed = self.writer.commit(turn).await?;
        if has_deliveries {
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
