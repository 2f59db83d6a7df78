//! Programs that speak and play: another voice than speech-dispatcher's, and recordings.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use printer::slip_language::SlipLanguage;

use super::Utterance;
use super::engine::{OnEnded, SpeechEngine, SpeechEngineError};
use crate::app::Volume;

/// The programs of the settings, as words; in them `{lang}`, `{percent}`, `{volume}` (of 65536) and `{file}` are replaced.
#[derive(Debug, Clone, Default)]
pub struct Commands {
    /// Reads words from its input and says them.
    pub voice: Vec<String>,
    /// Plays a file.
    pub player: Vec<String>,
}

/// At most one program that makes a sound; it is ended with this.
#[derive(Default)]
pub(super) struct Sounding(Option<Child>);

impl Sounding {
    /// Plays the recording of an utterance; false where there is none, or nothing that plays it.
    pub(super) fn plays(&mut self, commands: &Commands, number: u64, utterance: &Utterance, volume: Volume, ended: &OnEnded) -> bool {
        let Some(file) = &utterance.recording else { return false };
        self.run(&filled(&commands.player, utterance.language, volume, Some(file)), None, number, ended).is_ok()
    }

    fn run(&mut self, words: &[String], input: Option<&str>, number: u64, ended: &OnEnded) -> Result<(), SpeechEngineError> {
        self.stop();
        let (program, arguments) = words.split_first().ok_or_else(|| SpeechEngineError("a command names no program".to_owned()))?;
        let failed = |error: io::Error| SpeechEngineError(format!("{program}: {error}"));
        let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(failed)?;
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
            match pipe.write_all(input.as_bytes()) {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(failed(error)),
                _ => {}
            }
        }
        let (output, ended) = (child.stdout.take(), Arc::clone(ended));
        self.0 = Some(child);
        // Its output ends with it. One that was stopped is told, too, and not heard: its successor has another number.
        let wait = move || {
            let _ = output.map(|mut output| io::copy(&mut output, &mut io::sink()));
            ended(number);
        };
        std::thread::Builder::new().name("sound".to_owned()).spawn(wait).map(drop).map_err(failed)
    }

    /// Ends it.
    pub(super) fn stop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Sounding {
    fn drop(&mut self) {
        self.stop();
    }
}

fn filled(words: &[String], language: SlipLanguage, volume: Volume, file: Option<&Path>) -> Vec<String> {
    // Six decibels are half the amplitude.
    let volume = 65_536_u32 >> volume.steps_below_loudest();
    let file = file.map(|file| file.display().to_string()).unwrap_or_default();
    let replaced = |word: &String| {
        word.replace("{lang}", language.code())
            .replace("{percent}", &(volume * 100 / 65_536).to_string())
            .replace("{volume}", &volume.to_string())
            .replace("{file}", &file)
    };
    words.iter().map(replaced).collect()
}

/// A voice that is a program.
pub(super) struct ByCommand {
    commands: Commands,
    ended: OnEnded,
    sounding: Sounding,
}

impl ByCommand {
    pub(super) fn new(commands: Commands, ended: OnEnded) -> Self {
        Self { commands, ended, sounding: Sounding::default() }
    }
}

impl SpeechEngine for ByCommand {
    fn prepare(&mut self, _: SlipLanguage) -> Result<bool, SpeechEngineError> {
        Ok(true)
    }

    fn say(&mut self, number: u64, utterance: &Utterance, volume: Volume) -> Result<(), SpeechEngineError> {
        if self.sounding.plays(&self.commands, number, utterance, volume, &self.ended) {
            return Ok(());
        }
        let words = filled(&self.commands.voice, utterance.language, volume, None);
        self.sounding.run(&words, Some(&format!("{}\n", utterance.words)), number, &self.ended)
    }

    fn stop(&mut self) -> Result<(), SpeechEngineError> {
        self.sounding.stop();
        Ok(())
    }
}
