//! `passerelle call-backs`: the queue of those who asked for a person, at a terminal.
//!
//! Numbers are shown, because a person must dial them, and nowhere else; nothing is logged.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use db::assistance::AssistanceCall;
use db::call_back::WaitingCallBack;
use db::{Store, StoreError, Topic};
use directory::clock::{Clock, SystemClock};

use super::start::{ZONE, existing};
use super::{key_file, out};
use crate::channel::telegram::send::fetch_voice;
use crate::channel::telegram::turns;
use crate::config::{Config, Flags, Telegram};
use application::keys;
use application::limits::CHAT;
use application::seal::{Sealer, Use};

/// The queue.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CallBacks {
    /// Print who waits, then everybody who joins or rings at a kiosk, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// What to do
    #[command(subcommand)]
    step: Option<Step>,
}

/// A step of a call-back.
#[derive(Debug, Clone, Subcommand)]
enum Step {
    /// Claim the one who has waited longest, for 15 minutes
    Next,
    /// The person was reached: erase their number
    Done {
        /// The number in front of the line
        id: i64,
    },
    /// Nobody answered: call again in two hours
    Again {
        /// The number in front of the line
        id: i64,
    },
    /// Answer somebody who asked in a chat, there; then they are done
    Reply {
        /// The number in front of the line
        id: i64,
        /// What to write to them
        text: Vec<String>,
    },
    /// Fetch the voice message that somebody left in a chat
    Listen {
        /// The number in front of the line
        id: i64,
        /// Where to put it (OGG, for any player)
        file: PathBuf,
    },
}

pub(super) async fn run(config: Option<&Path>, flags: &Flags, call_backs: &CallBacks) -> anyhow::Result<()> {
    let config = Config::read(config, flags)?;
    let database = config.database.address();
    let file = key_file::place(&config, &database);
    let secret = key_file::read(&file)?;
    let secret = secret.with_context(|| {
        format!("the numbers cannot be read without the key file {}: copy it from the gateway, or name it with privacy.key_file", file.display())
    })?;
    let queue = Queue { store: existing(&database).await?, sealer: Sealer::new(&secret) };
    let outcome = match call_backs.step.clone() {
        Some(Step::Listen { id, file }) => queue.listen(id, &file, &config.telegram).await,
        Some(step) => queue.take(step, SystemClock.now()).await,
        None if call_backs.watch => queue.watch().await,
        None => queue.list().await,
    };
    queue.store.close().await;
    outcome
}

struct Queue {
    store: Store,
    sealer: Sealer,
}

impl Queue {
    async fn list(&self) -> anyhow::Result<()> {
        let waiting = self.store.call_backs().await?;
        if waiting.is_empty() {
            out::remark("Nobody waits for a call.");
        }
        self.show(&waiting, SystemClock.now());
        Ok(())
    }

    async fn take(&self, step: Step, now: DateTime<Utc>) -> anyhow::Result<()> {
        let missing = |id| format!("there is no call-back {id}: it may be done already, or older than a week");
        match step {
            Step::Next => match self.store.claim_call_back(now).await? {
                Some(claimed) => {
                    let id = claimed.id;
                    self.show(&[claimed], now);
                    out::remark(&format!("Yours for 15 minutes. Then: passerelle call-backs done {id}, or again {id} if nobody answered."));
                }
                None => out::remark("Nobody waits for a call, or somebody else is calling them."),
            },
            Step::Done { id } => {
                anyhow::ensure!(self.store.finish_call_back(id, now).await?, missing(id));
                out::remark(&format!("{id} is done, and the number erased."));
            }
            Step::Again { id } => {
                anyhow::ensure!(self.store.postpone_call_back(id, now).await?, missing(id));
                out::remark(&format!("{id} waits again, to be called in two hours."));
            }
            Step::Reply { id, text } => self.reply(id, &text.join(" "), now).await?,
            Step::Listen { .. } => {}
        }
        Ok(())
    }

    /// Queues an answer for the chat, and ends the call-back: the gateway sends it.
    async fn reply(&self, id: i64, text: &str, now: DateTime<Utc>) -> anyhow::Result<()> {
        anyhow::ensure!(!text.trim().is_empty(), "there is nothing to write: give the answer behind the number");
        let (waiting, to) = self.find(id).await?;
        anyhow::ensure!(to.starts_with(CHAT), "{id} asked by phone: call them");
        let recipient = self.sealer.seal(Use::Delivery(&waiting.person), keys::random()?, to.as_bytes())?;
        self.store.queue(&turns::reply(&waiting, recipient, text.to_owned(), now)).await?;
        self.store.finish_call_back(id, now).await?;
        out::remark(&format!("{id} is answered: `passerelle serve` sends it within half a minute."));
        Ok(())
    }

    /// Fetches a voice message.
    async fn listen(&self, id: i64, file: &Path, telegram: &Telegram) -> anyhow::Result<()> {
        let (waiting, _) = self.find(id).await?;
        let sealed = waiting.recording.as_ref().with_context(|| format!("{id} left no voice message"))?;
        let name = String::from_utf8(self.sealer.open(Use::Recording(&waiting.person), sealed)?).context("its name cannot be read")?;
        let token = telegram.token.as_ref().context("telegram.token is missing: give the same settings as to `passerelle serve`")?;
        let bytes = fetch_voice(token, &telegram.api_url, &name).await.map_err(anyhow::Error::msg)?;
        std::fs::write(file, &bytes).with_context(|| format!("{} cannot be written", file.display()))?;
        out::remark(&format!("{} holds what was said. Erase it when you have answered: passerelle call-backs reply {id} …", file.display()));
        Ok(())
    }

    /// Who waits with that number, and where to reach them.
    async fn find(&self, id: i64) -> anyhow::Result<(WaitingCallBack, String)> {
        let waiting = self.store.call_backs().await?.into_iter().find(|waiting| waiting.id == id);
        let waiting = waiting.with_context(|| format!("there is no call-back {id}: it may be done already, or older than a week"))?;
        let number = self.number(&waiting).context("it was sealed with another key file")?;
        Ok((waiting, number))
    }

    async fn watch(&self) -> anyhow::Result<()> {
        let mut changes = self.store.changes(Topic::CallBacks).await?;
        let (mut last, mut heard) = (0, BTreeSet::new());
        loop {
            match self.news(&mut last, &mut heard).await {
                Ok(()) => {}
                Err(error @ StoreError::Busy(_)) => out::remark(&format!("{error}; trying again")),
                Err(error) => return Err(error.into()),
            }
            changes.wait().await;
        }
    }

    /// Shows who joined since, and who rang at a kiosk.
    async fn news(&self, last: &mut i64, heard: &mut BTreeSet<String>) -> Result<(), StoreError> {
        let now = SystemClock.now();
        let mut waiting = self.store.call_backs().await?;
        waiting.retain(|waiting| waiting.id > *last);
        self.show(&waiting, now);
        *last = waiting.iter().map(|waiting| waiting.id).max().unwrap_or(*last);
        let calls = self.store.assistance_calls(now).await?;
        for call in calls.iter().filter(|call| !heard.contains(&call.id)) {
            out::line(&assistance_line(call));
        }
        *heard = calls.into_iter().map(|call| call.id).collect();
        Ok(())
    }

    fn show(&self, waiting: &[WaitingCallBack], now: DateTime<Utc>) {
        let mut unreadable = 0;
        for waiting in waiting {
            let number = self.number(waiting);
            unreadable += usize::from(number.is_none());
            out::line(&line(waiting, number.as_deref(), now));
        }
        if unreadable > 0 {
            out::remark(&format!(
                "{unreadable} unreadable: sealed with another key file. Put that file back in its place (privacy.key_file), or wait: they are erased after seven days."
            ));
        }
    }

    fn number(&self, waiting: &WaitingCallBack) -> Option<String> {
        let number = self.sealer.open(Use::CallBack(&waiting.person), &waiting.number).ok()?;
        String::from_utf8(number).ok()
    }
}

/// Somebody at a kiosk asks for a person: with the bell of the terminal, for whoever sits beside it.
fn assistance_line(call: &AssistanceCall) -> String {
    format!("\u{7}  ** {}  {}: somebody at the kiosk asks for a person", call.at.with_timezone(&ZONE).format("%d/%m %H:%M"), call.place)
}

/// One call-back: its number, when and in what language it was asked for, about what, and whom to dial.
fn line(waiting: &WaitingCallBack, number: Option<&str>, now: DateTime<Utc>) -> String {
    let local = |instant: DateTime<Utc>| instant.with_timezone(&ZONE);
    let about: Vec<&str> = [waiting.theme.as_deref(), waiting.postal_code.as_deref()].into_iter().flatten().collect();
    let about = if about.is_empty() { "-".to_owned() } else { about.join(" ") };
    let mut parts = vec![
        format!("{:>4}", waiting.id),
        local(waiting.first_asked_at).format("%d/%m %H:%M").to_string(),
        waiting.language.clone(),
        format!("{about:<16}"),
        match number {
            Some(chat) if chat.starts_with(CHAT) => "in a chat: reply".to_owned(),
            Some(number) => number.to_owned(),
            None => "unreadable".to_owned(),
        },
    ];
    if waiting.asked_at != waiting.first_asked_at {
        parts.push(format!("asked again {}", local(waiting.asked_at).format("%d/%m %H:%M")));
    }
    if let Some(hour) = waiting.hour {
        parts.push(format!("best in the {}", hour.id()));
    }
    if waiting.recording.is_some() {
        parts.push("left a voice message".to_owned());
    }
    if waiting.attempts > 0 {
        parts.push(format!("calls not answered: {}", waiting.attempts));
    }
    if waiting.is_claimed(now) {
        parts.push(format!("not before {}", local(waiting.claimed_until).format("%H:%M")));
    }
    parts.join("  ")
}

#[cfg(test)]
mod tests {
    use db::{Person, Sealed};

    use super::*;

    #[test]
    fn a_line_holds_what_a_caller_needs() {
        let asked: DateTime<Utc> = "2026-11-23T09:04:00Z".parse().unwrap();
        let mut waiting = WaitingCallBack {
            id: 12,
            person: Person::new([1; 32]),
            number: Sealed::new(vec![1]),
            channel: "sms".to_owned(),
            language: "fr".to_owned(),
            theme: Some("food".to_owned()),
            postal_code: Some("1030".to_owned()),
            first_asked_at: asked,
            asked_at: asked,
            hour: None,
            recording: None,
            attempts: 0,
            claimed_until: DateTime::default(),
        };
        assert_eq!(line(&waiting, Some("+32470123456"), asked), "  12  23/11 10:04  fr  food 1030         +32470123456");
        waiting.claimed_until = asked + chrono::Duration::minutes(15);
        waiting.attempts = 2;
        waiting.theme = None;
        waiting.hour = Some(directory::answer::BestHour::Evening);
        assert_eq!(
            line(&waiting, None, asked),
            "  12  23/11 10:04  fr  1030              unreadable  best in the evening  calls not answered: 2  not before 10:19"
        );
        assert!(!format!("{waiting:?}").contains("[1"), "{waiting:?}");
    }
}
