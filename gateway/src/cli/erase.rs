//! `passerelle erase`: an entry of the directory goes for good.

use std::path::Path;

use anyhow::Context;
use clap::Args;
use db::Store;
use directory::clock::{Clock, SystemClock};
use directory::code::Code;
use directory::language::Language;

use super::out;
use super::start::existing;
use crate::config::{Config, Flags};

/// Who erased it, as the history of the entry says.
const BY: &str = "passerelle erase";

/// An entry to erase.
#[derive(Debug, Args)]
pub struct Erase {
    /// Its code, as on a slip
    code: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(config: Option<&Path>, flags: &Flags, erase: &Erase) -> anyhow::Result<()> {
    let code = Code::parse(&erase.code);
    let code = code.with_context(|| format!("{} is no code: it has five letters and digits, like K7P2W", erase.code))?;
    let store = existing(&Config::read(config, flags)?.database.address()).await?;
    let outcome = take(&store, code, erase.yes).await;
    store.close().await;
    outcome
}

async fn take(store: &Store, code: Code, is_sure: bool) -> anyhow::Result<()> {
    let known = store.record_to_change(code).await?;
    let (record, _) = known.with_context(|| format!("no entry has the code {code}"))?;
    if let Some(day) = record.erased_on() {
        out::line(&format!("{code} was erased on {day}."));
        return Ok(());
    }
    let question = format!("Erase {code} {}? Nothing brings it back.", record.name(Language::Fr));
    let is_wanted = is_sure || out::asks(&question);
    anyhow::ensure!(is_wanted, "nothing was erased. Without a terminal: passerelle erase {code} --yes");
    store.erase_entry(&record.id, BY, SystemClock.now()).await?;
    out::line(&format!("{code} is erased: only its code and the day are left, and no import brings it back."));
    out::remark("Copies made before hold it until you erase them; slips and booklets that were printed, too.");
    Ok(())
}
