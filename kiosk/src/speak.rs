//! The voice, behind threads of its own: nothing that it does, or fails to do, makes the screen wait.
//!
//! One thread owns the engine, whose calls may block for ever (a frozen speech-dispatcher does that); another one
//! watches it. An engine that owes an answer for two seconds, or does not come to the end of a line in twice the time
//! that the line takes, is left to itself and another one is made.

mod child;
#[cfg(feature = "speech")]
mod dispatcher;
mod engine;
mod lines;
mod supervisor;

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Instant;

use printer::slip_language::SlipLanguage;

pub use self::child::Commands;
pub use self::engine::{MakeEngine, OnEnded, SpeechEngine, SpeechEngineError};
pub use self::lines::{SpeechBook, Utterance, utterances};
pub use self::supervisor::VoiceEvent;
use self::supervisor::{Message, Supervisor};
use crate::app::Volume;
use crate::config::VoiceSettings;

/// The way to the voice.
#[derive(Debug)]
pub struct VoiceWorker {
    messages: Option<Sender<Message>>,
    /// Recordings, and what signs are called.
    pub book: SpeechBook,
}

impl VoiceWorker {
    /// The voice of the settings; `tell` is called from its thread. None where there is none: the kiosk is silent then.
    pub fn start(settings: &VoiceSettings, languages: &[SlipLanguage], book: SpeechBook, tell: impl Fn(VoiceEvent) + Send + 'static) -> Self {
        let messages = make(settings).and_then(|make| Self::with(make, languages, tell));
        Self { messages, book }
    }

    /// A voice made by `make`, again whenever it fails. None where the machine gives no thread.
    fn with(make: MakeEngine, languages: &[SlipLanguage], tell: impl Fn(VoiceEvent) + Send + 'static) -> Option<Sender<Message>> {
        let (sender, messages) = channel();
        let mut supervisor = Supervisor::new(make, languages.to_vec(), sender.clone(), tell);
        let watch = move || {
            loop {
                match messages.recv_timeout(supervisor.pause(Instant::now())) {
                    Ok(Message::End) | Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
                    Ok(message) => supervisor.take(message, Instant::now()),
                    Err(std::sync::mpsc::RecvTimeoutError::Timeout) => supervisor.tick(Instant::now()),
                }
            }
        };
        std::thread::Builder::new().name("voice".to_owned()).spawn(watch).ok()?;
        Some(sender)
    }

    /// Has these lines read, instead of what is being read.
    pub fn say(&self, said: u64, utterances: Vec<Utterance>, volume: Volume) {
        self.send(Message::Say { said, utterances, volume });
    }

    /// Stops reading.
    pub fn hush(&self) {
        self.send(Message::Hush);
    }

    fn send(&self, message: Message) {
        if let Some(messages) = &self.messages {
            // A thread that has died says nothing.
            let _ = messages.send(message);
        }
    }
}

impl Drop for VoiceWorker {
    fn drop(&mut self) {
        self.send(Message::End);
    }
}

/// What makes the engine of the settings: a command, or speech-dispatcher where the program was built with it.
pub fn make(settings: &VoiceSettings) -> Option<MakeEngine> {
    if settings.off {
        return None;
    }
    let commands = Commands { voice: settings.command.clone(), player: settings.player.clone() };
    if !settings.command.is_empty() {
        return Some(Arc::new(move |ended| Ok(Box::new(child::ByCommand::new(commands.clone(), ended)))));
    }
    #[cfg(feature = "speech")]
    {
        Some(Arc::new(move |ended| Ok(Box::new(dispatcher::Dispatcher::new(commands.clone(), ended)))))
    }
    #[cfg(not(feature = "speech"))]
    None
}

#[cfg(test)]
mod tests;
