//! `passerelle check`: what is set, where it comes from, and whether the database is sound.

use std::path::Path;

use anyhow::bail;
use db::Store;
use directory::clock::SystemClock;
use directory::emergency::Numbers;

use super::{key_file, out, start};
use crate::channel::twilio;
use crate::config::{Config, Flags};

pub(super) async fn check(file: Option<&Path>, flags: &Flags) -> anyhow::Result<()> {
    let config = Config::read(file, flags)?;
    let effective = serde_json::to_value(&config)?;
    for (key, source) in Config::provenance(file, flags)? {
        let value = key.split('.').try_fold(&effective, |value, part| value.get(part)).cloned().unwrap_or_default();
        let value = match value {
            serde_json::Value::Null => "(not set)".to_owned(),
            // A server's address may hold a password.
            serde_json::Value::String(_) if key == "database.url" => config.database.address().to_string(),
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        out::line(&format!("{key:<24} {value:<40} {source}"));
    }
    show_console(&config);
    let desk = start::desk(&config)?;
    crate::print::configured_places(&config, desk.as_ref())?;
    crate::print::text_to(&config)?;
    let mut numbers = Numbers::shipped()?;
    numbers.apply(&config.emergency, start::today(&SystemClock))?;
    let remark = start::unverified(&numbers, &SystemClock).unwrap_or_else(|| "all verified within a year".to_owned());
    out::line(&format!("emergency numbers        {remark}"));
    let database = config.database.address();
    let keys = key_file::place(&config, &database);
    let has_keys = key_file::read(&keys)?.is_some();
    out::line(&format!("key file                 {}{}", keys.display(), if has_keys { "" } else { " does not exist yet" }));
    if !database.may_exist() {
        out::line(&format!("database                 {database} does not exist yet: it is made at the first start"));
        return Ok(());
    }
    let store = Store::connect(&database).await?;
    let findings = store.check().await?;
    let shown = store.count_shown().await?;
    let unmet = store.count_unmet().await?;
    let (waiting, expired) = store.count_call_backs().await?;
    let opted_out = store.count_opt_outs().await?;
    let stopped = store.is_sending_stopped().await?;
    store.close().await;
    if !findings.is_empty() {
        bail!("the database {} is damaged: {}. Restore the last backup.", database, findings.join("; "));
    }
    out::line(&format!("database                 sound; {shown} entries to show; {unmet} questions without an answer in two years"));
    if database.goes_in_clear() {
        out::line(
            "connection               NOT ENCRYPTED for certain: whoever is between here and the server may read it. Put ?sslmode=require behind \
             database.url (verify-full knows the server too), or take a tunnel",
        );
    }
    out::line(&format!("call-backs               {waiting} open; {expired} expired unmade so far"));
    out::line(&format!("opted out                {opted_out} numbers that said STOP"));
    if stopped {
        out::line("sending                  STOPPED by stop-sending; passerelle resume-sending lets it go on");
    }
    Ok(())
}

/// Prints what belongs into the carrier's console, ready to be copied, and what is lost without it.
fn show_console(config: &Config) {
    let takes_messages = config.twilio.keys().next().is_some();
    let Some(public_url) = config.http.public_url.as_deref().filter(|_| takes_messages) else { return };
    out::line("For the number in Twilio's console, method POST everywhere:");
    for (field, address) in twilio::console(public_url.trim_end_matches('/')) {
        out::line(&format!("  {field:<32} {address}"));
    }
    out::line("  Without what begins with # Twilio tries once more at most; without \"Primary handler fails\" it then drops");
    out::line("  the message, or ends the call.");
}
