//! Builds the engine from the settings.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use chrono::NaiveDate;
use db::writer::TurnWriter;
use db::{Address, Store, own};
use directory::answer::Desk;
use directory::clock::Clock;
use directory::emergency::{EUROPEAN, Numbers};
use directory::phone::Phone;
use directory::phrase::Catalogue;
use directory::vocabulary::Vocabulary;
use tokio::task::JoinHandle;

use super::key_file::{self, OtherKeys};
use super::out;
use crate::config::Config;
use application::keys::Keys;
use application::limits::Limits;
use application::outbox::Outbox;
use application::turn::{Notice, TurnService};

/// The time zone of Belgium and France.
pub(super) const ZONE: chrono_tz::Tz = chrono_tz::Europe::Brussels;

/// An engine and the task that keeps its turns.
pub(super) struct Started {
    pub(super) engine: TurnService,
    writer: JoinHandle<()>,
}

impl Started {
    /// Waits until the last turn is kept, then closes the database.
    pub(super) async fn stop(engine: TurnService, writer: JoinHandle<()>) -> anyhow::Result<()> {
        let store = Arc::clone(&engine.store);
        drop(engine);
        writer.await.context("the writing task failed")?;
        store.close().await;
        Ok(())
    }

    pub(super) fn into_parts(self) -> (TurnService, JoinHandle<()>) {
        (self.engine, self.writer)
    }
}

pub(super) async fn start(config: &Config, clock: Arc<dyn Clock>, others: OtherKeys) -> anyhow::Result<Started> {
    let address = config.database.address();
    let store = Arc::new(Store::connect(&address).await?);
    let secret = key_file::open(&key_file::place(config, &address), &store, others).await?;
    let mut vocabulary = Vocabulary::shipped()?;
    vocabulary.emergency_mut().apply(&config.emergency, today(clock.as_ref()))?;
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
    if others == OtherKeys::Replace {
        Keys::replace_others(&secret, &store).await?;
    }
    let keys = Keys::open(&secret, &store, clock.now()).await?;
    if let Some(file) = address.file() {
        tell_if_open(file, 0o077, "600");
    }
    let (writer, work) = TurnWriter::new(Arc::clone(&store));
    let engine = TurnService {
        outbox: Outbox::new(Arc::clone(&store), writer),
        store,
        vocabulary,
        catalogue: Catalogue::shipped(),
        desk: desk(config)?,
        calls_back: config.desk.calls_back.unwrap_or(false),
        reaches_out: config.twilio.account().is_some(),
        home,
        zone: ZONE,
        clock,
        keys,
        limits: limits(config),
        notice: Notice::default(),
    };
    let writer = tokio::spawn(async move {
        db::fail_point::reach("task::writer");
        work.await;
    });
    Ok(Started { engine, writer })
}

pub(super) fn today(clock: &dyn Clock) -> NaiveDate {
    clock.now().with_timezone(&ZONE).date_naive()
}

/// What is to be done about emergency numbers that are shown though nobody verified them; nothing where all were.
pub(super) fn unverified(numbers: &Numbers, clock: &dyn Clock) -> Option<String> {
    let unverified = numbers.unverified(today(clock));
    (!unverified.is_empty()).then(|| {
        format!(
            "{} of those that people in danger are given were not verified within a year: {}. Call each, or look \
             at its own site; then write the day into the settings, under [emergency.verified]: \"{}\" = \"2026-12-01\". \
             One that is wrong: [emergency] hidden = [\"…\"]. See README, Emergency numbers",
            unverified.len(),
            unverified.join(", "),
            unverified.last().unwrap_or(&EUROPEAN)
        )
    })
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

/// Says how to close a database that others may read: files made by earlier versions are open.
pub(super) fn tell_if_open(file: &Path, others: u32, mode: &str) {
    if own::open_to_others(file).is_some_and(|found| found & others != 0) {
        out::remark(&format!("Others on this machine may read or write {file}. Close it: chmod {mode} '{file}'*", file = file.display()));
    }
}

/// The database that a command works on, which must exist: an empty one would be made otherwise.
pub(super) async fn existing(database: &Address) -> anyhow::Result<Store> {
    anyhow::ensure!(database.may_exist(), "there is no database at {database}: name it with --db");
    Ok(Store::connect(database).await?)
}
