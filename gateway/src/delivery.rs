//! Sends what is queued: claims, hands to the carrier, marks what became of it. Each way has a task of its own, so that a
//! carrier that is down holds up nobody else. Chats are sent several at once, so that one holds up no other; the order of
//! each is kept by what can be claimed.

pub mod ladder;
pub mod pressure;

use std::sync::Arc;
use std::time::{Duration as Span, Instant};

use db::outbox::{Claimed, Outcome, Way};
use db::{StoreError, fail_point};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use self::pressure::Pressure;
use crate::channel::{Carrier, OutboundMessage, SendError};
use application::counters;
use application::turn::{Channel, TurnService};

/// Until the queue is looked at although nobody told of anything: another program may have queued something.
const LOOK_AGAIN: Span = Span::from_secs(20);

/// Until a database that failed is asked again.
const RECOVER: Span = Span::from_secs(2);

/// Nobody waits longer for a carrier: less than a claim lasts.
const LONGEST: Span = Span::from_secs(25);

/// Until what nobody could claim is looked at again.
const SOON: Span = Span::from_millis(500);

/// So many chats are written to at once.
const CHATS_AT_ONCE: usize = 8;

/// From one to the next where the first is not answered yet: Telegram takes about thirty messages a second from a bot.
const STAGGER: Span = Span::from_millis(40);

/// Sends what goes out by one way.
#[derive(Debug)]
pub struct DeliveryWorker {
    engine: Arc<TurnService>,
    way: Way,
    sender: Arc<Carrier>,
    /// How much is sent at once; what is queued meanwhile does not shorten a pause that the carrier asked for.
    pressure: Pressure,
    /// What is being sent.
    sending: JoinSet<Attempt>,
    /// Hears that something was queued, also while something else is being sent.
    queued: watch::Receiver<()>,
    /// True where no more is to be begun.
    stopped: watch::Receiver<bool>,
}

/// A claimed delivery, and what became of it.
struct Attempt {
    claimed: Claimed,
    sent: Result<(), SendError>,
}

impl DeliveryWorker {
    /// A worker for that way. Where `stopped` says so it ends what it is sending and begins no more: what is broken off
    /// would be sent twice.
    pub fn new(engine: Arc<TurnService>, way: Way, sender: Carrier, stopped: watch::Receiver<bool>) -> Self {
        let queued = engine.outbox.subscribe();
        let most = if way == Way::Chat { CHATS_AT_ONCE } else { 1 };
        Self { engine, way, sender: Arc::new(sender), pressure: Pressure::new(most), sending: JoinSet::new(), queued, stopped }
    }

    /// Sends what is due, until it is told to stop.
    pub async fn run(mut self) {
        while !*self.stopped.borrow() {
            let pause = self.tick().await.unwrap_or_else(|error| self.put_off(&error));
            self.wait(pause).await;
        }
        while let Some(ended) = self.sending.join_next().await {
            if let Err(error) = self.settle(ended).await {
                self.put_off(&error);
            }
        }
    }

    /// Sends what is due, and waits until it is sent; how long until more can be.
    pub async fn tick(&mut self) -> Result<Span, StoreError> {
        loop {
            let pause = self.begin_due().await?;
            if self.sending.is_empty() {
                return Ok(pause);
            }
            self.wait(pause).await;
            while let Some(ended) = self.sending.try_join_next() {
                self.settle(ended).await?;
            }
        }
    }

    /// Begins to send what is due while there is room for it; how long until more can be begun.
    async fn begin_due(&mut self) -> Result<Span, StoreError> {
        loop {
            if let Some(pause) = self.pressure.paused(Instant::now()) {
                return Ok(pause);
            }
            if *self.stopped.borrow() || self.sending.len() >= self.pressure.room() {
                return Ok(LOOK_AGAIN);
            }
            self.queued.mark_unchanged();
            let Some(due) = self.engine.store.next_delivery(self.way).await? else { return Ok(LOOK_AGAIN) };
            let now = self.engine.clock.now();
            if due > now {
                return Ok((due - now).to_std().unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN));
            }
            let clock = &self.engine.clock;
            // Whoever is in danger is answered all the same.
            let is_stopped = self.engine.store.is_sending_stopped().await?;
            let claimed = if is_stopped {
                self.engine.store.claim_urgent_delivery(self.way, || clock.now()).await?
            } else {
                self.engine.store.claim_delivery(self.way, || clock.now()).await?
            };
            // While sending is stopped what else is due stays so: there is no hurry to look again.
            let Some(claimed) = claimed else { return Ok(if is_stopped { 4 * SOON } else { SOON }) };
            fail_point::reach("delivery::claimed");
            self.begin(claimed);
            // What is answered at once tells whether the next one may go; what is not holds it up no longer.
            if let Ok(Some(ended)) = timeout(STAGGER, self.sending.join_next()).await {
                self.settle(ended).await?;
            }
        }
    }

    fn begin(&mut self, claimed: Claimed) {
        let (message, sender, way) = (self.open(&claimed), Arc::clone(&self.sender), self.way);
        self.sending.spawn(async move {
            let sent = match message {
                Some(message) => timeout(LONGEST, sender.send(way, &message)).await.unwrap_or(Err(SendError::Unknown)),
                None => Err(SendError::Reject("sealed with another key file".to_owned())),
            };
            Attempt { claimed, sent }
        });
    }

    /// Waits for something to do: that long, or until something is sent or, unless the carrier asked to wait, was queued.
    async fn wait(&mut self, pause: Span) {
        let is_paused = self.pressure.paused(Instant::now()).is_some();
        let (sending, queued, stopped) = (&mut self.sending, &mut self.queued, &mut self.stopped);
        let mut ended = None;
        let queued = async {
            if is_paused || queued.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let stopped = async {
            if stopped.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            Some(attempt) = sending.join_next() => ended = Some(attempt),
            () = tokio::time::sleep(pause) => {}
            () = queued => {}
            () = stopped => {}
        }
        if let Some(ended) = ended
            && let Err(error) = self.settle(ended).await
        {
            self.put_off(&error);
        }
    }

    fn open(&self, claimed: &Claimed) -> Option<OutboundMessage> {
        let to = self.engine.keys.open_recipient(&claimed.person, &claimed.recipient).ok()?;
        Some(OutboundMessage { id: claimed.id, to, body: claimed.body.clone() })
    }

    /// Keeps what became of an attempt.
    async fn settle(&mut self, ended: Result<Attempt, JoinError>) -> Result<(), StoreError> {
        fail_point::reach("delivery::sent");
        let Attempt { claimed, sent } = match ended {
            Ok(attempt) => attempt,
            Err(error) => {
                // Its claim runs out, and then it is sent again.
                tracing::error!(%error, way = self.way.id(), "delivery.broken_off");
                return Ok(());
            }
        };
        self.pressure.take(&claimed.person, &sent, Instant::now());
        let engine = &self.engine;
        let now = engine.clock.now();
        let outcome = ladder::outcome(&claimed, &sent, now);
        counters::delivery(self.way.id(), sent.as_ref().err().map_or("sent", SendError::name));
        if let Err(error) = &sent {
            tracing::warn!(%error, way = self.way.id(), attempts = claimed.attempts, "delivery.not_sent");
        }
        match &sent {
            Err(SendError::OptedOut) => engine.store.opt_out(&claimed.person, now).await?,
            Err(SendError::Gone) => {
                engine.store.forget_person(&claimed.person).await?;
            }
            _ => {}
        }
        // A call that cannot be made by us becomes one for a person to make.
        if outcome == Outcome::Failed
            && self.way == Way::Call
            && let Some(message) = self.open(&claimed)
        {
            engine.leave_to_a_person(Channel::Voice, &message.to, format!("delivery {}", claimed.id)).await?;
        }
        if !engine.store.mark_delivery(&claimed, &outcome).await? {
            tracing::warn!(way = self.way.id(), "delivery.overtaken: it took longer than its claim, or was reported on or given up meanwhile");
        }
        Ok(())
    }

    /// How long to wait for a database that does not answer.
    fn put_off(&self, error: &StoreError) -> Span {
        tracing::warn!(%error, way = self.way.id(), "delivery.put_off: the database does not answer");
        RECOVER
    }
}
