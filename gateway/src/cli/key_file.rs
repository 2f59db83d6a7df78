//! The key file: where it is, who may read it, when one is made.
//!
//! Whoever reads it and the database knows who wrote. It is taken only where its owner alone can read it, and made only
//! for a database that was never used with another.

use std::ffi::OsString;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use db::{Address, Store, own};

use crate::config::Config;
use application::keys;

/// Where it is for a database on a server: the same from whatever folder a command is started.
const BESIDE_A_SERVER: &str = "/var/lib/passerelle/passerelle.key";

/// What is done where the database was used with another key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherKeys {
    /// Nothing is started.
    Refuse,
    /// Sender keys are made anew, with a new key file where there is none.
    Replace,
}

/// Where the secret is: beside the database, unless named.
pub(super) fn place(config: &Config, database: &Address) -> PathBuf {
    config.privacy.key_file.clone().unwrap_or_else(|| match database.file() {
        Some(file) => {
            let mut name: OsString = file.as_os_str().to_owned();
            name.push(".key");
            PathBuf::from(name)
        }
        None => PathBuf::from(BESIDE_A_SERVER),
    })
}

/// The secret of 32 bytes, if its file is there; an error where others than its owner may read or write it.
pub(super) fn read(path: &Path) -> anyhow::Result<Option<[u8; 32]>> {
    let unreadable = || format!("the key file {} cannot be read", path.display());
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(unreadable),
    };
    if let Some(mode) = own::open_mode(file.metadata().with_context(unreadable)?.mode()) {
        anyhow::bail!(
            "others than its owner may read or write the key file {file} (mode {mode:04o}), and with it every phone number. \
             Close it, then start again: chmod 600 '{file}'",
            file = path.display()
        );
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).with_context(unreadable)?;
    bytes.try_into().ok().map(Some).with_context(|| {
        format!(
            "{} should hold 32 bytes: put back a copy of it. Without one, move it away and a new one is made \
             (passerelle serve --replace-keys); opt-outs and call-backs are lost then",
            path.display()
        )
    })
}

/// The secret; made where there is none and the database was never used with one.
pub(super) async fn open(path: &Path, store: &Store, others: OtherKeys) -> anyhow::Result<[u8; 32]> {
    if let Some(secret) = read(path)? {
        return Ok(secret);
    }
    anyhow::ensure!(
        others == OtherKeys::Replace || store.sender_keys().await?.is_empty(),
        "there is no key file {}, and this database was used with one: put a copy of it there, or name it with privacy.key_file \
         (the first versions kept it as `passerelle.key` in the folder in which they were started). Only if it is lost for good: \
         passerelle serve --replace-keys makes a new one; nobody's STOP is recognised then, and no call-back can be read",
        path.display()
    );
    let secret = keys::random()?;
    write(path, &secret).with_context(|| {
        format!(
            "the key file {} cannot be written: make its folder and give it to this account (sudo install -d -m 0700 -o \"$USER\" FOLDER), \
             or name another file with privacy.key_file",
            path.display()
        )
    })?;
    Ok(secret)
}

fn write(path: &Path, key: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key)?;
    // What is sealed under it may be on the disk soon: it is there before.
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use chrono::DateTime;

    use super::*;
    use application::keys::Keys;

    fn said<T: std::fmt::Debug>(result: anyhow::Result<T>) -> String {
        format!("{:#}", result.unwrap_err())
    }

    #[tokio::test]
    async fn a_key_that_others_may_read_or_write_is_refused_with_the_command_that_closes_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("t.sqlite")).await.unwrap();
        let path = folder.path().join("t.key");
        let secret = open(&path, &store, OtherKeys::Refuse).await.unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o620, 0o602, 0o660, 0o644] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let refused = said(read(&path));
            assert!(refused.contains(&format!("chmod 600 '{}'", path.display())) && refused.contains(&format!("{mode:04o}")), "{refused}");
        }
        for mode in [0o600, 0o400] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read(&path).unwrap(), Some(secret));
        }
    }

    #[tokio::test]
    async fn no_second_key_is_made_for_a_database_that_has_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("t.sqlite")).await.unwrap();
        let (own, elsewhere) = (folder.path().join("own.key"), folder.path().join("elsewhere.key"));
        let secret = open(&own, &store, OtherKeys::Refuse).await.unwrap();
        Keys::open(&secret, &store, DateTime::default()).await.unwrap();
        let refused = said(open(&elsewhere, &store, OtherKeys::Refuse).await);
        assert!(refused.contains("privacy.key_file") && refused.contains("--replace-keys"), "{refused}");
        assert!(!elsewhere.exists(), "a key file was made");
        assert_ne!(open(&elsewhere, &store, OtherKeys::Replace).await.unwrap(), secret);
        assert_eq!(open(&own, &store, OtherKeys::Refuse).await.unwrap(), secret);
    }

    #[test]
    fn a_server_has_one_key_file_whatever_folder_a_command_is_started_in() {
        let config = Config::default();
        assert!(place(&config, &Address::parse("postgres://localhost/passerelle")).is_absolute());
        assert_eq!(place(&config, &Address::parse("a/b.sqlite")), Path::new("a/b.sqlite.key"));
    }
}
