//! The demo territory in a database of its own, and an engine that answers from it.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::writer::Writer;
use db::{Address, Store};
use directory::answer::Desk;
use directory::clock::FixedClock;
use directory::intent::Input;
use directory::phone::{Country, Phone};
use directory::phrase::Catalogue;
use directory::vocabulary::Vocabulary;
use gateway::keys::Keys;
use gateway::limit::Limits;
use gateway::turn::{Engine, Reply, Request};

/// The Monday on which the demo is loaded and asked.
pub const MONDAY: &str = "2026-11-23T10:00:00+01:00";

/// An engine on the demo territory; the folder goes with it.
#[derive(Debug)]
pub struct Demo {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// The database's file.
    pub path: PathBuf,
    asked: std::sync::atomic::AtomicUsize,
    _folder: tempfile::TempDir,
}

impl Demo {
    /// Loads the demo on [`MONDAY`].
    pub async fn new() -> Result<Self, Box<dyn Error>> {
        Self::on(None).await
    }

    /// Loads the demo on [`MONDAY`] into the database of a server, or into a file of its own.
    pub async fn on(server: Option<Address>) -> Result<Self, Box<dyn Error>> {
        let now: DateTime<Utc> = MONDAY.parse()?;
        let clock = Arc::new(FixedClock::at(now));
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("demo.sqlite");
        let address = server.unwrap_or_else(|| Address::from(path.as_path()));
        gateway::demo::load(&address, clock.as_ref(), |_, _| ()).await?;
        let store = Arc::new(Store::connect(&address).await?);
        let (writer, work) = Writer::new(Arc::clone(&store));
        tokio::spawn(work);
        let phone = Phone::parse(gateway::demo::DESK_PHONE, Country::Be).ok_or("the demo desk's number cannot be read")?;
        let engine = Engine {
            store,
            writer,
            vocabulary: Vocabulary::shipped()?,
            catalogue: Catalogue::shipped()?,
            desk: Some(Desk { name: gateway::demo::DESK_NAME.to_owned(), phone }),
            calls_back: false,
            home: None,
            zone: chrono_tz::Europe::Brussels,
            clock: Arc::<FixedClock>::clone(&clock),
            keys: Keys::fixed(&[7; 32]),
            limits: Limits::default(),
        };
        Ok(Self { engine: Arc::new(engine), clock, path, asked: std::sync::atomic::AtomicUsize::new(0), _folder: folder })
    }

    /// Takes a turn by text message from that number.
    pub async fn text(&self, from: &str, text: &str) -> Result<Reply, Box<dyn Error>> {
        let number = self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let request = Request { channel: "sms", sender: Some(from.to_owned()), input: Input::Text(text.to_owned()), carrier_id: format!("SM{number:032}") };
        Ok(self.engine.explain(&request).await?)
    }
}
