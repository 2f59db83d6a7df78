//! Builds the engine from the settings.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use db::writer::Writer;
use db::{Address, Store};
use directory::answer::Desk;
use directory::clock::Clock;
use directory::phone::Phone;
use directory::phrase::Catalogue;
use directory::vocabulary::Vocabulary;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::keys::{self, Keys};
use crate::limit::Limits;
use crate::turn::{Engine, Notice};

/// The time zone of Belgium and France.
pub(super) const ZONE: chrono_tz::Tz = chrono_tz::Europe::Brussels;

/// An engine and the task that keeps its turns.
pub(super) struct Started {
    pub(super) engine: Engine,
    writer: JoinHandle<()>,
}

impl Started {
    /// Waits until the last turn is kept, then closes the database.
    pub(super) async fn stop(engine: Engine, writer: JoinHandle<()>) -> anyhow::Result<()> {
        let store = Arc::clone(&engine.store);
        drop(engine);
        writer.await.context("the writing task failed")?;
        store.close().await;
        Ok(())
    }

    pub(super) fn into_parts(self) -> (Engine, JoinHandle<()>) {
        (self.engine, self.writer)
    }
}

pub(super) async fn start(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Started> {
    let address = config.database.address();
    let store = Arc::new(Store::connect(&address).await?);
    let vocabulary = Vocabulary::shipped()?;
    let home = match &config.home.postal_code {
        Some(code) => Some(
            vocabulary
                .territory()
                .postal_code(code)
                .filter(|place| place.country == config.home.country)
                .with_context(|| format!("home.postal_code: {code} is no postal code of {}", config.home.country.code()))?,
        ),
        None => None,
    };
    let keys = Keys::open(&secret(config, &address)?, &store, clock.now()).await?;
    let (writer, work) = Writer::new(Arc::clone(&store));
    let engine = Engine {
        store,
        writer,
        vocabulary,
        catalogue: Catalogue::shipped(),
        desk: desk(config)?,
        calls_back: config.desk.calls_back.unwrap_or(false),
        reaches_out: config.twilio.account().is_some(),
        queued: watch::Sender::new(()),
        home,
        zone: ZONE,
        clock,
        keys,
        limits: limits(config),
        notice: Notice::default(),
    };
    Ok(Started { engine, writer: tokio::spawn(work) })
}

/// The limits, with what other sections say of them.
fn limits(config: &Config) -> Limits {
    let own = config.twilio.number.as_deref().and_then(|number| Phone::parse(number, config.home.country));
    Limits { own_numbers: own.into_iter().map(|phone| phone.as_str().to_owned()).collect(), is_fiction: config.simulator.on, ..config.limits.clone() }
}

pub(super) fn desk(config: &Config) -> anyhow::Result<Option<Desk>> {
    let Some(phone) = &config.desk.phone else { return Ok(None) };
    let phone = Phone::parse(phone, config.home.country).context("desk.phone is no phone number: write it like 02 555 01 02 or +32 2 555 01 02")?;
    Ok(Some(Desk { name: config.desk.name.clone().unwrap_or_else(|| "Passerelle".to_owned()), phone }))
}

/// The database that a command works on, which must exist: an empty one would be made otherwise.
pub(super) async fn existing(database: &Address) -> anyhow::Result<Store> {
    anyhow::ensure!(database.may_exist(), "there is no database at {database}: name it with --db");
    Ok(Store::connect(database).await?)
}

/// The secret from which the keys come: made at the first start, readable by nobody else.
fn secret(config: &Config, database: &Address) -> anyhow::Result<[u8; 32]> {
    let path = key_file(config, database);
    if let Some(secret) = read_secret(&path)? {
        return Ok(secret);
    }
    let secret = keys::random()?;
    write_secret(&path, &secret).with_context(|| format!("the key file {} cannot be written", path.display()))?;
    Ok(secret)
}

/// Where the secret is: beside the database, unless named.
pub(super) fn key_file(config: &Config, database: &Address) -> PathBuf {
    config.privacy.key_file.clone().unwrap_or_else(|| {
        let mut name = database.file().map_or_else(|| OsString::from("passerelle"), |file| file.as_os_str().to_owned());
        name.push(".key");
        PathBuf::from(name)
    })
}

/// The secret, if its file is there.
pub(super) fn read_secret(path: &Path) -> anyhow::Result<Option<[u8; 32]>> {
    match std::fs::read(path) {
        Ok(bytes) => bytes.try_into().ok().map(Some).with_context(|| {
            format!(
                "{} should hold 32 bytes: put back a copy of it. Without one, move it away and a new one is made; opt-outs and call-backs are lost then",
                path.display()
            )
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("the key file {} cannot be read", path.display())),
    }
}

fn write_secret(path: &Path, key: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(key)
}
