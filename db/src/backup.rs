//! A copy of the database while it is in use, and the way back.

use std::path::{Path, PathBuf};

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
    #[error("this database is on a PostgreSQL server, whose own tools copy it: pg_dump --format=custom --file=FILE, and pg_restore")]
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

/// Puts a copy in the place of the database at `database`, which no program may have open. What was
/// there before is kept beside it, with `.before-restore` behind its name.
pub async fn restore(copy: &Path, database: &Path) -> Result<Option<PathBuf>, BackupError> {
    if !copy.exists() {
        return Err(BackupError::Missing(copy.to_owned()));
    }
    sound(copy).await?;
    let kept = if database.exists() {
        let kept = beside(database, ".before-restore");
        if kept.exists() {
            return Err(BackupError::Exists(kept));
        }
        copy_whole(database, &kept).await?;
        for part in ["", "-wal", "-shm"] {
            let file = beside(database, part);
            if file.exists() {
                std::fs::remove_file(file)?;
            }
        }
        Some(kept)
    } else {
        None
    };
    copy_whole(copy, database).await?;
    Ok(kept)
}

async fn copy_whole(from: &Path, to: &Path) -> Result<(), BackupError> {
    let unfinished = beside(to, ".unfinished");
    if unfinished.exists() {
        std::fs::remove_file(&unfinished)?;
    }
    copy_into(from, &unfinished).await?;
    sound(&unfinished).await?;
    std::fs::File::open(&unfinished)?.sync_all()?;
    crate::fail_point::reach("backup::before-rename");
    std::fs::rename(&unfinished, to)?;
    Ok(())
}

async fn sound(file: &Path) -> Result<(), BackupError> {
    let findings = examine(file).await?;
    if findings.is_empty() { Ok(()) } else { Err(BackupError::Damaged { file: file.to_owned(), findings: findings.join("; ") }) }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::journal::Turn;

    fn turn(number: usize) -> Turn {
        Turn {
            channel: "sms",
            carrier_id: format!("SM{number}"),
            received: DateTime::<Utc>::default(),
            sender: None,
            forget: None,
            text: None,
            intent: None,
            answer: format!("answer {number}"),
            session: None,
            counted: None,
            notes: Vec::new(),
            charge: None,
            wish: None,
            room: Vec::new(),
            deliveries: Vec::new(),
            notices: Vec::new(),
        }
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
        assert_eq!(Store::open(&kept).await.unwrap().answered("sms", "SM50").await.unwrap().as_deref(), Some("answer 50"));
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
