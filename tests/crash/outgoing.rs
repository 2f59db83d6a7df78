//! What the test queues to be sent, in the program's own database and sealed with its key file.

use std::sync::Arc;

use application::keys::Keys;
use chrono::Duration;
use db::outbox::{Delivery, Way};
use db::{Address, Store};
use directory::clock::{Clock, SystemClock};
use gateway::channel::telegram::Outgoing;
use harness::home::{Home, Kind};

/// A second hand on the program's outbox.
pub(crate) struct Queue {
    pub(crate) store: Arc<Store>,
    keys: Keys,
}

impl Queue {
    /// Of a home in which the program has run: its key file is there.
    pub(crate) async fn of(home: &Home) -> Self {
        let address = match home.kind {
            Kind::Sqlite => Address::from(home.file().as_path()),
            Kind::Postgres => Address::parse(home.database()),
        };
        let store = Arc::new(Store::connect(&address).await.unwrap());
        let secret: [u8; 32] = std::fs::read(home.key_file()).unwrap().try_into().unwrap();
        let keys = Keys::open(&secret, &store, SystemClock.now()).await.unwrap();
        Self { store, keys }
    }

    /// Queues a message; the number stands in its text. A program that has just been killed may hold the file a moment.
    pub(crate) async fn put(&self, number: usize, to: &str, way: Way, is_push: bool) {
        let (person, now) = (self.keys.person(to), SystemClock.now());
        if is_push {
            while self.store.opt_in(&person, now).await.is_err() {}
        }
        let body = format!("message {number:06}");
        let (recipient, key) = (self.keys.seal_recipient(&person, to).unwrap(), Some(format!("test {} {number}", way.id())));
        let body = if way == Way::Chat { Outgoing::plain(body).write() } else { body };
        let delivery = Delivery { key, is_push, ..Delivery::new(way, person, recipient, body, now, Duration::hours(6)) };
        for _ in 0..100 {
            match self.store.queue(&delivery).await {
                Ok(()) => return,
                Err(error) if error.is_retryable() => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
                Err(error) => panic!("{error}"),
            }
        }
        panic!("nothing can be queued");
    }
}

/// The number in the text of a message.
pub(crate) fn number_in(text: &str) -> usize {
    text.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no message of ours: {text:?}"))
}
