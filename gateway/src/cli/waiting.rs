//! `passerelle waiting`: what sources say of sensitive entries, for a person to look at.

use std::path::Path;

use clap::Args;
use db::Store;
use db::history::Change;
use db::import::{WaitingWord, WordSettled};
use directory::clock::{Clock, SystemClock};
use directory::code::Code;
use directory::language::Language;
use directory::record::Content;
use directory::vocabulary::Vocabulary;

use super::out;
use super::start::existing;
use crate::config::{Config, Flags};

/// Words listed at once.
const MOST_LISTED: i64 = 50;

/// Words answered at once.
const MOST_ANSWERED: i64 = 100_000;

/// Who says it, in the history.
const WHO: &str = "passerelle waiting";

/// Without a flag: the list.
#[derive(Debug, Args)]
pub struct Waiting {
    /// Show what waits for these entries: somebody has phoned, or knows them
    #[arg(long, value_name = "CODE", num_args = 1.., value_parser = code)]
    yes: Vec<Code>,
    /// Show none of what waits for these entries
    #[arg(long, value_name = "CODE", num_args = 1.., value_parser = code)]
    no: Vec<Code>,
    /// Show all that waits of one source: somebody has read the list
    #[arg(long, value_name = "SOURCE")]
    yes_to_all: Option<String>,
}

fn code(text: &str) -> Result<Code, String> {
    Code::parse(text).ok_or_else(|| "five characters, as the list shows them".to_owned())
}

pub(super) async fn run(config: Option<&Path>, flags: &Flags, waiting: &Waiting) -> anyhow::Result<()> {
    let config = Config::read(config, flags)?;
    let store = existing(&config.database.address()).await?;
    let outcome = answer(&store, waiting).await;
    store.close().await;
    outcome
}

async fn answer(store: &Store, waiting: &Waiting) -> anyhow::Result<()> {
    if waiting.yes.is_empty() && waiting.no.is_empty() && waiting.yes_to_all.is_none() {
        return list(store).await;
    }
    let vocabulary = Vocabulary::shipped()?;
    let (words, _) = store.waiting(MOST_ANSWERED).await?;
    let mut answered = 0;
    for word in &words {
        let is_of_source = waiting.yes_to_all.as_ref().is_some_and(|source| *source == word.source);
        let says = if waiting.no.contains(&word.code) {
            false
        } else if is_of_source || waiting.yes.contains(&word.code) {
            true
        } else {
            continue;
        };
        let after = if says { "yes" } else { "no" };
        let change = Change { at: SystemClock.now(), mediator: WHO.to_owned(), field: "seen".to_owned(), before: String::new(), after: after.to_owned() };
        let kept = store.settle_waiting(word.code, &word.seal, says, &change, vocabulary.territory()).await?;
        if kept == WordSettled::Kept {
            answered += 1;
            out::line(&format!("{}: {}", word.code, if says { "shown from now on" } else { "stays as it is" }));
            tell(word);
        } else {
            out::remark(&format!("{}: its source has said something else meanwhile; look again", word.code));
        }
    }
    anyhow::ensure!(answered > 0, "nothing waits there: passerelle waiting lists what does");
    Ok(())
}

async fn list(store: &Store) -> anyhow::Result<()> {
    let (words, count) = store.waiting(MOST_LISTED).await?;
    if words.is_empty() {
        out::line("Nothing waits.");
    }
    for word in &words {
        out::line(&format!("{}  {}  {}", word.code, word.source, if word.shown.is_some() { "says something else" } else { "new" }));
        tell(word);
    }
    if count > MOST_LISTED {
        out::line(&format!("… and {} more, once these are answered", count - MOST_LISTED));
    }
    Ok(())
}

/// What visitors are told now, and what they would be.
fn tell(word: &WaitingWord) {
    for (mark, content) in word.shown.iter().map(|shown| ('-', shown)).chain([('+', &word.said)]) {
        out::line(&format!("    {mark} {}", in_a_line(content)));
    }
}

/// Where an entry leads: its name, door, numbers and hours.
fn in_a_line(content: &Content) -> String {
    let name = content.name.best(Language::default()).unwrap_or_default().to_owned();
    let door = [content.address.street_line(), content.address.postal_code.clone(), content.address.locality.clone()];
    let numbers = content.contacts.iter().filter_map(|contact| contact.phone.as_ref()).map(directory::phone::Phone::national);
    let others = content.contacts.iter().filter_map(|contact| contact.address.clone());
    let short = content.short.best(Language::default()).map(ToOwned::to_owned);
    let parts = std::iter::once(name).chain(door.into_iter().flatten()).chain(numbers).chain(others).chain(content.hours.osm.clone()).chain(short);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
