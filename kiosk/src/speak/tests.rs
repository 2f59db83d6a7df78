use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::supervisor::VoiceEvent;
use super::*;
use crate::app::ReadingPosition;
use crate::page::{Key, SpokenLine};
use crate::phrases::KioskPhrases;

/// A wait that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the engines of a test were told, and how they take it.
#[derive(Default)]
struct Stage {
    told: Mutex<Vec<String>>,
    made: Mutex<u32>,
    /// Engines of these numbers block for ever when they are to speak.
    frozen: Vec<u32>,
    /// They never tell the end.
    endless: Vec<u32>,
    /// They cannot be made.
    broken: Vec<u32>,
}

struct Actor {
    stage: Arc<Stage>,
    number: u32,
    ended: OnEnded,
}

impl SpeechEngine for Actor {
    fn prepare(&mut self, language: SlipLanguage) -> Result<bool, SpeechEngineError> {
        Ok(language != SlipLanguage::Ar)
    }

    fn say(&mut self, number: u64, utterance: &Utterance, _: Volume) -> Result<(), SpeechEngineError> {
        self.stage.told.lock().unwrap().push(format!("{} {}", utterance.language.code(), utterance.words));
        if self.stage.frozen.contains(&self.number) {
            loop {
                std::thread::park();
            }
        }
        // A word that waits is said until it is stopped.
        if !self.stage.endless.contains(&self.number) && utterance.words != "wait" {
            (self.ended)(number);
        }
        Ok(())
    }

    fn stop(&mut self) -> Result<(), SpeechEngineError> {
        self.stage.told.lock().unwrap().push("stop".to_owned());
        Ok(())
    }
}

fn speaker(stage: &Arc<Stage>) -> (VoiceWorker, Receiver<VoiceEvent>) {
    let (sender, heard) = channel();
    let stage = Arc::clone(stage);
    let make: MakeEngine = Arc::new(move |ended| {
        let mut made = stage.made.lock().unwrap();
        *made += 1;
        if stage.broken.contains(&made) {
            return Err(SpeechEngineError("broken".to_owned()));
        }
        Ok(Box::new(Actor { stage: Arc::clone(&stage), number: *made, ended }))
    });
    let messages = VoiceWorker::with(make, &[SlipLanguage::Fr, SlipLanguage::Ar, SlipLanguage::Nl], move |told| drop(sender.send(told)));
    (VoiceWorker { messages, book: SpeechBook::default() }, heard)
}

fn words(words: &[&str]) -> Vec<Utterance> {
    let utterance = |(part, words): (usize, &&str)| Utterance { part: Some(part), words: (*words).to_owned(), language: SlipLanguage::Fr, recording: None };
    words.iter().enumerate().map(utterance).collect()
}

fn until(heard: &Receiver<VoiceEvent>, wanted: &VoiceEvent) -> Vec<VoiceEvent> {
    let mut all = Vec::new();
    loop {
        let next = heard.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{wanted:?} was not told, but {all:?}"));
        let is_it = next == *wanted;
        all.push(next);
        if is_it {
            return all;
        }
    }
}

fn ready() -> VoiceEvent {
    VoiceEvent::Voice(vec![SlipLanguage::Fr, SlipLanguage::Nl])
}

fn over(said: u64) -> VoiceEvent {
    VoiceEvent::Reading { said, at: None }
}

#[test]
fn a_page_is_read_line_by_line_and_lit() {
    let stage = Arc::new(Stage::default());
    let (speaker, heard) = speaker(&stage);
    until(&heard, &ready());
    speaker.say(1, words(&["Manger", "Dormir"]), Volume::default());
    let at = |part| VoiceEvent::Reading { said: 1, at: Some(ReadingPosition { part: Some(part) }) };
    assert_eq!(until(&heard, &over(1)), [at(0), at(1), over(1)]);
    assert_eq!(*stage.told.lock().unwrap(), ["fr Manger", "fr Dormir"]);
}

#[test]
fn another_page_cuts_the_one_being_read() {
    let stage = Arc::new(Stage::default());
    let (speaker, heard) = speaker(&stage);
    until(&heard, &ready());
    speaker.say(1, words(&["wait", "never"]), Volume::default());
    speaker.say(2, words(&["Dormir"]), Volume::default());
    until(&heard, &over(2));
    speaker.say(3, words(&["wait", "never"]), Volume::default());
    speaker.hush();
    speaker.say(4, words(&["Bien"]), Volume::default());
    until(&heard, &over(4));
    assert_eq!(*stage.told.lock().unwrap(), ["fr wait", "stop", "fr Dormir", "fr wait", "stop", "fr Bien"]);
}

#[test]
fn a_language_without_a_voice_is_passed_over() {
    let stage = Arc::new(Stage::default());
    let (speaker, heard) = speaker(&stage);
    until(&heard, &ready());
    let mut lines = words(&["un", "deux"]);
    lines[0].language = SlipLanguage::Ar;
    speaker.say(1, lines, Volume::default());
    until(&heard, &over(1));
    assert_eq!(*stage.told.lock().unwrap(), ["fr deux"]);
}

#[test]
fn a_frozen_engine_is_left_and_another_one_speaks() {
    let stage = Arc::new(Stage { frozen: vec![1], ..Stage::default() });
    let (speaker, heard) = speaker(&stage);
    until(&heard, &ready());
    speaker.say(1, words(&["Manger"]), Volume::default());
    let told = until(&heard, &ready());
    assert!(told.contains(&VoiceEvent::Voice(Vec::new())) && told.contains(&over(1)), "{told:?}");
    speaker.say(2, words(&["Manger"]), Volume::default());
    until(&heard, &over(2));
    assert_eq!(*stage.made.lock().unwrap(), 2);
}

#[test]
fn an_engine_that_never_ends_is_left() {
    let stage = Arc::new(Stage { endless: vec![1], ..Stage::default() });
    let (speaker, heard) = speaker(&stage);
    until(&heard, &ready());
    speaker.say(1, words(&["un"]), Volume::default());
    until(&heard, &ready());
    assert_eq!(*stage.made.lock().unwrap(), 2);
}

#[test]
fn without_a_voice_it_says_why_and_tries_again() {
    let stage = Arc::new(Stage { broken: vec![1], ..Stage::default() });
    let (speaker, heard) = speaker(&stage);
    let told = until(&heard, &ready());
    assert_eq!(told[0], VoiceEvent::Lost("no voice: broken".to_owned()));
    speaker.say(1, words(&["un"]), Volume::default());
    until(&heard, &over(1));
}

#[test]
fn signs_have_names_and_people_come_first() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("fr")).unwrap();
    let file = folder.path().join("fr/what.ogg");
    std::fs::write(&file, "OggS").unwrap();
    let phrases = KioskPhrases::shipped().unwrap();
    let book = SpeechBook::new(&phrases, &[], Some(folder.path()));
    assert_eq!(book.recorded(), 1);
    let line = |key, words: &str| SpokenLine { part: None, key, words: words.to_owned(), language: SlipLanguage::Fr };
    let lines = vec![line(None, &phrases.say(SlipLanguage::Fr, "what")), line(Some(Key::Star), "Retour"), line(Some(Key::Digit(1)), "Manger")];
    let said = utterances(lines, &book);
    let said: Vec<_> = said.iter().map(|said| (said.words.as_str(), said.recording.is_some())).collect();
    assert_eq!(said, [("Que cherchez-vous ?", true), ("étoile. Retour", false), ("1. Manger", false)]);
}

#[test]
fn a_program_speaks_and_a_player_plays() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let shell = |script: &str| vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()];
    let settings = VoiceSettings {
        command: shell(&format!("{{ printf '{{lang}} {{percent}} '; cat; }} >>'{}'", log.display())),
        player: shell(&format!("echo {{file}} {{volume}} >>'{}'", log.display())),
        ..VoiceSettings::default()
    };
    let (sender, heard) = channel();
    let speaker = VoiceWorker::start(&settings, &[SlipLanguage::Fr], SpeechBook::default(), move |told| drop(sender.send(told)));
    until(&heard, &VoiceEvent::Voice(vec![SlipLanguage::Fr]));
    let mut lines = words(&["Manger", "Dormir"]);
    lines[1].recording = Some("dormir.ogg".into());
    speaker.say(1, lines, Volume::default());
    until(&heard, &over(1));
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "fr 50 Manger\ndormir.ogg 32768\n");
    // What makes a sound is ended when it is cut.
    let settings = VoiceSettings { command: shell("exec sleep 1000"), ..VoiceSettings::default() };
    let (sender, heard) = channel();
    let speaker = VoiceWorker::start(&settings, &[SlipLanguage::Fr], SpeechBook::default(), move |told| drop(sender.send(told)));
    until(&heard, &VoiceEvent::Voice(vec![SlipLanguage::Fr]));
    speaker.say(1, words(&["Manger"]), Volume::default());
    speaker.hush();
    speaker.say(2, Vec::new(), Volume::default());
    until(&heard, &over(2));
}
