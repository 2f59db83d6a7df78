//! The demo territory in a database of its own, and an engine that answers from it.

use std::error::Error;
use std::sync::Arc;

use application::keys::Keys;
use application::limits::Limits;
use application::outbox::Outbox;
use application::turn::{Channel, Notice, Reply, Request, TurnService};
use chrono::{DateTime, Utc};
use db::writer::TurnWriter;
use db::{Address, Store};
use directory::answer::Desk;
use directory::clock::FixedClock;
use directory::phone::{Country, Phone};
use directory::phrase::Catalogue;
use directory::vocabulary::Vocabulary;

use crate::place::Place;

/// The Monday on which the demo is loaded and asked.
pub const MONDAY: &str = "2026-11-23T10:00:00+01:00";

/// An engine on the demo territory; the database goes with it.
#[derive(Debug)]
pub struct Demo {
    /// The engine.
    pub engine: Arc<TurnService>,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// Where its database is.
    pub place: Place,
    asked: std::sync::atomic::AtomicUsize,
}

impl Demo {
    /// Loads the demo on [`MONDAY`] into a SQLite file.
    pub async fn new() -> Result<Self, Box<dyn Error>> {
        Self::on(Place::sqlite()?).await
    }

    /// Loads the demo on [`MONDAY`] into the database there.
    pub async fn on(place: Place) -> Result<Self, Box<dyn Error>> {
        let now: DateTime<Utc> = MONDAY.parse()?;
        let clock = Arc::new(FixedClock::at(now));
        gateway::demo::load(place.address(), clock.as_ref(), |_, _| ()).await?;
        let engine = Arc::new(engine(place.address(), Arc::<FixedClock>::clone(&clock), Keys::fixed(&[7; 32])).await?);
        Ok(Self { engine, clock, place, asked: std::sync::atomic::AtomicUsize::new(0) })
    }

    /// One more gateway on the same database, with connections and a writing task of its own.
    pub async fn another_gateway(&self) -> Result<Arc<TurnService>, Box<dyn Error>> {
        Ok(Arc::new(engine(self.place.address(), Arc::<FixedClock>::clone(&self.clock), Keys::fixed(&[7; 32])).await?))
    }

    /// Takes a turn by text message from that number.
    pub async fn text(&self, from: &str, text: &str) -> Result<Reply, Box<dyn Error>> {
        let number = self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let request = Request::text(Channel::Sms, Some(from.to_owned()), text, format!("SM{number:032}"));
        Ok(self.engine.explain(&request).await?)
    }
}

/// An engine with the demo's desk on any database.
pub async fn engine(address: &Address, clock: Arc<FixedClock>, keys: Keys) -> Result<TurnService, Box<dyn Error>> {
    let store = Arc::new(Store::connect(address).await?);
    let (writer, work) = TurnWriter::new(Arc::clone(&store));
    tokio::spawn(work);
    let phone = Phone::parse(gateway::demo::DESK_PHONE, Country::Be).ok_or("the demo desk's number cannot be read")?;
    Ok(TurnService {
        outbox: Outbox::new(Arc::clone(&store), writer),
        store,
        vocabulary: Vocabulary::shipped()?,
        catalogue: Catalogue::shipped(),
        desk: Some(Desk { name: gateway::demo::DESK_NAME.to_owned(), phone }),
        calls_back: false,
        reaches_out: false,
        home: None,
        zone: chrono_tz::Europe::Brussels,
        clock,
        keys,
        limits: Limits::default(),
        notice: Notice::default(),
    })
}
