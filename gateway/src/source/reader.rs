//! Reads a source in a program of its own: a feed may be larger than memory, or written to break who reads it, and the
//! program that answers goes on.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::process::Command;
use tokio::time::timeout;

use super::Reading;
use crate::fetch::Reach;

/// A reading that lasts longer is ended.
pub const LONGEST: Duration = Duration::from_mins(15);

/// Memory of whoever reads, in bytes. A feed of the largest size takes a little more than half of it.
const MEMORY: u64 = 1024 * 1024 * 1024;

/// The setting that names the database. An address with a password is no argument, which every account of a machine sees.
const DATABASE: &str = "PASSERELLE__DATABASE__URL";

/// This program, as it is started to read.
#[derive(Debug, Clone)]
pub struct Reader {
    program: PathBuf,
    config: Option<PathBuf>,
    database: String,
}

impl Reader {
    /// This program, with the settings and the database of the one that runs.
    pub fn of(config: Option<&Path>, database: &str) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("this program's own file cannot be found")?;
        Ok(Self { program, config: config.map(Path::to_owned), database: database.to_owned() })
    }

    /// Reads a source by its name, and waits for the end. What came of it the reader keeps beside the source.
    pub async fn read(&self, name: &str, reading: Reading) -> std::io::Result<()> {
        let mut command = Command::new(&self.program);
        if let Some(config) = &self.config {
            command.arg("--config").arg(config);
        }
        command.arg("reread").arg("--bounded");
        for (flag, is_set) in
            [("--dry-run", reading.options.dry_run), ("--allow-drop", reading.options.allow_drop), ("--public-only", reading.reach == Reach::Public)]
        {
            if is_set {
                command.arg(flag);
            }
        }
        command.arg("--").arg(name).env(DATABASE, &self.database);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).spawn()?;
        match timeout(LONGEST, child.wait()).await {
            Ok(ended) => ended.map(drop),
            Err(_too_long) => child.kill().await,
        }
    }
}

/// Bounds the memory of this program, and lets the machine end it before any other that runs short.
pub fn bound_this_program() -> std::io::Result<()> {
    let most = Some(MEMORY);
    setrlimit(Resource::Data, Rlimit { current: most, maximum: most })?;
    // A machine without this file has another way, or none.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    Ok(())
}
