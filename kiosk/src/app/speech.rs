//! What is read aloud, and when. Pure.
//!
//! On request of whoever touches `#`; by itself, after every key, for whoever began with `#` or with the handset: with
//! the number pad alone they need not see anything.

use printer::slip_language::SlipLanguage;

use super::App;
use super::event::{Aside, Effect, ReadAloud, ReadingPosition};
use super::keys::{KeyAction, VolumeStep};
use super::visit::Screen;
use crate::page::Key;

/// The voice, as the screen knows it.
#[derive(Debug, Clone, Default)]
pub(super) struct VoiceState {
    /// What it can speak.
    pub(super) languages: Vec<SlipLanguage>,
    /// Counts what it was asked to say.
    said: u64,
    reading: Option<ReadingPosition>,
}

impl VoiceState {
    /// It says nothing any more; what it still tells is of no interest.
    pub(super) fn hushed(&mut self) {
        self.said += 1;
        self.reading = None;
    }
}

impl App {
    /// Something can be read aloud in the language shown.
    pub fn speaks(&self) -> bool {
        let language = if self.visit.screen() == Screen::Attract { self.greeting() } else { self.visit.language };
        self.voice.languages.contains(&language)
    }

    /// The part that is being read.
    pub fn lit(&self) -> Option<usize> {
        self.voice.reading.and_then(|reading| reading.part)
    }

    /// The voice is at work.
    pub fn is_reading(&self) -> bool {
        self.voice.reading.is_some()
    }

    /// Takes a key: it cuts what is being read, and in speech mode the page is read after it.
    pub(super) fn key(&mut self, key: Key) -> Vec<Effect> {
        let was_reading = self.is_reading();
        let mut effects = Vec::new();
        if was_reading {
            self.voice.hushed();
            effects.push(Effect::Hush);
        }
        match self.action(key) {
            Some(KeyAction::Volume(step)) => {
                self.idle.touched(self.now.at);
                let volume = self.visit.volume;
                self.visit.volume = match step {
                    VolumeStep::Louder => volume.louder(),
                    VolumeStep::Softer => volume.softer(),
                    VolumeStep::Round => volume.next(),
                };
                effects.extend(self.say(None, true));
            }
            // Whoever sees stops the voice with the key that started it; whoever does not hears it all again.
            Some(KeyAction::ReadAloud) if was_reading && !self.visit.speech => self.idle.touched(self.now.at),
            action => {
                let done = self.press(action);
                let is_over = done.contains(&Effect::Erase);
                let is_said = done.iter().any(|effect| matches!(effect, Effect::Say(_)));
                let waits = done.iter().any(|effect| matches!(effect, Effect::Ask { .. }));
                effects.extend(done);
                if !is_over && !is_said && !waits {
                    effects.extend(self.aloud());
                }
            }
        }
        effects
    }

    /// In speech mode: the page, now.
    pub(super) fn aloud(&mut self) -> Vec<Effect> {
        if self.visit.speech && self.visit.screen() != Screen::Attract { self.say(None, true) } else { Vec::new() }
    }

    /// Has the page read, after something else or without, where there is a voice for it.
    pub(super) fn say(&mut self, aside: Option<Aside>, page: bool) -> Vec<Effect> {
        if !self.speaks() || !(page || aside.is_some()) {
            return Vec::new();
        }
        self.voice.said += 1;
        self.voice.reading = None;
        self.visit.listened |= page;
        vec![Effect::Say(ReadAloud { said: self.voice.said, aside, page, volume: self.visit.volume })]
    }

    /// The voice has got there. Who listens is there, too.
    pub(super) fn read(&mut self, said: u64, at: Option<ReadingPosition>) {
        if said != self.voice.said {
            return;
        }
        self.voice.reading = at;
        if self.visit.screen() != Screen::Attract && !self.idle.is_asking() {
            self.idle.touched(self.now.at);
        }
    }

    /// The handset: lifted it begins, hung up it ends.
    pub(super) fn handset(&mut self, lifted: bool) -> Vec<Effect> {
        if !lifted {
            return if self.visit.screen() == Screen::Attract { Vec::new() } else { self.erase() };
        }
        if self.cleaning_until.is_some() {
            return Vec::new();
        }
        self.idle.touched(self.now.at);
        self.visit.speech = true;
        if self.visit.screen() == Screen::Attract {
            self.visit.open(Screen::Language);
        }
        self.aloud()
    }
}
