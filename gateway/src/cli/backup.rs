//! `passerelle backup` and `passerelle restore`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::out;
use super::start::existing;
use crate::config::{Config, Flags};

/// A copy to make.
#[derive(Debug, Args)]
pub struct Backup {
    /// The copy's file; it must not exist
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

/// A copy to put back.
#[derive(Debug, Args)]
pub struct Restore {
    /// The copy
    #[arg(value_name = "FILE")]
    from: PathBuf,
}

pub(super) async fn backup(config: Option<&Path>, flags: &Flags, backup: &Backup) -> anyhow::Result<()> {
    let database = Config::read(config, flags)?.database.address();
    let store = existing(&database).await?;
    let copied = store.backup(&backup.to).await;
    store.close().await;
    copied?;
    out::line(&format!(
        "{} is copied to {}, and the copy is sound. Keep the key file too: without it opt-outs are not recognised, and call-backs cannot be read.",
        database,
        backup.to.display()
    ));
    Ok(())
}

pub(super) async fn restore(config: Option<&Path>, flags: &Flags, restore: &Restore) -> anyhow::Result<()> {
    let database = Config::read(config, flags)?.database.address();
    let file = database.file().ok_or(db::backup::BackupError::Server)?;
    let kept = db::backup::restore(&restore.from, file).await?;
    out::line(&format!("{} is in the place of {}.", restore.from.display(), database));
    if let Some(kept) = kept {
        out::line(&format!(
            "What was there before is kept as {} for a week, then `passerelle serve` erases it. To erase it now: shred -u {}",
            kept.display(),
            kept.display()
        ));
    }
    Ok(())
}
