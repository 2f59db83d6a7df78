//! Who else on this machine can read or change a file.

use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::Mode;

/// What the group and everybody else may do.
const OTHERS: u32 = 0o077;

/// The bits with which the group and everybody else may write.
const WRITING: u32 = 0o022;

/// The bit of a folder whose files belong to the folder's group.
const SET_GROUP: u32 = 0o2000;

/// Makes every file that this program creates from now on readable by its own account alone. To be called first.
pub fn keep_to_ourselves() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// The mode of a file that others than its owner may read or write; `None` where it is closed, or not there.
pub fn open_to_others(file: &Path) -> Option<u32> {
    std::fs::metadata(file).ok().and_then(|found| open_mode(found.mode()))
}

/// The permission bits of that mode, where they let anybody in but the owner.
pub fn open_mode(mode: u32) -> Option<u32> {
    Some(mode & 0o777).filter(|mode| mode & OTHERS != 0)
}

/// True where a file belongs to this account or to root, and nobody else may write it: what it says is our word.
pub fn is_our_word(file: &Path) -> bool {
    let ours = rustix::process::geteuid().as_raw();
    std::fs::metadata(file).is_ok_and(|found| [ours, 0].contains(&found.uid()) && found.mode() & WRITING == 0)
}

/// Makes a database's file and its folder where they are absent. In a folder with the set-group-ID bit the file is the
/// group's too, else its owner's alone. SQLite gives its logs the mode of the file beside which they lie.
pub fn make_file(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    if file.exists() {
        return Ok(());
    }
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    if std::fs::metadata(folder)?.mode() & SET_GROUP != 0 {
        made.set_permissions(std::fs::Permissions::from_mode(0o660))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(file: &Path) -> u32 {
        std::fs::metadata(file).unwrap().mode() & 0o777
    }

    #[test]
    fn a_folder_says_whose_its_files_are() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own/kiosk.sqlite");
        make_file(&own).unwrap();
        assert_eq!((mode(&own), open_to_others(&own)), (0o600, None));
        let shared = folder.path().join("shared");
        std::fs::create_dir(&shared).unwrap();
        std::fs::set_permissions(&shared, std::fs::Permissions::from_mode(0o2770)).unwrap();
        make_file(&shared.join("kiosk.sqlite")).unwrap();
        assert_eq!(mode(&shared.join("kiosk.sqlite")), 0o660);
        // What is there stays as it is.
        std::fs::write(&own, "kept").unwrap();
        make_file(&own).unwrap();
        assert_eq!(std::fs::read_to_string(&own).unwrap(), "kept");
    }

    #[test]
    fn what_others_may_write_is_not_our_word() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, is_ours) in [(0o600, true), (0o644, true), (0o660, false), (0o602, false)] {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_our_word(file.path()), is_ours, "{mode:o}");
            assert_eq!(open_to_others(file.path()).is_none(), mode == 0o600, "{mode:o}");
        }
    }
}
