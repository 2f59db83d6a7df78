//! Sends what is queued: claims, hands to the carrier, marks what became of it. Each way has a task of its own, so that a
//! carrier that is down holds up nobody else.

pub mod ladder;

use std::sync::Arc;
use std::time::Duration as Span;

use chrono::{DateTime, Utc};
use db::outbox::{Claimed, Outcome, Way};
use db::{StoreError, fail_point};
use tokio::sync::watch;

use crate::calls::VOICE;
use crate::channel::telegram;
use crate::channel::twilio::send::Rest;
use crate::monitor;
use crate::turn::Engine;

/// Until the queue is looked at although nobody told of anything: another program may have queued something.
const LOOK_AGAIN: Span = Span::from_secs(20);

/// Until a database that failed is asked again.
const RECOVER: Span = Span::from_secs(2);

/// Nobody waits longer for a carrier: less than a claim lasts.
const LONGEST: Span = Span::from_secs(25);

/// Until a carrier that does not know us is asked again: somebody has to change the settings.
const MISCONFIGURED: Span = Span::from_mins(1);

/// Why something was not sent, or not surely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not taken: to be tried again, after that time where the carrier names one.
    #[error("the carrier cannot take it now")]
    Retry(Option<Span>),
    /// Never to be taken: a number that does not exist, a text that is refused.
    #[error("the carrier refuses it (code {0})")]
    Reject(String),
    /// Perhaps taken: the answer did not come.
    #[error("the carrier did not answer")]
    Unknown,
    /// The recipient told the carrier that they want nothing.
    #[error("the recipient wants nothing")]
    OptedOut,
    /// The recipient blocks us, or is gone: nothing of them is kept.
    #[error("the recipient is gone")]
    Gone,
    /// The carrier does not know us.
    #[error("the carrier does not know us: check {0}")]
    Misconfigured(&'static str),
}

/// Something to send, opened.
#[derive(Clone)]
pub struct Parcel {
    /// Its number in the outbox.
    pub id: i64,
    /// The number or chat.
    pub to: String,
    /// What is sent.
    pub body: String,
}

impl std::fmt::Debug for Parcel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Parcel").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Who sends, by way.
#[derive(Debug)]
pub enum Sender {
    /// The carrier of text messages and calls.
    Twilio(Rest),
    /// The carrier of chats.
    Telegram(Box<telegram::send::Sender>),
}

impl Sender {
    async fn send(&self, way: Way, parcel: &Parcel) -> Result<Option<String>, SendError> {
        match self {
            Self::Twilio(rest) => rest.send(way, parcel).await,
            Self::Telegram(bot) => bot.send(parcel).await,
        }
    }
}

/// Sends what goes out by one way.
#[derive(Debug)]
pub struct Courier {
    engine: Arc<Engine>,
    way: Way,
    sender: Sender,
    /// The carrier asked for peace: what is queued meanwhile does not shorten it.
    is_quiet: bool,
    /// Hears that something was queued, also while something else is being sent.
    queued: watch::Receiver<()>,
    /// True where no more is to be begun.
    stopped: watch::Receiver<bool>,
}

impl Courier {
    /// A courier for that way. Where `stopped` says so it ends what it is sending and begins no more: what is broken off
    /// would be sent twice.
    pub fn new(engine: Arc<Engine>, way: Way, sender: Sender, stopped: watch::Receiver<bool>) -> Self {
        let queued = engine.queued.subscribe();
        Self { engine, way, sender, is_quiet: false, queued, stopped }
    }

    /// Sends what is due, until it is told to stop.
    pub async fn go_round(mut self) {
        while !*self.stopped.borrow() {
            let pause = match self.round().await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(%error, way = self.way.id(), "delivery.put_off: the database does not answer");
                    RECOVER
                }
            };
            let is_quiet = std::mem::take(&mut self.is_quiet);
            let queued = async {
                if is_quiet || self.queued.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = queued => {}
                _ = self.stopped.changed() => {}
            }
        }
    }

    /// Sends what is due; how long until more can be.
    pub async fn round(&mut self) -> Result<Span, StoreError> {
        loop {
            if *self.stopped.borrow() {
                return Ok(Span::ZERO);
            }
            self.queued.mark_unchanged();
            let now = self.engine.clock.now();
            let Some(due) = self.engine.store.next_delivery(self.way).await? else { return Ok(LOOK_AGAIN) };
            if due > now {
                return Ok((due - now).to_std().unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN));
            }
            // Whoever is in danger is answered all the same.
            let claimed = if self.engine.store.is_sending_stopped().await? {
                self.engine.store.claim_urgent_delivery(self.way, now).await?
            } else {
                self.engine.store.claim_delivery(self.way, now).await?
            };
            let Some(claimed) = claimed else { return Ok(Span::from_millis(500)) };
            fail_point::reach("delivery::claimed");
            let sent = match self.open(&claimed) {
                Some(parcel) => tokio::time::timeout(LONGEST, self.sender.send(self.way, &parcel)).await.unwrap_or(Err(SendError::Unknown)),
                None => Err(SendError::Reject("sealed with another key file".to_owned())),
            };
            fail_point::reach("delivery::sent");
            if let Some(quiet) = self.settle(&claimed, sent, now).await? {
                self.is_quiet = true;
                return Ok(quiet);
            }
        }
    }

    fn open(&self, claimed: &Claimed) -> Option<Parcel> {
        let to = self.engine.keys.open_recipient(&claimed.person, &claimed.recipient).ok()?;
        Some(Parcel { id: claimed.id, to, body: claimed.body.clone() })
    }

    async fn settle(&self, claimed: &Claimed, sent: Result<Option<String>, SendError>, now: DateTime<Utc>) -> Result<Option<Span>, StoreError> {
        let engine = &self.engine;
        let outcome = ladder::outcome(claimed, &sent, now);
        monitor::delivery(self.way.id(), sent.as_ref().err().map_or("sent", SendError::name));
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
            && let Some(parcel) = self.open(claimed)
        {
            engine.leave_to_a_person(VOICE, &parcel.to, format!("delivery {}", claimed.id)).await?;
        }
        engine.store.mark_delivery(claimed, &outcome).await?;
        Ok(match sent {
            Err(SendError::Retry(Some(peace))) => Some(peace),
            Err(SendError::Misconfigured(_)) => Some(MISCONFIGURED),
            _ => None,
        })
    }
}

impl SendError {
    /// A word for counters.
    fn name(&self) -> &'static str {
        match self {
            Self::Retry(_) => "retry",
            Self::Reject(_) => "rejected",
            Self::Unknown => "unknown",
            Self::OptedOut => "opted-out",
            Self::Gone => "gone",
            Self::Misconfigured(_) => "misconfigured",
        }
    }
}
