//! `passerelle import`: a feed from a file or an address into the directory.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use db::Store;
use db::feed::FeedSource;
use db::import::{Options, Report};
use directory::clock::{Clock, SystemClock};
use directory::language::Language;
use directory::phone::Country;
use directory::vocabulary::Vocabulary;
use indicatif::{ProgressBar, ProgressStyle};

use super::out;
use super::start::{ZONE, existing};
use crate::config::{Config, Flags};
use crate::fetch::{Reach, shown};
use crate::source::{self, Reading};
use feeds::Format;

/// Refusals printed before the rest is only counted.
const MOST_REFUSALS_PRINTED: usize = 20;

/// How the source writes.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FormatName {
    /// iCalendar
    Ical,
    /// GoGoCarto JSON
    Gogocarto,
    /// A table, read through a mapping
    Csv,
}

impl FormatName {
    fn format(self) -> Format {
        match self {
            Self::Ical => Format::Ical,
            Self::Gogocarto => Format::Gogocarto,
            Self::Csv => Format::Csv,
        }
    }
}

/// One import.
#[derive(Debug, Args)]
pub struct Import {
    /// How the source writes
    format: FormatName,
    /// File or http(s) address
    #[arg(value_name = "FILE_OR_URL")]
    from: String,
    /// The source's name; its entries are compared with those it gave before (default: from the file or address)
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// How to read the columns of a table (default: our own table; `lamednum` for LaMedNum 1.0.2)
    #[arg(long, value_name = "FILE")]
    mapping: Option<String>,
    /// Country of addresses that name none: BE or FR
    #[arg(long, default_value = "BE", value_parser = country)]
    country: Country,
    /// Language of texts that name none: fr, nl, de or en
    #[arg(long, default_value = "fr", value_parser = language)]
    language: Language,
    /// How far you trust it: 0 or 1; what is more, only the desk can give each entry (default: as before, at first 0)
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(..=1))]
    trust: Option<u8>,
    #[command(flatten)]
    how: How,
}

/// How a source is read, and how it is told.
#[derive(Debug, Args)]
struct How {
    /// Only compare and count
    #[arg(long)]
    dry_run: bool,
    /// Go on although more than 30 % of the source's entries would be gone
    #[arg(long)]
    allow_drop: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

/// One reading of a source that is known.
#[derive(Debug, Args)]
pub struct Reread {
    /// The source's name, as `passerelle import` printed it, or as the desk shows it
    name: String,
    /// Fetch it only from the public network
    #[arg(long)]
    public_only: bool,
    /// With little memory, as the desk reads
    #[arg(long, hide = true)]
    bounded: bool,
    #[command(flatten)]
    how: How,
}

fn country(text: &str) -> Result<Country, String> {
    Country::from_name(text).ok_or_else(|| "BE or FR".to_owned())
}

fn language(text: &str) -> Result<Language, String> {
    Language::from_code(text).ok_or_else(|| "fr, nl, de or en".to_owned())
}

pub(super) async fn import(config: Option<&Path>, flags: &Flags, import: &Import) -> anyhow::Result<()> {
    let config = Config::read(config, flags)?;
    let vocabulary = Vocabulary::shipped()?;
    let store = Store::connect(&config.database.address()).await?;
    let name = import.source.clone().unwrap_or_else(|| source_name(&import.from));
    let before = known(&store, &name).await?.map_or(0, |feed| feed.trust);
    let feed = FeedSource {
        name,
        trust: import.trust.unwrap_or(before),
        format: import.format.format().id().to_owned(),
        address: whole_path(&import.from),
        mapping: import.mapping.clone(),
        country: import.country,
        language: import.language,
    };
    take(store, &vocabulary, &feed, Reach::Anywhere, &import.how).await
}

pub(super) async fn reread(config: Option<&Path>, flags: &Flags, reread: &Reread) -> anyhow::Result<()> {
    if reread.bounded {
        source::bound_this_program()?;
    }
    let config = Config::read(config, flags)?;
    let vocabulary = Vocabulary::shipped()?;
    let store = existing(&config.database.address()).await?;
    let Some(feed) = known(&store, &reread.name).await? else {
        anyhow::bail!("there is no source {}: bring it in with passerelle import first; the desk lists those that are known", reread.name)
    };
    let reach = if reread.public_only { Reach::Public } else { Reach::Anywhere };
    take(store, &vocabulary, &feed, reach, &reread.how).await
}

/// A source as it was read before.
async fn known(store: &Store, name: &str) -> anyhow::Result<Option<FeedSource>> {
    Ok(store.feeds().await?.into_iter().map(|read| read.feed).find(|feed| feed.name == name))
}

async fn take(store: Store, vocabulary: &Vocabulary, feed: &FeedSource, reach: Reach, how: &How) -> anyhow::Result<()> {
    let options = Options { dry_run: how.dry_run, allow_drop: how.allow_drop, now: SystemClock.now() };
    let bar = progress_bar();
    let report = source::take(&store, vocabulary, ZONE, feed, Reading { options, reach }, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })
    .await;
    bar.finish_and_clear();
    merge_index(&store, report.as_ref().ok()).await;
    store.close().await;
    let report = report?;
    if how.json {
        out::line(&serde_json::to_string(&report)?);
    } else {
        print(&feed.name, &report);
    }
    Ok(())
}

/// Joins what the import added to the index. The import itself is done: a failure here costs nothing but speed.
pub(super) async fn merge_index(store: &Store, report: Option<&Report>) {
    if report.is_some_and(Report::changed_something)
        && let Err(error) = store.merge_index().await
    {
        out::remark(&format!("the entries are in; their index is in pieces until the next import, and searched slower: {error}"));
    }
}

/// A bar on the terminal; silent where standard error is none.
pub(super) fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} entries, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// A file's whole path: whoever reads it again may be in another folder.
fn whole_path(from: &str) -> String {
    if source::is_address(from) {
        return from.to_owned();
    }
    std::path::absolute(from).map_or_else(|_no_folder| from.to_owned(), |path| path.display().to_string())
}

/// A file's name without folder and ending, or an address without scheme and query.
fn source_name(from: &str) -> String {
    if source::is_address(from) {
        let address = shown(from);
        let bare = address.split_once("://").map_or(address.as_str(), |(_, bare)| bare);
        return bare.trim_end_matches("?…").trim_end_matches('/').to_owned();
    }
    PathBuf::from(from).file_stem().map_or_else(|| from.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn print(source: &str, report: &Report) {
    let verb = if report.dry_run { "would import" } else { "imported" };
    out::line(&format!(
        "{}: {verb} — new {}, changed {}, unchanged {}, gone {}, refused {}",
        source,
        report.new,
        report.changed,
        report.unchanged,
        report.gone,
        report.refused.len()
    ));
    for (what, list) in [("refused", &report.refused), ("left out", &report.warnings)] {
        for item in list.iter().take(MOST_REFUSALS_PRINTED) {
            out::line(&format!("  {what}: line {}, {} = {:?}: {}", item.line, item.field, item.value, item.reason));
        }
        if list.len() > MOST_REFUSALS_PRINTED {
            out::line(&format!("  … and {} more {what} (all of them with --json)", list.len() - MOST_REFUSALS_PRINTED));
        }
    }
    if report.waiting > 0 {
        out::line(&format!("  {} entries of sensitive themes wait until a person has looked at them: passerelle waiting", report.waiting));
    }
    if report.personal_dropped > 0 {
        out::line(&format!("  {} personal details that nobody invited were dropped", report.personal_dropped));
    }
}
