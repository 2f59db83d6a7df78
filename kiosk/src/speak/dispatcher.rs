//! speech-dispatcher, by the crate `tts`.
//!
//! A connection for each language, with its voice chosen once: choosing lists all thirteen thousand of them each time.
//! `voice()` panics on Linux and is never called.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use printer::slip_language::SlipLanguage;
use tts::{Backends, Tts, Voice};

use super::Utterance;
use super::child::{Commands, Sounding};
use super::engine::{OnEnded, SpeechEngine, SpeechEngineError};
use crate::app::Volume;

/// 150 words a minute, against 170 as speech-dispatcher has it.
const RATE: f32 = -15.0;

/// A connection to a voice of one language.
struct Spoken {
    tts: Tts,
    /// The number of what it says.
    number: Arc<AtomicU64>,
}

/// speech-dispatcher.
pub(super) struct Dispatcher {
    commands: Commands,
    ended: OnEnded,
    voices: Vec<Voice>,
    spoken: HashMap<SlipLanguage, Spoken>,
    sounding: Sounding,
}

impl Dispatcher {
    pub(super) fn new(commands: Commands, ended: OnEnded) -> Self {
        Self { commands, ended, voices: Vec::new(), spoken: HashMap::new(), sounding: Sounding::default() }
    }

    /// The plainest voice of a language: those with a `+` are the same in other timbres.
    fn voice(&self, language: SlipLanguage) -> Option<&Voice> {
        let first = match language {
            SlipLanguage::Fr => "fr-FR",
            SlipLanguage::En => "en-GB",
            other => other.code(),
        };
        let plain = |voice: &&Voice| !voice.name().contains('+');
        let mut plain_ones = self.voices.iter().filter(plain);
        let exact = plain_ones.clone().find(|voice| voice.language().as_str().eq_ignore_ascii_case(first));
        exact.or_else(|| plain_ones.find(|voice| voice.language().primary_language() == language.code()))
    }
}

fn failed(error: &tts::Error) -> SpeechEngineError {
    SpeechEngineError(error.to_string())
}

impl SpeechEngine for Dispatcher {
    fn prepare(&mut self, language: SlipLanguage) -> Result<bool, SpeechEngineError> {
        let mut tts = Tts::new(Backends::SpeechDispatcher).map_err(|error| failed(&error))?;
        if self.voices.is_empty() {
            self.voices = tts.voices().map_err(|error| failed(&error))?;
        }
        let Some(voice) = self.voice(language) else { return Ok(false) };
        tts.set_voice(voice).map_err(|error| failed(&error))?;
        tts.set_rate(RATE).map_err(|error| failed(&error))?;
        let number = Arc::new(AtomicU64::new(0));
        let (ended, current) = (Arc::clone(&self.ended), Arc::clone(&number));
        tts.on_utterance_end(Some(Box::new(move |_| ended(current.load(Ordering::SeqCst))))).map_err(|error| failed(&error))?;
        self.spoken.insert(language, Spoken { tts, number });
        Ok(true)
    }

    fn say(&mut self, number: u64, utterance: &Utterance, volume: Volume) -> Result<(), SpeechEngineError> {
        if self.sounding.plays(&self.commands, number, utterance, volume, &self.ended) {
            return Ok(());
        }
        let Some(spoken) = self.spoken.get_mut(&utterance.language) else {
            (self.ended)(number);
            return Ok(());
        };
        // From -100, which is silent, to 100: half the way down is half the amplitude.
        let loud = 200.0 / f32::from(1_u8 << volume.steps_below_loudest()) - 100.0;
        spoken.number.store(number, Ordering::SeqCst);
        spoken.tts.set_volume(loud).map_err(|error| failed(&error))?;
        spoken.tts.speak(utterance.words.as_str(), false).map(drop).map_err(|error| failed(&error))
    }

    fn stop(&mut self) -> Result<(), SpeechEngineError> {
        self.sounding.stop();
        self.spoken.values_mut().try_for_each(|spoken| spoken.tts.stop().map(drop)).map_err(|error| failed(&error))
    }
}
