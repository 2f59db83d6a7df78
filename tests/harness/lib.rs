//! Shared by the test targets: databases of their own, the demo territory, where the reference data lie, and
//! the reading of message sets.

pub mod demo;
pub mod environment;
pub mod messages;
pub mod place;

use std::path::PathBuf;

/// The folder of reference data beside the repository, or `None` where it is absent: the checks that
/// need it then say `skipped`. `PASSERELLE_SHARED` names another place.
pub fn shared(path: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let root = option_env!("PASSERELLE_SHARED").map_or(beside, PathBuf::from);
    let found = root.join(path);
    found.exists().then_some(found)
}

/// The repository's root.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
