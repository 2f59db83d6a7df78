//! The running kiosk: fingers and keys in, pages out. Everything that decides lies elsewhere.

mod guard;
mod pictures;
mod sixel;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crossterm::cursor::MoveTo;
use crossterm::event::{self, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use crossterm::queue;
use crossterm::style::{Print, SetBackgroundColor};
use directory::clock::{Clock, SystemClock};
use directory::emergency::{EmergencyError, Whereabouts};
use directory::phone::Phone;
use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend, IntoCrossterm};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::guard::Guard;
use self::pictures::Pictures;
use crate::app::{App, Aside, Effect, Event, KioskMoment, KioskPlace, ReadAloud};
use crate::cells::{self, Marks};
use crate::config::{KioskConfig, KioskConfigError, Paint};
use crate::data::{self, DataWorker, DataWorkerError, SharedWords};
use crate::device::{self, DeviceError, Fingers, Range, Spot, TouchContact};
use crate::legibility::Legibility;
use crate::page::{Area, Grid, Key, ScreenPage, SpokenLine};
use crate::phrases::KioskPhrases;
use crate::screen::show;
use crate::speak::{SpeechBook, VoiceEvent, VoiceWorker, utterances};
use crate::touch::{Finger, Touch};

/// Inputs that wait, at most: whoever sends more waits, too.
const MAX_WAITING: usize = 256;

/// While more comes in, a page is painted this often.
const FRAME: Duration = Duration::from_millis(50);

/// Without anything to wait for: a change of the machine's clock shows within this.
const MAX_WAIT: Duration = Duration::from_secs(20);

/// Why the kiosk ends.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] KioskConfigError),
    /// The directory or the printer.
    #[error(transparent)]
    Data(#[from] DataWorkerError),
    /// What the settings say of emergency numbers.
    #[error(transparent)]
    Emergency(#[from] EmergencyError),
    /// A setting that is no telephone number.
    #[error("desk.phone is no phone number: write it like 02 555 01 02 or +32 2 555 01 02")]
    Phone,
    /// `screen.paint = "pictures"` in a terminal that shows none.
    #[error("this terminal shows no pictures: use xterm -ti vt340, or screen.paint = \"auto\"")]
    NoPictures,
    /// EN 301 549, 5.1.4.
    #[error(
        "letters of {capital_mm:.1} mm cannot be read at {distance_mm:.0} mm, {needed_mm:.1} mm are needed: take a larger font (fewer rows), or a larger screen; screen.forced = true starts all the same"
    )]
    Letters {
        /// The smallest capital.
        capital_mm: f64,
        /// What it must be.
        needed_mm: f64,
        /// From where.
        distance_mm: f64,
    },
    /// A touch device.
    #[error("touch.device: {0}")]
    Device(#[from] DeviceError),
    /// The terminal.
    #[error("the terminal: {0}")]
    Io(#[from] io::Error),
}

/// What does not change, from the settings and the directory.
pub fn place(config: &KioskConfig, words: &SharedWords) -> Result<KioskPlace, TerminalError> {
    let vocabulary = &words.vocabulary;
    let home = vocabulary.territory().postal_code(&config.home.postal_code);
    let country = home.as_ref().map(|home| home.country).unwrap_or_default();
    let mut numbers = vocabulary.emergency().clone();
    numbers.apply(&config.emergency, SystemClock.now().date_naive())?;
    let desk = match &config.desk.phone {
        Some(phone) => {
            let phone = Phone::parse(phone, country).ok_or(TerminalError::Phone)?;
            Some((config.desk.name.clone().unwrap_or_else(|| config.place.clone()), phone.national()))
        }
        None => None,
    };
    Ok(KioskPlace {
        name: config.place.clone(),
        languages: config.languages()?,
        doors: data::doors(vocabulary, &words.phrases),
        desk,
        emergency: numbers.all().to_vec(),
        at: home.as_ref().map(Whereabouts::from).unwrap_or_default(),
        prints: config.printer.address.is_some(),
        country,
    })
}

/// Runs until Ctrl-C, which a locked kiosk does not know.
pub fn run(config: &KioskConfig) -> Result<(), TerminalError> {
    let (sender, inputs) = sync_channel(MAX_WAITING);
    // The screen has ended where nobody receives: then nothing is told any more.
    let tell = |sender: &SyncSender<Input>| {
        let sender = sender.clone();
        move |input| drop(sender.send(input))
    };
    let told = tell(&sender);
    let words = SharedWords::shipped()?;
    let data_worker = data::open(config, &words, move |said| told(Input::Answer(said)))?;
    let place = place(config, &words)?;
    let phrases = words.phrases;
    let book = SpeechBook::new(&phrases, &place.doors, config.voice.recordings.as_deref().map(Path::new));
    let guard = Guard::enter()?;
    let pictures = if config.screen.paint == Paint::Cells { None } else { Pictures::find() };
    if pictures.is_none() && config.screen.paint == Paint::Pictures {
        return Err(TerminalError::NoPictures);
    }
    let (columns, rows) = crossterm::terminal::size()?;
    let seen = Grid { columns, rows };
    let grid = if pictures.is_some() { Pictures::grid(seen) } else { seen };
    if let Some((capital_mm, legibility)) = letters(config, grid, pictures.is_some())
        && capital_mm < legibility.needed_mm()
        && !config.screen.forced
    {
        return Err(TerminalError::Letters { capital_mm, needed_mm: legibility.needed_mm(), distance_mm: legibility.distance_mm });
    }
    let heard = tell(&sender);
    let voice = move |said| {
        match said {
            VoiceEvent::Voice(languages) => heard(Input::Event(Event::Voice(languages))),
            VoiceEvent::Reading { said, at } => heard(Input::Event(Event::Reading { said, at })),
            // `check` says why.
            VoiceEvent::Lost(_) => {}
        }
    };
    let speaker = VoiceWorker::start(&config.voice, &place.languages, book, voice);
    let started = Instant::now();
    let mut screen = TerminalScreen {
        app: App::new(place, grid, moment(started)),
        phrases,
        terminal: Terminal::new(CrosstermBackend::new(io::stdout()))?,
        touch: Touch::new(config.screen.act_on),
        pictures,
        data_worker,
        speaker,
        started,
        seen,
        is_locked: config.screen.locked,
    };
    follow(config, &sender)?;
    listen(sender)?;
    let ended = screen.run(&inputs);
    drop(guard);
    // Whoever waits to tell something does not wait for a screen that has ended.
    drop(inputs);
    ended
}

/// What comes in, from whichever thread.
enum Input {
    /// A key, the mouse, another size.
    Terminal(io::Result<event::Event>),
    /// From the directory or the printer.
    Answer(Result<Event, DataWorkerError>),
    /// From the voice, or a device.
    Event(Event),
    /// From a touch device.
    Contact(TouchContact),
}

/// Touch screen and handset, where the settings name them.
fn follow(config: &KioskConfig, inputs: &SyncSender<Input>) -> Result<(), TerminalError> {
    if let Some(path) = config.touch.device.as_ref().map(PathBuf::from) {
        let range = match config.touch.range {
            Some([left, right, top, bottom]) => Range { x: (left, right), y: (top, bottom) },
            None => device::range(&path)?,
        };
        let (mut fingers, inputs) = (Fingers::new(range), inputs.clone());
        device::follow(path, move |raw| fingers.take(raw).is_none_or(|contact| inputs.send(Input::Contact(contact)).is_ok()))?;
    }
    if let Some(path) = config.handset.device.as_ref().map(PathBuf::from) {
        let (hangs, inputs) = (config.handset.hangs, inputs.clone());
        let tell = move |lifted| inputs.send(Input::Event(Event::Handset { lifted })).is_ok();
        device::follow(path, move |raw| device::hook(raw, hangs).is_none_or(&tell))?;
    }
    Ok(())
}

/// The terminal is read by a thread of its own, so that whatever comes first wakes the screen.
fn listen(inputs: SyncSender<Input>) -> io::Result<()> {
    let read = move || {
        loop {
            let read = event::read();
            let is_over = read.is_err();
            if inputs.send(Input::Terminal(read)).is_err() || is_over {
                return;
            }
        }
    };
    std::thread::Builder::new().name("keys".to_owned()).spawn(read).map(drop)
}

/// The height of the smallest capital, where the settings say how large the screen is.
pub fn letters(config: &KioskConfig, grid: Grid, in_pictures: bool) -> Option<(f64, Legibility)> {
    // A terminal that does not tell its dots is taken for one of 16 by 10.
    let ratio = crossterm::terminal::window_size().ok().filter(|size| size.width > 0 && size.height > 0);
    let ratio = ratio.map_or(0.625, |size| f64::from(size.height) / f64::from(size.width));
    let legibility = Legibility { diagonal_in: config.screen.diagonal_in?, ratio, distance_mm: config.screen.distance_mm };
    Some((legibility.capital_mm(grid, in_pictures), legibility))
}

fn moment(started: Instant) -> KioskMoment {
    KioskMoment { at: started.elapsed(), local: SystemClock.now().with_timezone(&chrono_tz::Europe::Brussels).naive_local() }
}

struct TerminalScreen {
    app: App,
    phrases: Arc<KioskPhrases>,
    terminal: Terminal<CrosstermBackend<io::Stdout>>,
    touch: Touch,
    pictures: Option<Pictures>,
    data_worker: DataWorker,
    speaker: VoiceWorker,
    started: Instant,
    /// The terminal's own cells.
    seen: Grid,
    is_locked: bool,
}

/// What came of an input.
enum Next {
    Nothing,
    /// Another look: of what lies under the finger, too.
    Changed,
    End,
}

impl TerminalScreen {
    fn run(&mut self, inputs: &Receiver<Input>) -> Result<(), TerminalError> {
        let mut page = show(&self.app, &self.phrases);
        self.paint(&page)?;
        let mut painted = Instant::now();
        let mut next = None;
        loop {
            let mut to_say = None;
            let mut outcome = match next.take().map_or_else(|| inputs.recv_timeout(self.pause()), Ok) {
                Ok(input) => self.take(input, &page, &mut to_say)?,
                Err(_) => Next::Nothing,
            };
            if self.app.due() <= self.started.elapsed() {
                self.update(Event::Tick, &mut to_say)?;
                outcome = Next::Changed;
            }
            match outcome {
                Next::Nothing => continue,
                Next::End => return Ok(()),
                Next::Changed => {}
            }
            let changed = show(&self.app, &self.phrases);
            // The seconds of a countdown change the page, and are no other page: a hand on its way is welcome.
            if changed.name != page.name || (changed.parts != page.parts && changed.name != "still-there") {
                self.touch.page_changed(self.started.elapsed());
            }
            page.wipe();
            page = changed;
            if let Some(aloud) = to_say {
                self.say(&aloud, &page);
            }
            // What comes faster than it can be painted is not painted one by one.
            next = if painted.elapsed() < FRAME { inputs.try_recv().ok() } else { None };
            if next.is_none() {
                self.paint(&page)?;
                painted = Instant::now();
            }
        }
    }

    /// Until something is due: an idle kiosk sleeps.
    fn pause(&self) -> Duration {
        self.app.due().saturating_sub(self.started.elapsed()).clamp(Duration::from_millis(5), MAX_WAIT)
    }

    fn take(&mut self, input: Input, page: &ScreenPage, to_say: &mut Option<ReadAloud>) -> Result<Next, TerminalError> {
        let event = match input {
            Input::Terminal(event) => return self.typed(&event?, page, to_say),
            Input::Contact(contact) => {
                let cell = |spot: Spot| spot.cell(self.seen.columns, self.seen.rows);
                let finger = match contact {
                    TouchContact::Down(spot) => Finger::Down(cell(spot).0, cell(spot).1),
                    TouchContact::Up(spot) => Finger::Up(cell(spot).0, cell(spot).1),
                    TouchContact::Lost => Finger::Up(u16::MAX, u16::MAX),
                };
                return self.touched(finger, page, to_say);
            }
            Input::Answer(answer) => answer?,
            Input::Event(event) => event,
        };
        self.update(event, to_say)
    }

    fn update(&mut self, event: Event, to_say: &mut Option<ReadAloud>) -> Result<Next, TerminalError> {
        for effect in self.app.update(event, moment(self.started)) {
            match effect {
                Effect::Erase => self.forget()?,
                // For whoever is near; the desk hears of it by the database.
                Effect::Ring => self.terminal.backend_mut().write_all(b"\x07")?,
                Effect::Say(aloud) => *to_say = Some(aloud),
                Effect::Hush => {
                    *to_say = None;
                    self.speaker.hush();
                }
                _ => {}
            }
            if let Some(refused) = self.data_worker.order(effect) {
                self.update(refused, to_say)?;
            }
        }
        Ok(Next::Changed)
    }

    /// Has read what is shown.
    fn say(&self, aloud: &ReadAloud, page: &ScreenPage) {
        let (words, language) = match aloud.aside {
            Some(Aside::Name(language)) => (self.phrases.say(language, "name"), language),
            Some(Aside::Digit(digit)) => (digit.to_string(), page.language),
            None => (String::new(), page.language),
        };
        let aside = aloud.aside.map(|_| SpokenLine { part: None, key: None, words, language });
        let shown = if aloud.page { page.spoken() } else { Vec::new() };
        self.speaker.say(aloud.said, utterances(aside.into_iter().chain(shown).collect(), &self.speaker.book), aloud.volume);
    }

    /// Nothing that was drawn stays: neither on the screen, nor above it, nor in the memory of what was drawn.
    fn forget(&mut self) -> Result<(), TerminalError> {
        if let Some(pictures) = &mut self.pictures {
            pictures.forget();
        }
        self.clear()?;
        self.terminal.backend_mut().write_all(b"\x1b[3J")?;
        Ok(Write::flush(self.terminal.backend_mut())?)
    }

    /// Empties what stood there. The rest of the screen need not be drawn anew.
    fn empty(&mut self, areas: &[Area], page: &ScreenPage) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        let paper = SetBackgroundColor(Pictures::paper(page).into_crossterm());
        for area in areas {
            for row in area.y..area.y + area.height {
                queue!(out, MoveTo(area.x, row), paper, Print(" ".repeat(usize::from(area.width))))?;
            }
        }
        Ok(())
    }

    /// An empty screen, all of which is drawn anew. `Terminal::clear` would ask the terminal where its cursor is, and
    /// wait for an answer that the thread of the keys has taken.
    fn clear(&mut self) -> io::Result<()> {
        // Each swap empties one of the two buffers.
        self.terminal.swap_buffers();
        self.terminal.swap_buffers();
        self.terminal.backend_mut().clear()
    }

    fn paint(&mut self, page: &ScreenPage) -> Result<(), TerminalError> {
        let held = self.touch.held();
        let pressed = page.parts.iter().position(|part| held.is_some() && part.key == held);
        let marks = Marks { pressed, lit: self.app.lit() };
        match self.pictures.as_ref().map(|pictures| pictures.vanishing(page)) {
            Some(Some(areas)) => self.empty(&areas, page)?,
            Some(None) => self.clear()?,
            None => {}
        }
        if let Some(pictures) = &mut self.pictures {
            self.terminal.draw(|frame| pictures.draw(page, marks, frame.buffer_mut()))?;
            return Ok(());
        }
        self.terminal.draw(|frame| {
            let area = Rect { x: 0, y: 0, width: page.grid.columns, height: page.grid.rows };
            let mut buffer = Buffer::empty(area);
            cells::paint(page, marks, &mut buffer);
            let seen = frame.area();
            let target = frame.buffer_mut();
            for position in area.intersection(seen).positions() {
                if let (Some(to), Some(from)) = (target.cell_mut(position), buffer.cell(position)) {
                    *to = from.clone();
                }
            }
        })?;
        Ok(())
    }

    fn typed(&mut self, event: &event::Event, page: &ScreenPage, to_say: &mut Option<ReadAloud>) -> Result<Next, TerminalError> {
        let key = match event {
            event::Event::Resize(columns, rows) => {
                let grid = Grid { columns: *columns, rows: *rows };
                self.seen = grid;
                return self.update(Event::Resize(if self.pictures.is_some() { Pictures::grid(grid) } else { grid }), to_say);
            }
            event::Event::Key(key) if key.kind != KeyEventKind::Release => match key.code {
                KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) && !self.is_locked => return Ok(Next::End),
                KeyCode::Char(character) => Key::typed(character),
                KeyCode::Backspace | KeyCode::Esc => Some(Key::Star),
                KeyCode::Enter => Some(Key::Hash),
                _ => None,
            },
            event::Event::Mouse(mouse) => {
                let finger = match mouse.kind {
                    MouseEventKind::Down(MouseButton::Left) => Finger::Down(mouse.column, mouse.row),
                    MouseEventKind::Up(MouseButton::Left) => Finger::Up(mouse.column, mouse.row),
                    _ => return Ok(Next::Nothing),
                };
                return self.touched(finger, page, to_say);
            }
            _ => None,
        };
        key.map_or(Ok(Next::Nothing), |key| self.update(Event::Key(key), to_say))
    }

    fn touched(&mut self, finger: Finger, page: &ScreenPage, to_say: &mut Option<ReadAloud>) -> Result<Next, TerminalError> {
        let touched = self.touch.take(finger, self.started.elapsed(), |column, row| page.key_at(column, row));
        touched.map_or(Ok(Next::Changed), |key| self.update(Event::Key(key), to_say))
    }
}
