//! A copy of the database while it is in use, and the way back.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};

use crate::StoreError;
use crate::sqlite::{copy_into, examine};
use crate::store::{Engine, Store};

/// Why a copy was not made or not put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The copy would replace something.
    #[error("{0} exists already: give another name, or move it away")]
    Exists(PathBuf),
    /// There is no such copy.
    #[error("there is no file {0}")]
    Missing(PathBuf),
    /// The copy is damaged.
    #[error("{file} is damaged ({findings}): take another copy")]
    Damaged {
        /// The copy.
        file: PathBuf,
        /// What the engine found.
        findings: String,
    },
    /// A server has its own tools.
    #[error(
        "this database is on a PostgreSQL server, whose own tools copy it: pg_dump --format=custom \
         --file=FILE, and pg_restore"
    )]
    Server,
    /// The file system.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Copies the whole database into a new file while it is in use, then examines the copy. The file
    /// appears under its name only when it is whole.
    pub async fn backup(&self, to: &Path) -> Result<(), BackupError> {
        if to.exists() {
            return Err(BackupError::Exists(to.to_owned()));
        }
        match &self.engine {
            Engine::Sqlite(db) => copy_whole(db.path(), to).await,
            Engine::Postgres(_) => Err(BackupError::Server),
        }
    }
}

/// What was there before a copy was put back is kept this long.
pub const REPLACED_RETENTION: Duration = Duration::days(7);

/// Behind the name of what was there before.
const REPLACED: &str = ".before-restore";

/// Behind the names of a database's own files on their way out.
const LEAVING: &str = ".leaving";

/// The files of a database, by what stands behind its name.
const FILES: [&str; 3] = ["", "-wal", "-shm"];

/// Puts a copy in the place of the database at `database`, which no program may have open. What was
/// there before is kept beside it for [`REPLACED_RETENTION`], with `.before-restore` behind its name.
pub async fn restore(copy: &Path, database: &Path) -> Result<Option<PathBuf>, BackupError> {
    if !copy.exists() {
        return Err(BackupError::Missing(copy.to_owned()));
    }
    sound(copy).await?;
    let kept = if database.exists() {
        let kept = beside(database, REPLACED);
        if kept.exists() {
            return Err(BackupError::Exists(kept));
        }
        copy_whole(database, &kept).await?;
        for file in FILES.map(|part| beside(database, part)).iter().filter(|file| file.exists()) {
            std::fs::rename(file, beside(file, LEAVING))?;
        }
        Some(kept)
    } else {
        None
    };
    copy_whole(copy, database).await?;
    for part in FILES {
        erase_file(&beside(&beside(database, part), LEAVING))?;
    }
    Ok(kept)
}

/// Erases what a copy replaced, once it has been kept for [`REPLACED_RETENTION`]; and what a way back that was cut
/// short left behind.
pub(crate) fn forget_replaced(database: &Path, now: DateTime<Utc>) -> std::io::Result<()> {
    let kept = beside(database, REPLACED);
    if let Ok(made) = std::fs::metadata(&kept).and_then(|file| file.modified())
        && now - DateTime::<Utc>::from(made) > REPLACED_RETENTION
    {
        erase_file(&kept)?;
    }
    for part in FILES {
        erase_file(&beside(&beside(database, part), LEAVING))?;
    }
    Ok(())
}

/// Overwrites a file of ours, then takes it away; one that is not there is gone already. A disk that writes elsewhere
/// than where it is told (flash, snapshots) keeps the old blocks until it needs them.
fn erase_file(path: &Path) -> std::io::Result<()> {
    let mut file = match std::fs::OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    std::io::copy(&mut std::io::repeat(0).take(length), &mut file)?;
    file.sync_all()?;
    std::fs::remove_file(path)
}

async fn copy_whole(from: &Path, to: &Path) -> Result<(), BackupError> {
    let unfinished = beside(to, ".unfinished");
    erase_file(&unfinished)?;
    copy_into(from, &unfinished).await?;
    sound(&unfinished).await?;
    std::fs::File::open(&unfinished)?.sync_all()?;
    crate::fail_point::reach("backup::before-rename");
    std::fs::rename(&unfinished, to)?;
    Ok(())
}

async fn sound(file: &Path) -> Result<(), BackupError> {
    let findings = examine(file).await?;
    if findings.is_empty() {
        Ok(())
    } else {
        Err(BackupError::Damaged { file: file.to_owned(), findings: findings.join("; ") })
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{CarrierMessage, JournalEntry, KeptTurn};

    fn turn(number: usize) -> JournalEntry {
        let (carrier_id, received) = (format!("SM{number}"), DateTime::<Utc>::default());
        KeptTurn::bare(CarrierMessage { channel: "sms", carrier_id, received }, format!("answer {number}")).into()
    }

    #[tokio::test]
    async fn a_copy_made_in_use_holds_all_that_was_kept_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("t.sqlite"), folder.path().join("copy.sqlite"));
        let store = Store::open(&path).await.unwrap();
        for number in 0..50 {
            store.keep(&[&turn(number)]).await.unwrap();
        }
        store.backup(&copy).await.unwrap();
        assert!(matches!(store.backup(&copy).await, Err(BackupError::Exists(_))));
        store.keep(&[&turn(50)]).await.unwrap();
        store.close().await;
        let kept = restore(&copy, &path).await.unwrap().unwrap();
        let back = Store::open(&path).await.unwrap();
        assert_eq!(back.answered("sms", "SM49").await.unwrap().as_deref(), Some("answer 49"));
        assert_eq!(back.answered("sms", "SM50").await.unwrap(), None);
        assert_eq!(
            Store::open(&kept).await.unwrap().answered("sms", "SM50").await.unwrap().as_deref(),
            Some("answer 50")
        );
    }

    #[tokio::test]
    async fn what_was_replaced_is_gone_after_a_week_and_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("t.sqlite"), folder.path().join("copy.sqlite"));
        let store = Store::open(&path).await.unwrap();
        store.backup(&copy).await.unwrap();
        store.keep(&[&turn(7)]).await.unwrap();
        store.close().await;
        // Another name of the same blocks: what is written over them is seen there.
        let (kept, other_name) = (beside(&path, REPLACED), folder.path().join("other"));
        std::fs::hard_link(&path, &other_name).unwrap();
        assert_eq!(restore(&copy, &path).await.unwrap(), Some(kept.clone()));
        let is_blank = |file: &Path| std::fs::read(file).unwrap().iter().all(|byte| *byte == 0);
        assert!(is_blank(&other_name), "the replaced file was unlinked, not overwritten");
        std::fs::remove_file(&other_name).unwrap();
        std::fs::hard_link(&kept, &other_name).unwrap();
        let store = Store::open(&path).await.unwrap();
        let made = DateTime::<Utc>::from(std::fs::metadata(&kept).unwrap().modified().unwrap());
        store.purge(made + REPLACED_RETENTION - Duration::minutes(1)).await.unwrap();
        assert!(kept.exists());
        store.purge(made + REPLACED_RETENTION + Duration::minutes(1)).await.unwrap();
        assert!(!kept.exists() && is_blank(&other_name), "what was there before is still on the disk");
    }

    #[tokio::test]
    async fn a_damaged_copy_is_not_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("t.sqlite"), folder.path().join("copy.sqlite"));
        std::fs::write(&copy, vec![7; 10_000]).unwrap();
        assert!(restore(&copy, &path).await.is_err());
        assert!(!path.exists());
        assert!(matches!(restore(&folder.path().join("none"), &path).await, Err(BackupError::Missing(_))));
    }
}
