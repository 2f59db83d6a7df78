//! `passerelle stop-sending` and `passerelle resume-sending`.

use std::path::Path;

use db::Store;

use super::out;
use crate::config::{Config, Flags};

pub(super) async fn set(config: Option<&Path>, flags: &Flags, stop: bool) -> anyhow::Result<()> {
    let database = Config::read(config, flags)?.database.path();
    anyhow::ensure!(database.exists(), "there is no database at {}: name it with --db", database.display());
    let store = Store::open(&database).await?;
    let outcome = store.stop_sending(stop).await;
    store.close().await;
    outcome?;
    out::line(if stop { "Nothing is sent any more. To send again: passerelle resume-sending" } else { "Answers are sent again." });
    Ok(())
}
