//! `passerelle talk`: a conversation at the terminal, as by text message, with what it would cost and what was understood.

use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use directory::clock::SystemClock;

use super::ask::show;
use super::key_file::OtherKeys;
use super::out;
use super::start::{Started, start};
use crate::config::{Config, Flags};
use crate::simulator::CENTS;
use application::keys;
use application::turn::{Channel, Reply, Request};

/// Typed where the next one to write is somebody else.
const NEW: &str = "/new";

/// A conversation.
#[derive(Debug, Args)]
pub struct Talk {
    /// Write as from this phone number: whoever asks for a person is called back there
    #[arg(long, value_name = "NUMBER")]
    from: Option<String>,
}

pub(super) async fn talk(config: Option<&Path>, flags: &Flags, talk: &Talk) -> anyhow::Result<()> {
    let config = Config::read(config, flags)?;
    let (engine, writer) = start(&config, Arc::new(SystemClock), OtherKeys::Refuse).await?.into_parts();
    let mut sender = somebody()?;
    let is_typed = std::io::stdin().is_terminal();
    if is_typed {
        out::remark("Write as on a phone: MANGER 1030, 1, TICKET 74211, 0. /new begins anew, Ctrl-D ends.");
    }
    for number in 0_u64.. {
        let Some(text) = tokio::task::spawn_blocking(next_line).await? else { break };
        let text = text.context("what is typed cannot be read: it is no UTF-8")?;
        if text.trim() == NEW {
            sender = somebody()?;
            continue;
        }
        let request = Request {
            // What is remembered is this conversation's, whoever's the number is.
            call: Some(sender.clone()),
            ..Request::text(Channel::Talk, talk.from.clone(), text, format!("{sender}-{number}"))
        };
        let reply = engine.explain(&request).await.context("the message was not answered")?;
        show(&reply);
        // Between two answers, as between two messages on a phone.
        out::line("");
        out::remark(&aside(&reply));
    }
    Started::stop(engine, writer).await
}

/// Somebody new each time: no conversation of before goes on.
fn somebody() -> anyhow::Result<String> {
    Ok(format!("talk-{:016x}", u64::from_be_bytes(keys::random()?)))
}

/// The next line that is typed; nothing at the end.
fn next_line() -> Option<std::io::Result<String>> {
    std::io::stdin().lock().lines().next()
}

/// What was understood, and what the answer costs.
fn aside(reply: &Reply) -> String {
    let mut parts = vec![reply.understood.intent.name().to_owned(), reply.answer.language.code().to_owned()];
    if let Some(wanted) = reply.understood.intent.wanted() {
        parts.extend(wanted.themes.iter().map(|theme| theme.id().to_owned()));
        parts.extend(wanted.locality.iter().filter_map(|place| place.postal_codes.first().cloned()));
    }
    let segments = reply.sms.segments.len();
    let [least, most] = CENTS.map(|cents| cents * segments);
    parts.push(format!("{segments} segment{}, {least} to {most} cents", if segments == 1 { "" } else { "s" }));
    format!("   · {}", parts.join(" · "))
}
