//! What is being read, how far, and whether the engine still lives. No clock of its own: it is told the time.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use printer::slip_language::SlipLanguage;

use super::Utterance;
use super::engine::{MakeEngine, OnEnded, SpeechEngineError};
use crate::app::{ReadingPosition, Volume};

/// An engine that owes an answer for longer has died.
const REPLY: Duration = Duration::from_secs(2);

/// Listing thirteen thousand voices takes seconds, on an old PC many.
const PREPARING: Duration = Duration::from_mins(1);

/// Until a dead engine is replaced, the first time; doubled each time it fails again.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_mins(10);

/// How slowly letters are said, at most, and how long it takes to begin.
const LETTERS_A_SECOND: u32 = 10;
const BEGIN: Duration = Duration::from_secs(2);

/// With nothing to wait for.
const MAX_SLEEP: Duration = Duration::from_hours(1);

/// What the voice tells the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoiceEvent {
    /// The languages that can be spoken from now on.
    Voice(Vec<SlipLanguage>),
    /// There is none, and why; it is tried again.
    Lost(String),
    /// Where it reads; nothing at the end, or where it stopped by itself.
    Reading {
        /// What it was asked to.
        said: u64,
        /// Where.
        at: Option<ReadingPosition>,
    },
}

/// What the watching thread is told.
pub(super) enum Message {
    Say {
        said: u64,
        utterances: Vec<Utterance>,
        volume: Volume,
    },
    Hush,
    /// From the engine of that generation.
    Engine(u64, FromEngine),
    End,
}

/// What an engine's thread tells.
pub(super) enum FromEngine {
    Prepared(SlipLanguage, bool),
    /// It has done what it was last told.
    Done,
    /// The utterance with that number is over.
    Ended(u64),
    /// It is of no use any more.
    Failed(SpeechEngineError),
}

/// What an engine's thread is told.
enum Command {
    Say(u64, Utterance, Volume),
    Stop,
}

struct Link {
    commands: Sender<Command>,
    /// Commands that are not answered yet, and since when.
    owed: u32,
    since: Instant,
    /// Languages that are not ready yet.
    preparing: usize,
}

struct PageInProgress {
    said: u64,
    utterances: std::vec::IntoIter<Utterance>,
    volume: Volume,
    /// Of the utterance being said.
    number: u64,
    ends_by: Instant,
}

/// Watches the engine and replaces it: what is read, how far, and when it should have answered.
pub(super) struct Supervisor<F> {
    make: MakeEngine,
    languages: Vec<SlipLanguage>,
    messages: Sender<Message>,
    tell: F,
    generation: u64,
    link: Option<Link>,
    ready: Vec<SlipLanguage>,
    page: Option<PageInProgress>,
    numbers: u64,
    pause: Duration,
    again_at: Option<Instant>,
}

impl<F> fmt::Debug for Supervisor<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Course").field("generation", &self.generation).field("ready", &self.ready).finish_non_exhaustive()
    }
}

impl<F: Fn(VoiceEvent)> Supervisor<F> {
    pub(super) fn new(make: MakeEngine, languages: Vec<SlipLanguage>, messages: Sender<Message>, tell: F) -> Self {
        let mut supervisor =
            Self { make, languages, messages, tell, generation: 0, link: None, ready: Vec::new(), page: None, numbers: 0, pause: FIRST_PAUSE, again_at: None };
        supervisor.begin(Instant::now());
        supervisor
    }

    /// Until something may have gone wrong.
    pub(super) fn pause(&self, now: Instant) -> Duration {
        let dead = self.link.as_ref().and_then(Link::dead_at);
        let late = self.page.as_ref().map(|page| page.ends_by);
        let next = [dead, late, self.again_at].into_iter().flatten().min();
        next.map_or(MAX_SLEEP, |next| next.saturating_duration_since(now).max(Duration::from_millis(1)))
    }

    pub(super) fn take(&mut self, message: Message, now: Instant) {
        match message {
            Message::Say { said, mut utterances, volume } => {
                let was_reading = self.page.take().is_some();
                utterances.retain(|utterance| utterance.recording.is_some() || self.ready.contains(&utterance.language));
                if was_reading {
                    self.command(Command::Stop, now);
                }
                self.page = Some(PageInProgress { said, utterances: utterances.into_iter(), volume, number: 0, ends_by: now });
                self.go_on(now);
            }
            Message::Hush => {
                self.page = None;
                self.command(Command::Stop, now);
            }
            Message::Engine(generation, told) if generation == self.generation => self.hear(told, now),
            Message::Engine(..) | Message::End => {}
        }
    }

    /// Time went by.
    pub(super) fn tick(&mut self, now: Instant) {
        if self.again_at.is_some_and(|at| at <= now) {
            self.begin(now);
        }
        let is_dead = self.link.as_ref().and_then(Link::dead_at).is_some_and(|at| at <= now);
        if is_dead || self.page.as_ref().is_some_and(|page| page.ends_by <= now) {
            self.lose(now);
        }
    }

    fn hear(&mut self, told: FromEngine, now: Instant) {
        let Some(link) = &mut self.link else { return };
        match told {
            FromEngine::Prepared(language, speaks) => {
                link.preparing = link.preparing.saturating_sub(1);
                link.since = now;
                if speaks {
                    self.pause = FIRST_PAUSE;
                    self.ready.push(language);
                    (self.tell)(VoiceEvent::Voice(self.ready.clone()));
                }
            }
            FromEngine::Done => {
                link.owed = link.owed.saturating_sub(1);
                link.since = now;
            }
            FromEngine::Ended(number) => {
                if self.page.as_ref().is_some_and(|page| page.number == number) {
                    self.go_on(now);
                }
            }
            FromEngine::Failed(error) => {
                (self.tell)(VoiceEvent::Lost(error.to_string()));
                self.lose(now);
            }
        }
    }

    /// Says the next thing of the page, or tells that it is over.
    fn go_on(&mut self, now: Instant) {
        let Some(page) = &mut self.page else { return };
        let said = page.said;
        let Some(utterance) = page.utterances.next() else {
            self.page = None;
            (self.tell)(VoiceEvent::Reading { said, at: None });
            return;
        };
        self.numbers += 1;
        page.number = self.numbers;
        let letters = u32::try_from(utterance.words.chars().count()).unwrap_or(u32::MAX);
        page.ends_by = now + 2 * (BEGIN + Duration::from_secs(1) * letters / LETTERS_A_SECOND);
        let (at, volume) = (ReadingPosition { part: utterance.part }, page.volume);
        (self.tell)(VoiceEvent::Reading { said, at: Some(at) });
        self.command(Command::Say(self.numbers, utterance, volume), now);
    }

    fn command(&mut self, command: Command, now: Instant) {
        let Some(link) = &mut self.link else { return };
        if link.owed == 0 {
            link.since = now;
        }
        link.owed += 1;
        if link.commands.send(command).is_err() {
            self.lose(now);
        }
    }

    /// The engine is left to itself; another one is made after a pause.
    fn lose(&mut self, now: Instant) {
        self.link = None;
        self.generation += 1;
        if !self.ready.is_empty() {
            self.ready.clear();
            (self.tell)(VoiceEvent::Voice(Vec::new()));
        }
        if let Some(page) = self.page.take() {
            (self.tell)(VoiceEvent::Reading { said: page.said, at: None });
        }
        self.again_at = Some(now + self.pause);
        self.pause = (self.pause * 2).min(MAX_PAUSE);
    }

    fn begin(&mut self, now: Instant) {
        self.again_at = None;
        let (commands, received) = channel();
        let (make, languages, messages, generation) = (Arc::clone(&self.make), self.languages.clone(), self.messages.clone(), self.generation);
        // Where nobody listens any more, the engine's thread ends with its next command.
        let tell = move |told| drop(messages.send(Message::Engine(generation, told)));
        let run = move || {
            if let Err(error) = work(&make, &languages, &received, &tell) {
                tell(FromEngine::Failed(error));
            }
        };
        if std::thread::Builder::new().name("engine".to_owned()).spawn(run).is_ok() {
            self.link = Some(Link { commands, owed: 0, since: now, preparing: self.languages.len() });
        } else {
            self.lose(now);
        }
    }
}

impl Link {
    /// From when on it is taken for dead.
    fn dead_at(&self) -> Option<Instant> {
        match (self.preparing, self.owed) {
            (0, 0) => None,
            (0, _) => Some(self.since + REPLY),
            _ => Some(self.since + PREPARING),
        }
    }
}

/// The engine's thread: makes languages ready while nothing is asked, says what it is told.
fn work(
    make: &MakeEngine,
    languages: &[SlipLanguage],
    commands: &Receiver<Command>,
    tell: &(impl Fn(FromEngine) + Clone + Send + Sync + 'static),
) -> Result<(), SpeechEngineError> {
    let tell_end = tell.clone();
    let ended: OnEnded = Arc::new(move |number| tell_end(FromEngine::Ended(number)));
    let mut engine = make(ended)?;
    let mut left = languages.iter();
    loop {
        let command = match commands.try_recv() {
            Ok(command) => command,
            Err(TryRecvError::Disconnected) => return Ok(()),
            Err(TryRecvError::Empty) => match left.next() {
                Some(language) => {
                    tell(FromEngine::Prepared(*language, engine.prepare(*language)?));
                    continue;
                }
                None => match commands.recv() {
                    Ok(command) => command,
                    Err(_) => return Ok(()),
                },
            },
        };
        match command {
            Command::Say(number, utterance, volume) => engine.say(number, &utterance, volume)?,
            Command::Stop => engine.stop()?,
        }
        tell(FromEngine::Done);
    }
}
