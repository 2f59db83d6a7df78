//! People who send messages without end, as a carrier delivers them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use harness::carrier::{Carrier, Delivered, Message};
use tokio::task::JoinSet;

/// What one person sends, in order. The answer to each depends on the one before: whoever is answered
/// twice gets another page.
const CONVERSATION: [&str; 4] = ["manger 1030", "8", "8", "1"];

/// A message of the conversation of that person.
pub(crate) fn message(person: usize, step: usize) -> Message {
    Message { sid: format!("SM{person:08}{step:02}"), from: format!("+32470{person:06}"), text: CONVERSATION[step].to_owned() }
}

/// How the messages of a load fared.
#[derive(Debug, Default)]
pub(crate) struct Fared {
    pub(crate) sent: AtomicUsize,
    pub(crate) retried: AtomicUsize,
    pub(crate) fallback: AtomicUsize,
    pub(crate) never: AtomicUsize,
}

/// Senders at work until they are told to stop.
pub(crate) struct Load {
    pub(crate) fared: Arc<Fared>,
    enough: Arc<AtomicBool>,
    senders: JoinSet<()>,
}

impl Load {
    /// So many connections, each with one person after the other. Persons are numbered from `first`.
    pub(crate) fn start(carrier: &Arc<Carrier>, connections: usize, first: usize) -> Self {
        let (fared, enough) = (Arc::new(Fared::default()), Arc::new(AtomicBool::new(false)));
        let next = Arc::new(AtomicUsize::new(first));
        let mut senders = JoinSet::new();
        for _ in 0..connections {
            let (carrier, fared, enough, next) = (Arc::clone(carrier), Arc::clone(&fared), Arc::clone(&enough), Arc::clone(&next));
            senders.spawn(async move {
                let mut connection = None;
                while !enough.load(Ordering::SeqCst) {
                    let person = next.fetch_add(1, Ordering::SeqCst);
                    for step in 0..CONVERSATION.len() {
                        let delivered = carrier.deliver(&mut connection, &message(person, step)).await;
                        let counter = match delivered {
                            Delivered::Retried(0) => None,
                            Delivered::Retried(_) => Some(&fared.retried),
                            Delivered::Fallback => Some(&fared.fallback),
                            Delivered::Never => Some(&fared.never),
                        };
                        if let Some(counter) = counter {
                            counter.fetch_add(1, Ordering::SeqCst);
                        }
                        fared.sent.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
        Self { fared, enough, senders }
    }

    /// Messages delivered, or given up.
    pub(crate) fn sent(&self) -> usize {
        self.fared.sent.load(Ordering::SeqCst)
    }

    /// Lets every conversation come to its end.
    pub(crate) async fn finish(mut self) -> Arc<Fared> {
        self.enough.store(true, Ordering::SeqCst);
        while let Some(ended) = self.senders.join_next().await {
            ended.unwrap();
        }
        self.fared
    }
}
