//! The running kiosk: fingers and keys in, pages out. Everything that decides lies elsewhere.

mod guard;
mod pictures;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crossterm::event::{self, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use directory::clock::{Clock, SystemClock};
use directory::phone::Phone;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::guard::Guard;
use self::pictures::Pictures;
use crate::app::{App, Effect, Event, Moment, Place};
use crate::cells::{self, Marks};
use crate::config::{Config, ConfigError, Paint};
use crate::data::{self, Office, OfficeError, Told};
use crate::letter::Sight;
use crate::page::{Grid, Key, Page};
use crate::phrases::Phrases;
use crate::screen::show;
use crate::touch::{Finger, Touch};

/// Between looks for an answer that is waited for.
const WAITING: Duration = Duration::from_millis(15);

/// Without anything to wait for: a change of the machine's clock shows within this.
const LONGEST: Duration = Duration::from_secs(20);

/// Why the kiosk ends.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The directory or the printer.
    #[error(transparent)]
    Office(#[from] OfficeError),
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
    /// The terminal.
    #[error("the terminal: {0}")]
    Io(#[from] io::Error),
}

/// What does not change, from the settings and the directory.
pub fn place(config: &Config, office: &Office) -> Result<Place, TerminalError> {
    let vocabulary = office.vocabulary();
    let country = vocabulary.territory().postal_code(&config.home.postal_code).map(|home| home.country).unwrap_or_default();
    let desk = match &config.desk.phone {
        Some(phone) => {
            let phone = Phone::parse(phone, country).ok_or(TerminalError::Phone)?;
            Some((config.desk.name.clone().unwrap_or_else(|| config.place.clone()), phone.national()))
        }
        None => None,
    };
    Ok(Place {
        name: config.place.clone(),
        tongues: config.tongues()?,
        doors: data::doors(vocabulary, &office.phrases()),
        desk,
        emergency: vocabulary.emergency_numbers(country).to_vec(),
        prints: office.prints,
        speaks: false,
        is_demo: office.is_demo,
    })
}

/// Runs until Ctrl-C, which a locked kiosk does not know.
pub fn run(config: &Config) -> Result<(), TerminalError> {
    let (sender, told) = channel();
    let office = data::open(config, move |said| {
        // The screen has ended: nobody waits any more.
        let _ = sender.send(said);
    })?;
    let place = place(config, &office)?;
    let guard = Guard::enter()?;
    let pictures = if config.screen.paint == Paint::Cells { None } else { Pictures::find() };
    if pictures.is_none() && config.screen.paint == Paint::Pictures {
        return Err(TerminalError::NoPictures);
    }
    let (columns, rows) = crossterm::terminal::size()?;
    let grid = Grid { columns, rows };
    let grid = if pictures.is_some() { Pictures::grid(grid) } else { grid };
    if let Some((capital_mm, sight)) = letters(config, grid, pictures.is_some())
        && capital_mm < sight.needed_mm()
        && !config.screen.forced
    {
        return Err(TerminalError::Letters { capital_mm, needed_mm: sight.needed_mm(), distance_mm: sight.distance_mm });
    }
    let started = Instant::now();
    let mut screen = Screen {
        app: App::new(place, grid, moment(started)),
        phrases: office.phrases(),
        terminal: Terminal::new(CrosstermBackend::new(io::stdout()))?,
        touch: Touch::new(config.screen.act_on),
        pictures,
        office,
        waits: 0,
        started,
    };
    let ended = screen.run(&told, config.screen.locked);
    drop(guard);
    ended
}

/// The height of the smallest capital, where the settings say how large the screen is.
pub fn letters(config: &Config, grid: Grid, in_pictures: bool) -> Option<(f64, Sight)> {
    // A terminal that does not tell its dots is taken for one of 16 by 10.
    let ratio = crossterm::terminal::window_size().ok().filter(|size| size.width > 0 && size.height > 0);
    let ratio = ratio.map_or(0.625, |size| f64::from(size.height) / f64::from(size.width));
    let sight = Sight { diagonal_in: config.screen.diagonal_in?, ratio, distance_mm: config.screen.distance_mm };
    Some((sight.capital_mm(grid, in_pictures), sight))
}

fn moment(started: Instant) -> Moment {
    Moment { at: started.elapsed(), local: SystemClock.now().with_timezone(&chrono_tz::Europe::Brussels).naive_local() }
}

struct Screen {
    app: App,
    phrases: Arc<Phrases>,
    terminal: Terminal<CrosstermBackend<io::Stdout>>,
    touch: Touch,
    pictures: Option<Pictures>,
    office: Office,
    /// Answers that are waited for.
    waits: usize,
    started: Instant,
}

impl Screen {
    fn run(&mut self, told: &Receiver<Told>, is_locked: bool) -> Result<(), TerminalError> {
        let mut page = self.paint()?;
        loop {
            let mut is_changed = false;
            if event::poll(self.pause())? {
                match self.input(&event::read()?, &page, is_locked) {
                    Input::Nothing => {}
                    Input::Pressed => is_changed = true,
                    Input::Event(happened) => {
                        self.take(happened)?;
                        is_changed = true;
                    }
                    Input::End => return Ok(()),
                }
            }
            while let Ok(said) = told.try_recv() {
                self.waits = self.waits.saturating_sub(1);
                self.take(match said {
                    Told::Found { asked, found } => Event::Found { asked, found },
                    Told::Paper(paper) => Event::Paper(paper),
                })?;
                is_changed = true;
            }
            if self.app.due() <= self.started.elapsed() {
                self.take(Event::Tick)?;
                is_changed = true;
            }
            if is_changed {
                let next = self.paint()?;
                // The seconds of a countdown change the page, and are no other page: a hand on its way is welcome.
                if next.name != page.name || (next.parts != page.parts && next.name != "still-there") {
                    self.touch.page_changed(self.started.elapsed());
                }
                page.wipe();
                page = next;
            }
        }
    }

    /// Until something is due: an idle kiosk sleeps.
    fn pause(&self) -> Duration {
        if self.waits > 0 {
            return WAITING;
        }
        self.app.due().saturating_sub(self.started.elapsed()).clamp(Duration::from_millis(5), LONGEST)
    }

    fn take(&mut self, event: Event) -> Result<(), TerminalError> {
        for effect in self.app.update(event, moment(self.started)) {
            match effect {
                Effect::Erase => {
                    self.forget()?;
                }
                Effect::Ring => {
                    self.terminal.backend_mut().write_all(b"\x07")?;
                }
                Effect::Say => {}
                Effect::Ask { .. } | Effect::Print { .. } => {
                    self.waits += 1;
                    self.office.order(effect);
                }
                Effect::Unmet(_) | Effect::Doubt(_) => self.office.order(effect),
            }
        }
        Ok(())
    }

    /// Nothing that was drawn stays: neither on the screen, nor above it, nor in the memory of what was drawn.
    fn forget(&mut self) -> Result<(), TerminalError> {
        for _ in 0..2 {
            self.terminal.draw(|frame| {
                let buffer = frame.buffer_mut();
                *buffer = Buffer::empty(buffer.area);
            })?;
        }
        if let Some(pictures) = &mut self.pictures {
            pictures.forget();
        }
        self.terminal.clear()?;
        self.terminal.backend_mut().write_all(b"\x1b[3J")?;
        Ok(self.terminal.backend_mut().flush()?)
    }

    fn paint(&mut self) -> Result<Page, TerminalError> {
        let page = show(&self.app, &self.phrases);
        let held = self.touch.held();
        let pressed = page.parts.iter().position(|part| held.is_some() && part.key == held);
        if let Some(pictures) = &mut self.pictures {
            if pictures.clears(&page) {
                self.terminal.clear()?;
            }
            self.terminal.draw(|frame| pictures.draw(&page, Marks { pressed, lit: None }, frame.buffer_mut()))?;
            return Ok(page);
        }
        self.terminal.draw(|frame| {
            let area = Rect { x: 0, y: 0, width: page.grid.columns, height: page.grid.rows };
            let mut buffer = Buffer::empty(area);
            cells::paint(&page, Marks { pressed, lit: None }, &mut buffer);
            let seen = frame.area();
            let target = frame.buffer_mut();
            for position in area.intersection(seen).positions() {
                if let (Some(to), Some(from)) = (target.cell_mut(position), buffer.cell(position)) {
                    *to = from.clone();
                }
            }
        })?;
        Ok(page)
    }

    fn input(&mut self, event: &event::Event, page: &Page, is_locked: bool) -> Input {
        match event {
            event::Event::Resize(columns, rows) => {
                let grid = Grid { columns: *columns, rows: *rows };
                Input::Event(Event::Resize(if self.pictures.is_some() { Pictures::grid(grid) } else { grid }))
            }
            event::Event::Key(key) if key.kind != KeyEventKind::Release => match key.code {
                KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) && !is_locked => Input::End,
                KeyCode::Char(character) => Key::typed(character).map_or(Input::Nothing, |key| Input::Event(Event::Key(key))),
                KeyCode::Backspace | KeyCode::Esc => Input::Event(Event::Key(Key::Star)),
                KeyCode::Enter => Input::Event(Event::Key(Key::Hash)),
                _ => Input::Nothing,
            },
            event::Event::Mouse(mouse) => {
                let finger = match mouse.kind {
                    MouseEventKind::Down(MouseButton::Left) => Finger::Down(mouse.column, mouse.row),
                    MouseEventKind::Up(MouseButton::Left) => Finger::Up(mouse.column, mouse.row),
                    _ => return Input::Nothing,
                };
                let touched = self.touch.take(finger, self.started.elapsed(), |column, row| page.key_at(column, row));
                touched.map_or(Input::Pressed, |key| Input::Event(Event::Key(key)))
            }
            _ => Input::Nothing,
        }
    }
}

/// What came of something typed or touched.
enum Input {
    Nothing,
    /// Only the look of what lies under the finger.
    Pressed,
    Event(Event),
    End,
}
