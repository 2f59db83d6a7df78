//! Reads that are asked for at the same time, and done as one.

use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

use crate::person::SenderHash;

/// Who waits for a conversation to be read. Whoever comes to read takes along all who wait.
#[derive(Default)]
pub(crate) struct SharedReads {
    pub(crate) asked: Mutex<Vec<Asked>>,
    pub(crate) reading: tokio::sync::Mutex<()>,
}

impl fmt::Debug for SharedReads {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SharedReads")
    }
}

pub(crate) struct Asked {
    pub(crate) channel: &'static str,
    pub(crate) sender: Option<SenderHash>,
    pub(crate) tell: oneshot::Sender<Recalled>,
}

/// What is known at one moment.
pub(crate) struct Recalled {
    /// The state of the conversation as JSON, and when it is forgotten.
    pub(crate) state: Option<(Arc<str>, i64)>,
    pub(crate) edition: i64,
}
