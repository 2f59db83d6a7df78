//! A source from its address into the directory: fetched, read, brought in, and what came of it kept for the desk.

mod reader;

use anyhow::Context;
use chrono_tz::Tz;
use db::Store;
use db::feed::{FeedSource, FeedState};
use db::import::{ImportError, Options, Report, Source};
use directory::vocabulary::Vocabulary;
use tokio::runtime::{Handle, RuntimeFlavor};

pub use self::reader::{LONGEST, Reader, bound_this_program};
use crate::fetch::{Reach, fetch, shown};
use feeds::{Format, Mapping, Settings};

/// How a source is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// What is done with it.
    pub options: Options,
    /// Where it may lie.
    pub reach: Reach,
}

/// Reads a source and brings it in, or only compares. What came of it is kept beside its address.
pub async fn take(
    store: &Store,
    vocabulary: &Vocabulary,
    zone: Tz,
    feed: &FeedSource,
    reading: Reading,
    progress: impl Fn(usize, usize),
) -> anyhow::Result<Report> {
    let options = reading.options;
    let done = bring_in(store, vocabulary, zone, feed, reading, progress).await;
    let (state, report) = match &done {
        Ok(report) => (if report.dry_run { FeedState::Tried } else { FeedState::Done }, serde_json::to_string(report).unwrap_or_default()),
        Err(error) => {
            let is_stopped = matches!(error.downcast_ref::<ImportError>(), Some(ImportError::TooMuchGone { .. }));
            (if is_stopped { FeedState::Stopped } else { FeedState::Failed }, format!("{error:#}"))
        }
    };
    // What was never read is no source yet: a mistyped name.
    if state == FeedState::Failed && !store.feeds().await.is_ok_and(|known| known.iter().any(|known| known.feed.name == feed.name)) {
        return done;
    }
    // That a report is not kept is no reason to say that nothing was brought in.
    if let Err(error) = store.keep_feed(feed, Some((state, &report)), options.now).await {
        tracing::warn!(%error, "import.report_not_kept");
    }
    done
}

async fn bring_in(
    store: &Store,
    vocabulary: &Vocabulary,
    zone: Tz,
    feed: &FeedSource,
    reading: Reading,
    progress: impl Fn(usize, usize),
) -> anyhow::Result<Report> {
    let format = Format::from_id(&feed.format).with_context(|| format!("there is no format {}", feed.format))?;
    let bytes = read(&feed.address, reading.reach).await?;
    let mapping = feed.mapping.as_deref().map(read_mapping).transpose()?;
    let parsed = beside_others(|| {
        let themes = |term: &str| vocabulary.theme_of(term);
        let settings = Settings { country: feed.country, language: feed.language, zone, mapping: mapping.as_ref(), themes: &themes };
        feeds::parse(format, &bytes, &settings).with_context(|| shown(&feed.address))
    })?;
    drop(bytes);
    let source = Source { trust: feed.trust, ..Source::new(&feed.name, format.id()) };
    Ok(store.import(&source, parsed, vocabulary.territory(), reading.options, progress).await?)
}

/// Works for seconds without holding up what else this program does.
fn beside_others<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// True for what is fetched and not read from a file.
pub fn is_address(from: &str) -> bool {
    from.starts_with("http://") || from.starts_with("https://")
}

async fn read(from: &str, reach: Reach) -> anyhow::Result<Vec<u8>> {
    if is_address(from) {
        return fetch(from, reach).await.with_context(|| format!("{} could not be fetched: save it to a file and import the file", shown(from)));
    }
    anyhow::ensure!(reach == Reach::Anywhere, "a file is read at this machine's command line only: passerelle import");
    std::fs::read(from).with_context(|| format!("{from} cannot be read"))
}

fn read_mapping(name: &str) -> anyhow::Result<Mapping> {
    let text = match Mapping::shipped(name) {
        Some(text) => text.to_owned(),
        None => std::fs::read_to_string(name).with_context(|| format!("the mapping {name} cannot be read"))?,
    };
    Mapping::parse(&text).with_context(|| name.to_owned())
}
