//! The thread that asks the directory and prints.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use application::print_queue::QueuePrinter;
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
use printer::device::{DeviceAddress, DeviceAddressError};
use printer::profile::{Profile, ProfileError};
use printer::slip_language::SlipLanguage;
use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

use super::ask::Queries;
use super::print::{PrintDevice, SlipOrder};
use super::seal::seal;
use crate::app::{Behind, DirectoryAnswer, DirectoryQuery, DirectoryStatus, Effect, Event, PrintOutcome, SlipResult};
use crate::config::KioskConfig;
use crate::phrases::KioskPhrases;

/// The time zone of Belgium and France.
pub(super) const ZONE: chrono_tz::Tz = chrono_tz::Europe::Brussels;

/// Effects that wait for the thread, at most: a screen that asks for more is told at once that it gets nothing.
const MAX_ORDERS: usize = 64;

/// How often a kiosk says that it is there.
const HEARTBEAT: Duration = Duration::from_mins(10);

/// Why a kiosk cannot start.
#[derive(Debug, thiserror::Error)]
pub enum DataWorkerError {
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
    Address(#[from] DeviceAddressError),
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
pub struct SharedWords {
    /// Words and places.
    pub vocabulary: Arc<Vocabulary>,
    /// The sentences.
    pub phrases: Arc<KioskPhrases>,
}

impl SharedWords {
    /// Those that ship with the program.
    pub fn shipped() -> Result<Self, DataWorkerError> {
        Ok(Self { vocabulary: Arc::new(Vocabulary::shipped()?), phrases: Arc::new(KioskPhrases::shipped()?) })
    }
}

/// The way to the thread; dropped, it ends after what it is doing.
#[derive(Debug)]
pub struct DataWorker {
    orders: Option<Sender<Effect>>,
    /// A visitor has gone: kept apart, because it must not be lost, and once is as good as twice.
    erase: Arc<Notify>,
    thread: Option<JoinHandle<()>>,
}

impl DataWorker {
    /// Has something done, and never waits; effects that are the screen's own are none of its business. Gives back what
    /// the thread would have said had it failed, where it has died or has too much to do.
    pub fn order(&self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Say(_) | Effect::Hush => None,
            Effect::Erase => {
                self.erase.notify_one();
                None
            }
            effect => failed(&self.orders.as_ref()?.try_send(effect).err()?.into_inner()),
        }
    }
}

/// What an effect comes to that could not be handed over; `None` where nobody waits for an answer.
fn failed(effect: &Effect) -> Option<Event> {
    match *effect {
        Effect::Ask { asked, .. } => Some(Event::Found { asked, answer: DirectoryAnswer::Trouble }),
        Effect::Call { called, .. } => Some(Event::Called { called, is_noted: false }),
        Effect::Print { printed, .. } => {
            let paper = SlipResult { outcome: PrintOutcome::NoPrinter, ticket: None };
            Some(Event::Paper { printed, paper })
        }
        _ => None,
    }
}

impl Drop for DataWorker {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Starts the thread, which opens the directory: the screen is there before it. `tell` is called from the thread: first
/// with what is known of the directory, or with why it cannot be opened; then with answers.
pub fn open<T>(config: &KioskConfig, words: &SharedWords, tell: T) -> Result<DataWorker, DataWorkerError>
where
    T: Fn(Result<Event, DataWorkerError>) + Send + Sync + Clone + 'static,
{
    let file = config.database.file.clone();
    if !Path::new(&file).exists() {
        return Err(DataWorkerError::NoDirectory(file));
    }
    let code = &config.home.postal_code;
    let home: Locality = words.vocabulary.territory().postal_code(code).ok_or_else(|| DataWorkerError::Home(code.clone()))?;
    let here = config.home.position.map(|[lat, lon]| Point { lat, lon });
    let device = match &config.printer.address {
        Some(address) => {
            let address: DeviceAddress = address.parse()?;
            let profile = Profile::named(config.printer.profile.as_deref().unwrap_or_default())?;
            Some(PrintDevice {
                printer: QueuePrinter { name: config.printer.name.clone(), address, profile },
                place: config.place.clone(),
                busy: Arc::default(),
                lines: Arc::default(),
            })
        }
        None => None,
    };
    let (orders, received) = channel(MAX_ORDERS);
    let erase = Arc::new(Notify::new());
    let orders_in = Orders { effects: received, erase: Arc::clone(&erase) };
    let (SharedWords { vocabulary, phrases }, place) = (words.clone(), config.place.clone());
    let work = async move {
        let store = match Store::open_copy(Path::new(&file)).await {
            Ok(store) => Arc::new(store),
            Err(error) => return tell(Err(error.into())),
        };
        tell(Ok(Event::Directory(look_at(&store).await)));
        let queries = Arc::new(Queries { store, vocabulary, phrases, home, here, zone: ZONE, place });
        run(queries, device, orders_in, move |event| tell(Ok(event))).await;
    };
    let start = move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        // Without it nothing is answered: the screen says so at the first question.
        Err(_) => drop(work),
    };
    let thread = std::thread::Builder::new().name("data".to_owned()).spawn(start)?;
    Ok(DataWorker { orders: Some(orders), erase, thread: Some(thread) })
}

/// Says again and again that the kiosk is there, for the desk's page of places. What cannot be said now is said next time.
async fn say_it_is_there(queries: Arc<Queries>) {
    let mut rounds = tokio::time::interval(HEARTBEAT);
    loop {
        rounds.tick().await;
        let (place, version) = (queries.place.clone(), env!("CARGO_PKG_VERSION").to_owned());
        let _ = queries.store.keep_heartbeat(&Heartbeat { place, version, seen: SystemClock.now() }).await;
    }
}

/// What the screen has done.
struct Orders {
    effects: Receiver<Effect>,
    erase: Arc<Notify>,
}

/// Does what the screen orders until it orders nothing more. All tasks are its own, and end with it.
async fn run<T>(queries: Arc<Queries>, device: Option<PrintDevice>, orders: Orders, tell: T)
where
    T: Fn(Event) + Send + Sync + Clone + 'static,
{
    let Orders { mut effects, erase } = orders;
    let mut tasks = JoinSet::new();
    if let Some(device) = &device {
        // What was on its way when the power was cut is whole, or begins again.
        let _ = queries.store.recover_prints(&device.printer.name).await;
        tasks.spawn(device.clone().run(Arc::clone(&queries), None, BTreeSet::new(), |_| ()));
    }
    tasks.spawn(say_it_is_there(Arc::clone(&queries)));
    loop {
        // What was ordered before a visitor went is done before they are forgotten.
        let effect = tokio::select! {
            biased;
            effect = effects.recv() => effect,
            () = erase.notified() => Some(Effect::Erase),
            Some(_) = tasks.join_next() => continue,
        };
        match effect {
            None => break,
            Some(Effect::Print { printed, codes, languages, large }) => {
                let Some(device) = device.clone() else { continue };
                let tell = tell.clone();
                let tell = move |paper| tell(Event::Paper { printed, paper });
                match device.queue(&queries, &SlipOrder { codes, languages, large }).await {
                    Ok((ticket, jobs)) if !jobs.is_empty() => {
                        tasks.spawn(device.run(Arc::clone(&queries), ticket, jobs, tell));
                    }
                    _ => tell(SlipResult { outcome: PrintOutcome::NoPrinter, ticket: None }),
                }
            }
            Some(effect) => {
                if let Some(event) = done(&queries, effect).await {
                    tell(event);
                }
            }
        }
    }
    tasks.shutdown().await;
    queries.store.close().await;
}

/// Does all but printing; what the screen is told of it.
async fn done(queries: &Queries, effect: Effect) -> Option<Event> {
    match effect {
        Effect::Ask { asked, query, language } => {
            let now = SystemClock.now().with_timezone(&queries.zone);
            let answer = queries.answer(query, language, now).await.unwrap_or(DirectoryAnswer::Trouble);
            if let (DirectoryQuery::Door { door, part, .. }, DirectoryAnswer::List(items)) = (query, &answer)
                && items.is_empty()
            {
                let theme = if let Behind::Need(need) = part { Some(need.theme()) } else { theme_of(queries, door) };
                count(queries, theme).await;
            }
            return Some(Event::Found { asked, answer });
        }
        Effect::Call { called, number, language, door } => {
            let is_noted = matches!(call(queries, &number, language, door).await, Ok(true));
            return Some(Event::Called { called, is_noted });
        }
        // Where the file cannot be written, what it keeps in memory is what anybody may read.
        Effect::Erase => {
            let _ = queries.store.forget_read().await;
            // A desk may have begun to call people back, or ceased to.
            return Some(Event::Directory(look_at(&queries.store).await));
        }
        Effect::Unmet(door) => count(queries, theme_of(queries, door)).await,
        Effect::Doubt(code) => note(queries, Note::Doubt(code)).await,
        Effect::Ring => ring(queries).await,
        Effect::Print { .. } | Effect::Say(_) | Effect::Hush => {}
    }
    None
}

/// What is known of the directory as a whole.
async fn look_at(store: &Store) -> DirectoryStatus {
    let calls_back = store.sealing_key().await.is_ok_and(|key| key.is_some());
    DirectoryStatus { is_demo: store.has_demo().await.unwrap_or(false), calls_back }
}

/// Rings the desk's bell. Where that cannot be kept, the screen has sent the visitor there all the same.
async fn ring(queries: &Queries) {
    if let Some(id) = by_chance() {
        let _ = queries.store.raise_assistance(&AssistanceCall { id, place: queries.place.clone(), at: SystemClock.now() }).await;
    }
}

/// Asks for a call; true once it is kept.
async fn call(queries: &Queries, number: &Phone, language: SlipLanguage, door: Option<usize>) -> Result<bool, StoreError> {
    let Some(key) = queries.store.sealing_key().await? else { return Ok(false) };
    let (Some(sealed), Some(id)) = (seal(&key, number), by_chance()) else { return Ok(false) };
    let theme = door.and_then(|door| theme_of(queries, door)).filter(|theme| !theme.is_sensitive());
    let postal_code = queries.home.postal_codes.first().cloned();
    let request = SealedRequest { id, sealed, language: language.code().to_owned(), theme, postal_code, written: SystemClock.now() };
    queries.store.keep_sealed_request(&request).await?;
    Ok(true)
}

/// The main theme of a door, by its place.
fn theme_of(queries: &Queries, door: usize) -> Option<Theme> {
    queries.vocabulary.doors().get(door)?.themes.first().copied()
}

/// What nobody else is called; nothing where the machine gives no random numbers.
fn by_chance() -> Option<String> {
    let mut id = [0_u8; 16];
    getrandom::fill(&mut id).ok()?;
    Some(format!("{:032x}", u128::from_be_bytes(id)))
}

/// Counts that somebody did not find this here: no name, no hour.
async fn count(queries: &Queries, theme: Option<Theme>) {
    note(queries, Note::Unmet { theme, postal_code: queries.home.postal_codes.first().cloned() }).await;
}

async fn note(queries: &Queries, note: Note) {
    let Some(id) = by_chance() else { return };
    // To the day, and no nearer: the hour at which somebody stood here is nobody's business.
    let day = SystemClock.now().date_naive();
    // A count that cannot be kept is not worth a word to the visitor.
    let _ = queries.store.keep_kiosk_count(&KioskCount { id, day, note }).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_that_asks_for_too_much_is_told_at_once() {
        let (orders, mut received) = channel(1);
        let worker = DataWorker { orders: Some(orders), erase: Arc::default(), thread: None };
        let ask = |asked| Effect::Ask { asked, query: DirectoryQuery::Near, language: SlipLanguage::Fr };
        let trouble = |asked| Some(Event::Found { asked, answer: DirectoryAnswer::Trouble });
        assert_eq!([worker.order(ask(1)), worker.order(ask(2))], [None, trouble(2)]);
        assert_eq!([worker.order(Effect::Ring), worker.order(Effect::Erase)], [None, None]);
        assert_eq!(received.try_recv(), Ok(ask(1)));
        drop(received);
        assert_eq!(worker.order(ask(3)), trouble(3));
    }
}
