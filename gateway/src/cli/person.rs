//! `passerelle person`: what is kept of one phone number or chat, and its end. The number is printed nowhere.

use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, Duration, DurationRound, TimeDelta, Utc};
use clap::{Args, Subcommand};
use db::Store;
use db::traces::{Traces, Whose};
use directory::clock::{Clock, SystemClock};
use directory::phone::Phone;

use super::start::{ZONE, existing};
use super::{key_file, out};
use crate::config::{Config, Flags};
use application::keys::Keys;
use application::limits::Limits;
use application::limits::{BudgetClass, CHAT};

/// Budgets may be kept this long behind their window.
const BUDGETS_LOOKED_FOR: Duration = Duration::days(9);

/// Who, and what to do.
#[derive(Debug, Args)]
pub struct Person {
    /// The number (+32470123456), the chat (telegram:123), or - to type it, so that no shell remembers it
    number: String,
    /// What to do
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Print what is kept
    Show,
    /// Erase what is kept
    Erase {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

pub(super) async fn run(config: Option<&Path>, flags: &Flags, person: &Person) -> anyhow::Result<()> {
    let config = Config::read(config, flags)?;
    let database = config.database.address();
    let file = key_file::place(&config, &database);
    let secret = key_file::read(&file)?;
    let secret = secret
        .with_context(|| format!("nobody is found without the key file {}: copy it from the gateway, or name it with privacy.key_file", file.display()))?;
    let sender = sender(&person.number, &config)?;
    let store = existing(&database).await?;
    let outcome = take(&store, &secret, &config.limits, &sender, &person.step).await;
    store.close().await;
    outcome
}

/// The number or chat, as senders are written.
fn sender(typed: &str, config: &Config) -> anyhow::Result<String> {
    let typed = if typed == "-" {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).context("standard input cannot be read")?;
        line
    } else {
        typed.to_owned()
    };
    let typed = typed.trim();
    if let Some(chat) = typed.strip_prefix(CHAT) {
        anyhow::ensure!(chat.parse::<i64>().is_ok(), "behind {CHAT} comes the chat's number");
        return Ok(typed.to_owned());
    }
    let phone = Phone::parse(typed, config.home.country);
    let phone = phone.context("that is no phone number: write it like 0470 12 34 56 or +32 470 12 34 56")?;
    Ok(phone.as_str().to_owned())
}

async fn take(store: &Store, secret: &[u8; 32], limits: &Limits, sender: &str, step: &Step) -> anyhow::Result<()> {
    let whose = whose(store, &Keys::look(secret, store).await?, limits, sender, SystemClock.now()).await?;
    let traces = store.traces(&whose).await?;
    show(&traces);
    let Step::Erase { yes } = step else { return Ok(()) };
    if traces.is_empty() {
        out::remark("There is nothing to erase.");
        return Ok(());
    }
    let is_wanted = *yes || out::asks("Erase all of it? What waits to be sent is not sent then.");
    anyhow::ensure!(is_wanted, "nothing was erased. Without a terminal: erase --yes");
    store.erase_traces(&whose).await?;
    out::line("It is erased, and its bytes are overwritten as far as this program can.");
    if traces.opted_out.is_some() {
        out::line("That they said STOP is kept, as a keyed hash: without it they would be written to again. START ends it.");
    }
    out::remark(
        "Copies of the database made before hold it until you erase them. The carrier keeps messages of its own: see its \
         console.",
    );
    Ok(())
}

/// By what somebody is found.
async fn whose(store: &Store, keys: &Keys, limits: &Limits, sender: &str, now: DateTime<Utc>) -> anyhow::Result<Whose> {
    let hashers = keys.hashers();
    let mut budgets = Vec::new();
    let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
    let mut at = hour - BUDGETS_LOOKED_FOR;
    while at <= hour {
        for class in [BudgetClass::Danger, BudgetClass::Texts, BudgetClass::Calls, BudgetClass::Missed, BudgetClass::Chats] {
            for hasher in &hashers {
                // What many share is nobody's.
                let is_own = |text: &str| text.split('|').any(|part| part == sender);
                let own = |text: &str| if is_own(text) { hasher.key(text) } else { String::new() };
                let keys = limits.budgets(class, sender, at, own).into_iter().map(|budget| budget.key);
                budgets.extend(keys.filter(|key| !key.is_empty()));
            }
        }
        at += TimeDelta::hours(1);
    }
    budgets.sort_unstable();
    budgets.dedup();
    let mut requests = store.sealed_requests().await?;
    requests.retain(|request| keys.open_sealed_request(&request.sealed).is_ok_and(|number| number == sender));
    Ok(Whose {
        person: keys.person(sender),
        senders: hashers.iter().map(|hasher| hasher.hash(sender)).collect(),
        budgets,
        sealed_requests: requests.into_iter().map(|request| request.id).collect(),
    })
}

fn show(traces: &Traces) {
    for message in &traces.messages {
        let at = message.received.with_timezone(&ZONE).format("%d/%m/%Y %H:%M");
        let said = message.text.as_deref().unwrap_or("(no words)");
        let understood = message.intent.as_deref().unwrap_or("-");
        out::line(&format!("{at}  {:<9} {understood:<10} {said}", message.channel));
    }
    let day = |since: DateTime<Utc>| format!("yes, since {}", since.with_timezone(&ZONE).format("%d/%m/%Y"));
    let since = |since: Option<DateTime<Utc>>| since.map_or_else(|| "no".to_owned(), day);
    for (what, kept) in [
        ("messages and answers", format!("{} (erased after 7 days)", traces.messages.len())),
        ("conversations going on", traces.conversations.to_string()),
        ("call-backs asked for", (traces.call_backs + traces.sealed_requests).to_string()),
        ("sent, or to be sent", format!("{} (erased after 7 days)", traces.deliveries)),
        ("budgets drawn on", traces.budgets.to_string()),
        ("asked to be written to", since(traces.opted_in)),
        ("said STOP", since(traces.opted_out)),
    ] {
        out::line(&format!("{what:<24} {kept}"));
    }
    out::remark(
        "Steps of phone calls, and messages about violence, danger or the mind, are kept with nobody: no number finds \
         them.",
    );
}
