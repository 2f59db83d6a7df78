//! `passerelle ask`: one whole turn without any network.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;
use directory::clock::{Clock, FixedClock, SystemClock};
use directory::intent::Reason;
use directory::query::Wanted;
use serde_json::json;

use super::key_file::OtherKeys;
use super::out;
use super::start::{Started, start};
use crate::config::{Config, Flags};
use application::keys;
use application::turn::{Channel, Reply, Request};

/// One turn.
#[derive(Debug, Args)]
pub struct Ask {
    /// Print what was understood and answered as one JSON object
    #[arg(long)]
    json: bool,
    /// The sender's number: the conversation is remembered for 30 minutes
    #[arg(long, value_name = "NUMBER")]
    from: Option<String>,
    /// The moment at which the message is read (RFC 3339)
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime<Utc>>,
    /// The message
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "TEXT")]
    text: Vec<String>,
}

pub(super) async fn ask(config: Option<&Path>, flags: &Flags, ask: &Ask) -> anyhow::Result<()> {
    let config = Config::read(config, flags)?;
    let clock: Arc<dyn Clock> = match ask.at {
        Some(at) => Arc::new(FixedClock::at(at)),
        None => Arc::new(SystemClock),
    };
    let (engine, writer) = start(&config, clock, OtherKeys::Refuse).await?.into_parts();
    // Unlike a carrier's, every question asked here is a new one.
    let carrier_id = format!("{:016x}", u64::from_be_bytes(keys::random()?));
    let text = ask.text.join(" ");
    let request = Request::text(Channel::Ask, ask.from.clone(), text.clone(), carrier_id);
    let reply = engine.explain(&request).await.context("the question was not answered")?;
    let because = if ask.json { engine.because(&text, &reply.understood) } else { Vec::new() };
    Started::stop(engine, writer).await?;
    if ask.json {
        out::line(&to_json(&reply, &because).to_string());
    } else {
        show(&reply);
    }
    Ok(())
}

/// Prints what the phone would show.
pub(super) fn show(reply: &Reply) {
    if reply.sms.segments.is_empty() {
        out::remark("(nothing is said: STOP was acknowledged before)");
    }
    for (number, segment) in (1..).zip(&reply.sms.segments) {
        if reply.sms.segments.len() > 1 {
            out::remark(&format!("[{number}/{}]", reply.sms.segments.len()));
        }
        out::line(segment.trim_matches('\n'));
    }
}

fn to_json(reply: &Reply, because: &[Reason]) -> serde_json::Value {
    let nothing = Wanted::default();
    let wanted = reply.understood.intent.wanted().unwrap_or(&nothing);
    json!({
        "language": reply.understood.language,
        "intent": reply.understood.intent.name(),
        "themes": wanted.themes,
        "needs": wanted.needs.iter().map(|need| need.id()).collect::<Vec<_>>(),
        "because": because,
        "kinds": wanted.kinds,
        "postal_codes": wanted.locality.as_ref().map(|place| place.postal_codes.clone()).unwrap_or_default(),
        "from": wanted.when.map(|days| days.from),
        "to": wanted.when.map(|days| days.to),
        "open_now": wanted.open_now,
        "reply": reply.sms.segments,
        "encoding": reply.sms.encoding.name(),
        "segments": reply.sms.segments.len(),
        "records": reply.answer.records(),
        "choices": reply.answer.choices.iter().map(|choice| json!({ "key": choice.key.to_string(), "does": choice.action.name() })).collect::<Vec<_>>(),
    })
}
