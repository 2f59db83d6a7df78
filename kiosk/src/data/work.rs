//! The thread that asks the directory and prints.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use db::assistance::AssistanceCall;
use db::heartbeat::Heartbeat;
use db::kiosk_count::KioskCount;
use db::mirror::MirrorError;
use db::sealed_request::SealedRequest;
use db::{Store, StoreError};
use directory::answer::Note;
use directory::clock::{Clock, SystemClock};
use directory::locality::{Locality, Point};
use directory::phone::Phone;
use directory::phrase::PhraseError;
use directory::theme::Theme;
use directory::vocabulary::{Vocabulary, VocabularyError};
use printer::device::{Address, AddressError};
use printer::profile::{Profile, ProfileError};
use printer::tongue::Tongue;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::ask::Library;
use super::print::{Press, Slip};
use super::seal::seal;
use crate::app::{Directory, Effect, Found, Outcome, Paper};
use crate::config::Config;
use crate::phrases::Phrases;

/// The time zone of Belgium and France.
pub(super) const ZONE: chrono_tz::Tz = chrono_tz::Europe::Brussels;

/// What the thread tells the screen.
#[derive(Debug)]
pub enum Told {
    /// The directory is open, or was looked at again.
    Open(Directory),
    /// It cannot be opened.
    Failed(OfficeError),
    /// An answer.
    Found {
        /// To which question.
        asked: u64,
        /// What.
        found: Found,
    },
    /// Whether a call is noted.
    Called {
        /// Which one.
        called: u64,
        /// Somebody will call.
        is_noted: bool,
    },
    /// What became of a slip.
    Paper {
        /// Which one.
        printed: u64,
        /// What.
        paper: Paper,
    },
}

/// How often a kiosk says that it is there.
const HEARTBEAT: Duration = Duration::from_mins(10);

/// Why a kiosk cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The directory is not there yet.
    #[error("there is no directory at {0}: name it in the gateway's settings (kiosk.copy), start `passerelle serve`, or give the copy's file with --db")]
    NoDirectory(String),
    /// The file is no copy, or cannot be opened.
    #[error(transparent)]
    Copy(#[from] MirrorError),
    /// The kiosk does not know where it stands.
    #[error("home.postal_code: {0} is no postal code that is known")]
    Home(String),
    /// A printer's address.
    #[error("printer.address: {0}")]
    Address(#[from] AddressError),
    /// A printer's kind.
    #[error("printer.profile: {0}")]
    Profile(#[from] ProfileError),
    /// A fault of ours.
    #[error(transparent)]
    Phrases(#[from] PhraseError),
    /// A fault of ours.
    #[error(transparent)]
    Vocabulary(#[from] VocabularyError),
    /// The machine gives no thread.
    #[error("the machine gives no thread: {0}")]
    Thread(#[from] std::io::Error),
}

/// Words, places and sentences: what the screen and the thread share.
#[derive(Debug, Clone)]
pub struct Words {
    /// Words and places.
    pub vocabulary: Arc<Vocabulary>,
    /// The sentences.
    pub phrases: Arc<Phrases>,
}

impl Words {
    /// Those that ship with the program.
    pub fn shipped() -> Result<Self, OfficeError> {
        Ok(Self { vocabulary: Arc::new(Vocabulary::shipped()?), phrases: Arc::new(Phrases::shipped()?) })
    }
}

/// The way to the thread; dropped, it ends after what it is doing.
#[derive(Debug)]
pub struct Office {
    orders: Option<UnboundedSender<Effect>>,
    thread: Option<JoinHandle<()>>,
}

impl Office {
    /// Has something done; effects that are the screen's own are none of its business.
    pub fn order(&self, effect: Effect) {
        if let Some(orders) = &self.orders {
            // A thread that has died says nothing; the screen then asks for a person.
            let _ = orders.send(effect);
        }
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Starts the thread, which opens the directory: the screen is there before it. `tell` is called from the thread: first
/// that the directory is open, or why it cannot be.
pub fn open(config: &Config, words: &Words, tell: impl Fn(Told) + Send + Sync + Clone + 'static) -> Result<Office, OfficeError> {
    let file = config.database.file.clone();
    if !Path::new(&file).exists() {
        return Err(OfficeError::NoDirectory(file));
    }
    let code = &config.home.postal_code;
    let home: Locality = words.vocabulary.territory().postal_code(code).ok_or_else(|| OfficeError::Home(code.clone()))?;
    let here = config.home.position.map(|[lat, lon]| Point { lat, lon });
    let press = match &config.printer.address {
        Some(address) => {
            let address: Address = address.parse()?;
            let profile = Profile::named(config.printer.profile.as_deref().unwrap_or_default())?;
            Some(Press { name: config.printer.name.clone(), address, profile, place: config.place.clone(), busy: Arc::default() })
        }
        None => None,
    };
    let (orders, received) = unbounded_channel();
    let (Words { vocabulary, phrases }, place) = (words.clone(), config.place.clone());
    let work = async move {
        let store = match Store::open_copy(Path::new(&file)).await {
            Ok(store) => Arc::new(store),
            Err(error) => return tell(Told::Failed(error.into())),
        };
        tell(Told::Open(look_at(&store).await));
        run(Arc::new(Library { store, vocabulary, phrases, home, here, zone: ZONE, place }), press, received, tell).await;
    };
    let start = move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        // Without it nothing is answered: the screen says so at the first question.
        Err(_) => drop(work),
    };
    let thread = std::thread::Builder::new().name("office".to_owned()).spawn(start)?;
    Ok(Office { orders: Some(orders), thread: Some(thread) })
}

/// Says again and again that the kiosk is there, for the desk's page of places. What cannot be said now is said next time.
async fn say_it_is_there(library: Arc<Library>) {
    let mut rounds = tokio::time::interval(HEARTBEAT);
    loop {
        rounds.tick().await;
        let (place, version) = (library.place.clone(), env!("CARGO_PKG_VERSION").to_owned());
        let _ = library.store.keep_heartbeat(&Heartbeat { place, version, seen: SystemClock.now() }).await;
    }
}

async fn run(library: Arc<Library>, press: Option<Press>, mut orders: UnboundedReceiver<Effect>, tell: impl Fn(Told) + Send + Sync + Clone + 'static) {
    if let Some(press) = &press {
        // What was on its way when the power was cut is whole, or begins again.
        let _ = library.store.recover_prints(&press.name).await;
        let (library, press) = (Arc::clone(&library), press.clone());
        tokio::spawn(async move { press.run(library, None, std::collections::BTreeSet::new(), |_| ()).await });
    }
    tokio::spawn(say_it_is_there(Arc::clone(&library)));
    while let Some(effect) = orders.recv().await {
        match effect {
            Effect::Ask { asked, ask, tongue } => {
                let now = SystemClock.now().with_timezone(&library.zone);
                let found = library.answer(ask, tongue, now).await.unwrap_or(Found::Trouble);
                if let (crate::app::Ask::Door { door, .. }, Found::List(items)) = (ask, &found)
                    && items.is_empty()
                {
                    count(&library, door).await;
                }
                tell(Told::Found { asked, found });
            }
            Effect::Print { printed, codes, tongues, large } => {
                let Some(press) = press.clone() else { continue };
                let tell = tell.clone();
                let tell = move |paper| tell(Told::Paper { printed, paper });
                match press.queue(&library, &Slip { codes, tongues, large }).await {
                    Ok((ticket, jobs)) if !jobs.is_empty() => {
                        let library = Arc::clone(&library);
                        tokio::spawn(async move { press.run(library, ticket, jobs, tell).await });
                    }
                    _ => tell(Paper { outcome: Outcome::NoPrinter, ticket: None }),
                }
            }
            Effect::Unmet(door) => count(&library, door).await,
            Effect::Doubt(code) => note(&library, Note::Doubt(code)).await,
            // Where the file cannot be written, what it keeps in memory is what anybody may read.
            Effect::Erase => {
                let _ = library.store.forget_read().await;
                // A desk may have begun to call people back, or ceased to.
                tell(Told::Open(look_at(&library.store).await));
            }
            Effect::Ring => ring(&library).await,
            Effect::Call { called, number, tongue, door } => {
                let is_noted = matches!(call(&library, &number, tongue, door).await, Ok(true));
                tell(Told::Called { called, is_noted });
            }
            Effect::Say { .. } | Effect::Hush => {}
        }
    }
    library.store.close().await;
}

/// What is known of the directory as a whole.
async fn look_at(store: &Store) -> Directory {
    let calls_back = store.sealing_key().await.is_ok_and(|key| key.is_some());
    Directory { is_demo: store.has_demo().await.unwrap_or(false), calls_back }
}

/// Rings the desk's bell. Where that cannot be kept, the screen has sent the visitor there all the same.
async fn ring(library: &Library) {
    if let Some(id) = by_chance() {
        let _ = library.store.raise_assistance(&AssistanceCall { id, place: library.place.clone(), at: SystemClock.now() }).await;
    }
}

/// Asks for a call; true once it is kept.
async fn call(library: &Library, number: &Phone, tongue: Tongue, door: Option<usize>) -> Result<bool, StoreError> {
    let Some(key) = library.store.sealing_key().await? else { return Ok(false) };
    let (Some(sealed), Some(id)) = (seal(&key, number), by_chance()) else { return Ok(false) };
    let theme = door.and_then(|door| library.vocabulary.doors().get(door)?.themes.first().copied()).filter(|theme| !theme.is_sensitive());
    let postal_code = library.home.postal_codes.first().cloned();
    let request = SealedRequest { id, sealed, language: tongue.code().to_owned(), theme, postal_code, written: SystemClock.now() };
    library.store.keep_sealed_request(&request).await?;
    Ok(true)
}

/// What nobody else is called; nothing where the machine gives no random numbers.
fn by_chance() -> Option<String> {
    let mut id = [0_u8; 16];
    getrandom::fill(&mut id).ok()?;
    Some(format!("{:032x}", u128::from_be_bytes(id)))
}

/// Counts that somebody did not find this here: no name, no hour.
async fn count(library: &Library, door: usize) {
    let theme: Option<Theme> = library.vocabulary.doors().get(door).and_then(|door| door.themes.first().copied());
    note(library, Note::Unmet { theme, postal_code: library.home.postal_codes.first().cloned() }).await;
}

async fn note(library: &Library, note: Note) {
    let Some(id) = by_chance() else { return };
    // To the day, and no nearer: the hour at which somebody stood here is nobody's business.
    let day = SystemClock.now().date_naive();
    // A count that cannot be kept is not worth a word to the visitor.
    let _ = library.store.keep_kiosk_count(&KioskCount { id, day, note }).await;
}
