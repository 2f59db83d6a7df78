//! `passerelle synth`: an invented directory of any size, through the importer.

use std::ops::Range;
use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::Args;
use db::Store;
use db::import::{ImportError, Options, Report, Source};
use directory::clock::{Clock, SystemClock};
use directory::draft::Feed;
use directory::schedule::instant;
use directory::vocabulary::Vocabulary;
use indicatif::ProgressBar;

use super::import::{merge_index, progress_bar};
use super::out;
use super::start::ZONE;
use crate::config::{Config, Flags};
use crate::synth;

/// Entries made before the database is looked after again: less than it has to do meanwhile.
const MADE_AT_ONCE: u64 = 8;

/// A synthetic directory. The same seed, day and number give the same entries on any machine, and a
/// smaller number gives the first of them. Entries go in by parts of 20000, each a source of its own
/// (synth-0001, …), written whole or not at all. A second run adds what is missing; a smaller number
/// closes the rest of its last part and leaves the parts behind it.
#[derive(Debug, Args)]
pub struct Synth {
    /// How many entries, up to 1000000
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=synth::MOST), required_unless_present = "questions")]
    records: Option<u64>,
    /// Another seed gives another directory
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The day around which events take place (default: today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
    /// Print COUNT questions that people could ask of it, and stop
    #[arg(long, value_name = "COUNT", hide_short_help = true)]
    questions: Option<u64>,
}

pub(super) async fn synth(config: Option<&Path>, flags: &Flags, synth: &Synth) -> anyhow::Result<()> {
    if let Some(count) = synth.questions {
        for question in synth::questions(synth.seed, count)? {
            out::line(&question);
        }
        return Ok(());
    }
    let config = Config::read(config, flags)?;
    let vocabulary = Vocabulary::shipped()?;
    let now = synth.today.map_or_else(|| SystemClock.now(), noon);
    let directory = synth::Synth::new(synth.seed, now.with_timezone(&ZONE).date_naive(), vocabulary.territory())?;
    let records = synth.records.unwrap_or_default();
    let store = Store::connect(&config.database.address()).await?;
    let bar = progress_bar();
    bar.set_length(records);
    let done = fill(&store, &directory, &vocabulary, records, now, &bar).await;
    bar.finish_and_clear();
    merge_index(&store, done.as_ref().ok()).await;
    store.close().await;
    let report = done?;
    out::line(&format!("synth: new {}, changed {}, unchanged {}, gone {}", report.new, report.changed, report.unchanged, report.gone));
    Ok(())
}

/// The middle of a day, when it is the same day everywhere in the territory.
fn noon(day: NaiveDate) -> DateTime<Utc> {
    instant(ZONE, day.and_time(NaiveTime::MIN) + chrono::Duration::hours(12))
}

/// The next part, made while the database is at work on the one before: a few entries, then it is looked after.
async fn make(directory: &synth::Synth<'_>, entries: Range<u64>) -> Feed {
    let mut feed = directory.feed(entries.start..entries.start);
    for index in entries {
        feed.drafts.extend(directory.draft(index));
        if index.is_multiple_of(MADE_AT_ONCE) {
            tokio::task::yield_now().await;
        }
    }
    feed
}

/// Imports part after part; the counts of all of them.
async fn fill(
    store: &Store,
    directory: &synth::Synth<'_>,
    vocabulary: &Vocabulary,
    records: u64,
    now: DateTime<Utc>,
    bar: &ProgressBar,
) -> Result<Report, ImportError> {
    let mut sum = Report::default();
    let mut parts = synth::parts(records).peekable();
    let mut feed = directory.feed(parts.peek().map_or(0..0, |(_, entries)| entries.clone()));
    while let Some((name, entries)) = parts.next() {
        let (first, last) = (entries.start, entries.end);
        let source = Source { name, format: "synth", demo: true, trust: 0 };
        let options = Options { dry_run: false, allow_drop: true, now };
        let coming = parts.peek().map_or(0..0, |(_, entries)| entries.clone());
        let import = store.import(&source, feed, vocabulary.territory(), options, |done, _| bar.set_position(first + done as u64));
        let (report, next) = tokio::join!(import, make(directory, coming));
        let report = report?;
        feed = next;
        bar.set_position(last);
        sum.new += report.new;
        sum.changed += report.changed;
        sum.unchanged += report.unchanged;
        sum.gone += report.gone;
    }
    Ok(sum)
}
