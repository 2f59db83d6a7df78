//! What an engine of speech must do.

use std::sync::Arc;

use printer::slip_language::SlipLanguage;

use super::Utterance;
use crate::app::Volume;

/// Told by an engine when the utterance with that number has been said to its end.
pub type OnEnded = Arc<dyn Fn(u64) + Send + Sync>;

/// Makes an engine, on the thread that will own it.
pub type MakeEngine = Arc<dyn Fn(OnEnded) -> Result<Box<dyn SpeechEngine>, SpeechEngineError> + Send + Sync>;

/// A voice.
pub trait SpeechEngine {
    /// Makes a language ready, which may take seconds; false where it has no voice for it.
    fn prepare(&mut self, language: SlipLanguage) -> Result<bool, SpeechEngineError>;

    /// Begins to say something and returns. Its end is told later, under that number.
    fn say(&mut self, number: u64, utterance: &Utterance, volume: Volume) -> Result<(), SpeechEngineError>;

    /// Falls silent at once. The end of what was being said is not told.
    fn stop(&mut self) -> Result<(), SpeechEngineError>;
}

/// An engine that does not work.
#[derive(Debug, thiserror::Error)]
#[error("no voice: {0}")]
pub struct SpeechEngineError(pub String);
