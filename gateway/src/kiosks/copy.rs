//! The copy of the directory that a kiosk works on: it reaches nothing else of the gateway.
//!
//! The copy is a file that the kiosk reads and writes. What it writes there is brought in every few seconds, what changed
//! in the directory is copied every few minutes. Without the gateway the kiosk goes on with what it has, and what it
//! writes waits.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration as Span, Instant};

use chrono::{DateTime, Duration, Utc};
use db::mirror::MirrorError;
use db::ticket::{KeptTicket, Ticketed};
use db::{Store, StoreError, own};

use super::RequestImporter;
use application::keys::{self, KeyError};
use application::turn::TurnService;

/// How often what a kiosk wrote is brought in.
const BRING_EVERY: Span = Span::from_secs(2);

/// Tickets this much older than the last look are looked at again: the two programs' clocks are one, their commits not.
const OVERLAP: Duration = Duration::minutes(1);

/// Why a copy is not kept up to date.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The directory.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// Sealed requests.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The file.
    #[error("the copy's file cannot be made: {0}")]
    File(#[from] std::io::Error),
    /// One of the two databases.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A copy and its gateway.
#[derive(Debug)]
pub struct Copy {
    engine: Arc<TurnService>,
    file: Arc<Store>,
    importer: RequestImporter,
    /// Tickets up to then are in both.
    tickets: DateTime<Utc>,
}

impl Copy {
    /// Opens the file, which is made where there is none; an error where it holds a directory of its own.
    pub async fn open(engine: Arc<TurnService>, file: &Path) -> Result<Self, CopyError> {
        own::make_file(file)?;
        let file = Arc::new(Store::open(file).await?);
        file.may_be_copy().await?;
        Ok(Self { importer: RequestImporter::new(Arc::clone(&engine)), engine, file, tickets: DateTime::default() })
    }

    /// Brings it up to date at once, then again and again.
    pub async fn keep_up(mut self, every: Span) {
        let mut rounds = tokio::time::interval(BRING_EVERY);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut mirrored, mut is_well) = (None::<Instant>, true);
        loop {
            rounds.tick().await;
            let mut round = self.bring().await;
            if round.is_ok() && mirrored.is_none_or(|mirrored| mirrored.elapsed() >= every) {
                round = self.mirror().await;
                mirrored = Some(Instant::now()).filter(|_| round.is_ok());
            }
            match &round {
                Err(error) if is_well => tracing::warn!(%error, "kiosk_copy.waits: kiosks go on with the copy they have"),
                Ok(()) if !is_well => tracing::info!("kiosk_copy.goes_on"),
                _ => {}
            }
            is_well = round.is_ok();
        }
    }

    /// Copies what changed.
    pub async fn mirror(&mut self) -> Result<(), CopyError> {
        let engine = &self.engine;
        let sealing_key = engine.calls_back.then(|| engine.keys.sealing_key());
        self.file.set_sealing_key(sealing_key.as_ref()).await?;
        for heartbeat in self.file.heartbeats().await? {
            engine.store.keep_heartbeat(&heartbeat).await?;
        }
        let begun = Instant::now();
        let today = engine.clock.now().with_timezone(&engine.zone).date_naive();
        let copied = engine.store.mirror_into(&self.file, i64::from_le_bytes(keys::random()?), today).await?;
        if let Some(copied) = copied {
            let seconds = begun.elapsed().as_secs_f32();
            tracing::info!(written = copied.written, removed = copied.removed, seconds, "kiosk_copy.made");
        }
        Ok(())
    }

    /// Brings in sealed requests, calls for assistance, counts and tickets, each first there, then gone here; and numbers of others' tickets the
    /// other way, so that none is given twice: what they stand for is no kiosk's business.
    pub async fn bring(&mut self) -> Result<(), CopyError> {
        let (here, there) = (&self.file, &self.engine.store);
        self.importer.import_all(here).await?;
        let now = self.engine.clock.now();
        for call in here.assistance_calls(now).await? {
            there.raise_assistance(&call).await?;
            here.acknowledge_assistance(&call.id).await?;
        }
        for count in here.kiosk_counts().await? {
            there.keep_kiosk_count(&count).await?;
            db::fail_point::reach("copy::brought");
            here.forget_kiosk_count(&count.id).await?;
        }
        let since = self.tickets - OVERLAP;
        for (ticket, slip, made) in here.tickets_since(since).await? {
            // Without entries it is a number that came from there.
            if !slip.codes.is_empty() && there.keep_ticket(ticket, &slip, made).await? == KeptTicket::Joined {
                tracing::warn!("ticket.joined: one number was given to two slips while the server was away; it stands for both now");
            }
        }
        for (ticket, _, made) in there.tickets_since(since).await? {
            let taken = Ticketed { codes: Vec::new(), languages: String::new(), style: String::new() };
            here.keep_ticket(ticket, &taken, made).await?;
        }
        self.tickets = now;
        Ok(())
    }

    /// The file: what is old is erased there, too.
    pub fn file(&self) -> Arc<Store> {
        Arc::clone(&self.file)
    }
}
