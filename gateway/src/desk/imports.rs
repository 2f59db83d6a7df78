//! Sources: what came of the last reading, to try again, to decide where too much would be gone; and entries that two
//! sources may both have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use db::duplicate::DuplicateVerdict;
use db::feed::{FeedSource, FeedState, FeedStatus};
use db::import::{Options, Report};
use directory::code::Code;
use directory::language::Language;
use directory::record::{Brief, Kind, Link, LinkRole, Record, STATUS, Status};
use directory::words;
use serde_json::json;

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::view::Sheet;
use super::{Desk, PageError};
use crate::fetch::{Reach, shown};
use crate::source::{self, Reading};
use feeds::{Format, Mapping};

/// What is kept of a reading that ended without a word.
const CUT_OFF: &str = "the reading ended before its end: it took too long or more memory than it is given, or was stopped. \
                       Ask the publisher for a smaller part, or run passerelle import on this machine";

/// Refusals shown of one source.
const MOST_REFUSALS: usize = 12;

/// A source in words.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that the page says of a source")]
struct SourceRow {
    name: String,
    /// Without its keys.
    address: String,
    can_fetch: bool,
    is_trusted: bool,
    entries: i64,
    tried: String,
    state: Option<&'static str>,
    counts: Option<Report>,
    refused: Vec<(usize, String, String, String)>,
    why: Option<String>,
    is_stopped: bool,
    is_reading: bool,
}

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    page: Page,
    sources: Vec<SourceRow>,
    /// Sources that no address is known of: brought in by a program before this one, or by hand.
    others: Vec<(String, String, i64)>,
    duplicates: usize,
    /// Words that wait for a person.
    waiting: i64,
    /// What was typed into the form of a new source.
    typed: Form,
    notice: Option<String>,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    let typed = if who.is_typed { form } else { Form::default() };
    page!(desk, who.language(), desk.imports_page(&who, typed, None).await)
}

impl Desk {
    async fn imports_page(self: &Arc<Self>, who: &Who, typed: Form, notice: Option<String>) -> Result<Response, PageError> {
        let store = &self.engine.store;
        let (feeds, kept) = (store.feeds().await?, store.imported().await?);
        let when = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&self.engine.zone).format("%d/%m/%Y %H:%M").to_string();
        let entries = |name: &str| kept.iter().find(|(known, _, _)| known == name).map_or(0, |(_, _, entries)| *entries);
        let others =
            kept.iter().filter(|(name, _, _)| !feeds.iter().any(|read| read.feed.name == *name)).map(|(name, at, entries)| (name.clone(), when(*at), *entries));
        let others = others.collect();
        let now = self.now();
        let sources = feeds.into_iter().map(|FeedStatus { feed, tried_at, state, report }| {
            let counts: Option<Report> = serde_json::from_str(&report).ok();
            let refused = counts.iter().flat_map(|report| report.refused.iter().chain(&report.warnings)).take(MOST_REFUSALS);
            SourceRow {
                refused: refused.map(|refused| (refused.line, refused.field.clone(), refused.value.clone(), refused.reason.clone())).collect(),
                entries: entries(&feed.name),
                can_fetch: source::is_address(&feed.address),
                tried: tried_at.map(when).unwrap_or_default(),
                state: state.map(FeedState::id),
                why: Some(report).filter(|report| counts.is_none() && !report.is_empty()),
                is_stopped: state == Some(FeedState::Stopped),
                is_reading: state == Some(FeedState::Reading) && tried_at.is_some_and(|at| (now - at).to_std().is_ok_and(|lasted| lasted < source::LONGEST)),
                counts,
                is_trusted: feed.trust > 0,
                address: shown(&feed.address),
                name: feed.name,
            }
        });
        let sources = sources.collect();
        let (_, waiting) = store.waiting(0).await?;
        let (duplicates, page) = (self.duplicates().await?.len(), Page::of(self, who, "imports").working("/imports"));
        html(&ImportsPage { page, sources, others, duplicates, waiting, typed, notice })
    }

    /// Begins to read a source: a large one takes longer than somebody waits for a page. One that is being read is not read
    /// a second time.
    async fn begin(self: &Arc<Self>, feed: FeedSource, dry_run: bool, allow_drop: bool) -> Result<(), PageError> {
        let now = self.now();
        let cut_off = chrono::Duration::from_std(source::LONGEST).map_or(now, |longest| now - longest);
        if !self.engine.store.begin_reading(&feed.name, cut_off, now).await? {
            return Err(PageError::Wrong("imports-reading"));
        }
        let desk = Arc::clone(self);
        let mut readings = self.readings.lock().await;
        // Those that are over leave.
        while readings.try_join_next().is_some() {}
        readings.spawn(async move { desk.take(&feed, dry_run, allow_drop).await });
        Ok(())
    }

    /// What came of it is kept beside the source, and shown from there.
    async fn take(&self, feed: &FeedSource, dry_run: bool, allow_drop: bool) {
        let reach = if self.settings.local_feeds { Reach::Anywhere } else { Reach::Public };
        let reading = Reading { options: Options { dry_run, allow_drop, now: self.now() }, reach };
        let engine = &self.engine;
        if let Some(reader) = &self.settings.reader {
            if let Err(error) = reader.read(&feed.name, reading).await {
                tracing::warn!(%error, "import.no_reader");
            }
        } else {
            let report = source::take(&engine.store, &engine.vocabulary, engine.zone, feed, reading, |_, _| ()).await;
            if report.as_ref().is_ok_and(Report::changed_something)
                && let Err(error) = engine.store.merge_index().await
            {
                tracing::warn!(%error, "import.index_in_pieces");
            }
        }
        if let Err(error) = engine.store.end_reading(&feed.name, CUT_OFF).await {
            tracing::warn!(%error, "import.report_not_kept");
        }
    }

    /// Ends what is being read: nothing of it is brought in.
    pub async fn end_readings(&self) {
        self.readings.lock().await.shutdown().await;
    }
}

/// Reads a source again: only to compare, or to bring it in; the decision to let more than 30 % go is a button of its own.
pub(super) async fn read(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let feeds = desk.engine.store.feeds().await?;
        let read = feeds.into_iter().find(|read| read.feed.name == form.get("name")).ok_or(PageError::NotFound)?;
        if !source::is_address(&read.feed.address) {
            return Err(PageError::Wrong("imports-file"));
        }
        let (dry_run, allow_drop) = match form.get("how") {
            "try" => (true, false),
            "take" => (false, false),
            "drop" => (false, true),
            _ => return Err(PageError::NotFound),
        };
        desk.begin(read.feed, dry_run, allow_drop).await?;
        Ok(Redirect::to("/imports").into_response())
    })
}

/// Adds a source by its address, and compares it.
pub(super) async fn add(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (name, address, format) = (form.get("name"), form.get("address"), form.get("format"));
        if name.is_empty() || !source::is_address(address) || Format::from_id(format).is_none() {
            let page = Page::of(&desk, &who, "imports");
            return desk.imports_page(&who, form.clone(), Some(page.say("imports-incomplete"))).await;
        }
        // A file of this machine is named at its command line, not in a browser.
        let mapping = form.some("mapping");
        if mapping.is_some_and(|mapping| Mapping::shipped(mapping).is_none()) {
            let page = Page::of(&desk, &who, "imports");
            return desk.imports_page(&who, form.clone(), Some(page.say("imports-no-mapping"))).await;
        }
        let known = desk.engine.store.feeds().await?.into_iter().find(|read| read.feed.name == name);
        let feed = FeedSource {
            name: name.to_owned(),
            format: format.to_owned(),
            address: address.to_owned(),
            mapping: mapping.map(ToOwned::to_owned),
            trust: known.map_or(0, |read| read.feed.trust),
            country: desk.engine.home.as_ref().map(|home| home.country).unwrap_or_default(),
            language: Language::from_code(form.get("language")).unwrap_or(who.language()),
        };
        desk.engine.store.keep_feed(&feed, None, desk.now()).await?;
        desk.begin(feed, true, false).await?;
        Ok(Redirect::to("/imports").into_response())
    })
}

/// Says how far a source is trusted, from its next reading on.
pub(super) async fn trust(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let level = match form.get("trust") {
            "0" => 0,
            "1" => 1,
            _ => return Err(PageError::NotFound),
        };
        desk.engine.store.trust_feed(form.get("name"), level).await?;
        Ok(Redirect::to("/imports").into_response())
    })
}

impl Desk {
    /// Pairs of records that could be one: in the same postal code, under nearly the same name. Of what somebody answered
    /// already, nothing.
    pub(super) async fn duplicates(&self) -> Result<Vec<(Code, Code)>, PageError> {
        let known: BTreeSet<(Code, Code)> = self.engine.store.judged_pairs().await?.into_iter().collect();
        // By postal code and longest word: the code, and all words.
        let mut by_place: BTreeMap<(String, String), Vec<Named>> = BTreeMap::new();
        let store = &self.engine.store;
        store
            .each_brief(|brief: Brief| {
                // Events recur under one name on purpose.
                let (Some(place), true) = (brief.site.postal_code.clone(), brief.status.is_shown() && brief.kind != Kind::Event) else { return };
                let mut stems: Vec<String> = brief
                    .name
                    .iter()
                    .next()
                    .map(|(_, name)| words::fold(name))
                    .unwrap_or_default()
                    .split(' ')
                    .filter(|word| word.len() > 2)
                    .map(|word| words::stem(word).to_owned())
                    .collect();
                stems.sort_unstable();
                stems.dedup();
                // One long word is enough to be looked at together.
                if let Some(longest) = stems.iter().max_by_key(|stem| stem.len()).cloned() {
                    by_place.entry((place, longest)).or_default().push((brief.code, stems));
                }
            })
            .await?;
        let mut pairs = BTreeSet::new();
        for group in by_place.values().filter(|group| group.len() < 40) {
            for (place, (one, stems)) in group.iter().enumerate() {
                for (other, others) in group.iter().skip(place + 1) {
                    let pair = if one < other { (*one, *other) } else { (*other, *one) };
                    if one != other && !known.contains(&pair) && is_alike(stems, others) {
                        pairs.insert(pair);
                    }
                }
            }
        }
        Ok(pairs.into_iter().collect())
    }
}

/// An entry with the stems of its name.
type Named = (Code, Vec<String>);

/// Two names of which most words are the same.
fn is_alike(one: &[String], other: &[String]) -> bool {
    let shared = one.iter().filter(|stem| other.contains(stem)).count();
    let all = one.len() + other.len() - shared;
    shared * 3 >= all * 2
}

#[derive(Template)]
#[template(path = "duplicates.html")]
struct DuplicatesPage {
    page: Page,
    pair: Option<[(Code, Sheet, String); 2]>,
    left: usize,
}

/// One question a screen: is it the same door?
pub(super) async fn duplicates_page(State(desk): State<Arc<Desk>>, who: Who) -> PageResult {
    page!(desk, who.language(), {
        let duplicates = desk.duplicates().await?;
        let mut pair = None;
        if let Some((one, other)) = duplicates.first() {
            let records = desk.engine.store.records(&[*one, *other]).await?;
            if let [one, other] = &records[..] {
                let side = |record: &Arc<Record>| {
                    (record.code, desk.sheet(record, who.language()), record.provenance.first().map(|said| said.source.clone()).unwrap_or_default())
                };
                pair = Some([side(one), side(other)]);
            }
        }
        html(&DuplicatesPage { pair, left: duplicates.len(), page: Page::of(&desk, &who, "imports") })
    })
}

/// Keeps the answer. Of two that are one, the second gives way and names the first: its sources stay, and it can come back.
pub(super) async fn duplicates(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (keep, drop) = (desk.record(form.get("keep")).await?.0, desk.record(form.get("drop")).await?.0);
        let answer = DuplicateVerdict::from_id(form.get("answer")).ok_or(PageError::NotFound)?;
        if answer == DuplicateVerdict::Same {
            desk.merge(&who, keep, drop).await?;
        }
        desk.engine.store.keep_duplicate_verdict(keep, drop, answer).await?;
        Ok(Redirect::to("/imports/doubles").into_response())
    })
}

impl Desk {
    async fn merge(&self, who: &Who, keep: Code, drop: Code) -> Result<(), PageError> {
        let (role, now) = (who.role().id(), self.now());
        let after = format!("{} {keep}", Status::Merged.id());
        self.amend(who, drop.as_str(), STATUS, after, |record, word| {
            let before = record.status.id().to_owned();
            let mut links = record.content.links.clone();
            links.push(Link { role: LinkRole::SameAs, to: keep.to_string() });
            record.correct("links", json!(links), word, role, now);
            record.correct(STATUS, json!(Status::Merged.id()), word, role, now);
            before
        })
        .await
        .map(|_code| ())
    }
}
