//! Shared by the test targets: databases of their own, the demo territory, where the reference data lie, the
//! reading of message sets; and what the crash suite needs: the program in a process, a carrier, a network
//! that can be cut.

pub mod bot_api;
pub mod browser;
pub mod caller;
pub mod carrier;
pub mod carrier_api;
pub mod chance;
pub mod demo;
pub mod desk;
pub mod environment;
pub mod home;
pub mod kiosk;
pub mod memory;
pub mod messages;
pub mod place;
pub mod program;
pub mod proxy;
pub mod pty;
pub mod scale;
mod skip;
pub mod sound;
pub mod thermal;
pub mod twiml;
pub mod wire;

use std::path::PathBuf;

pub use skip::skip;

/// Reference data beside the repository, or `None` where they are absent: whoever needs them is left out, and that is
/// said. `PASSERELLE_SHARED` names another place.
pub fn shared(path: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let root = environment::shared().unwrap_or(beside);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    skip("reference data", &format!("{path} is not beside the repository"));
    None
}

/// The repository's root.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
