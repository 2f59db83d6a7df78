//! `passerelle stop-sending` and `passerelle resume-sending`.

use std::path::Path;

use super::out;
use super::start::existing;
use crate::config::{Config, Flags};

pub(super) async fn set(config: Option<&Path>, flags: &Flags, stop: bool) -> anyhow::Result<()> {
    let store = existing(&Config::read(config, flags)?.database.address()).await?;
    let outcome = store.stop_sending(stop).await;
    store.close().await;
    outcome?;
    out::line(if stop {
        "Nothing is sent any more but whom to call, to people in danger. To send again: passerelle resume-sending"
    } else {
        "Answers are sent again."
    });
    Ok(())
}
