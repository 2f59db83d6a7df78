//! `passerelle serve` and `passerelle demo`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;
use db::Store;
use db::outbox::Way;
use directory::clock::SystemClock;
use directory::phone::Phone;
use printer::phrases::SlipPhrases;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::clock_watch::ClockWatch;
use super::key_file::{self, OtherKeys};
use super::mediator::{first_link, has_accounts};
use super::simulated::Simulated;
use super::start::{start, tell_if_open, unverified};
use super::{import::progress_bar, out};
use crate::channel::Carrier;
use crate::channel::telegram::routes::TelegramRoute;
use crate::channel::telegram::turns::Chats;
use crate::channel::telegram::{self, speak::Speaker};
use crate::channel::twilio::Secret;
use crate::channel::twilio::send::{Account, Rest};
use crate::channel::twilio_voice::turns::Calls;
use crate::config::{Config, Flags, Twilio};
use crate::delivery::DeliveryWorker;
use crate::demo;
use crate::desk::{self, Desk};
use crate::http::{TwilioRoute, router};
use crate::kiosks::{Copy, RequestImporter};
use crate::listener::{self, Bounds, Shares};
use crate::monitor::{self, Counters};
use crate::print::{Printing, Running, configured_places, text_to};
use crate::source::Reader;
use crate::tasks::{Ended, Tasks};
use application::print_queue::Lines;
use application::turn::TurnService;

/// The file of the demo territory, unless another is named.
const DEMO_FILE: &str = "demo.sqlite";

/// What the last turns may take at the end.
const LAST_TURNS: Duration = Duration::from_secs(20);
/// Answering.
#[derive(Debug, Args)]
pub struct Serve {
    /// The key file of this database is lost for good: make new keys. Nobody's STOP is recognised then
    #[arg(long)]
    replace_keys: bool,
}

/// The demo.
#[derive(Debug, Args)]
pub struct Demo {
    /// Load the territory and stop
    #[arg(long)]
    load_only: bool,
}

pub(super) async fn serve(config: Option<&Path>, flags: &Flags, serve: &Serve) -> anyhow::Result<()> {
    let others = if serve.replace_keys { OtherKeys::Replace } else { OtherKeys::Refuse };
    run(Config::read(config, flags)?, config, others).await
}

pub(super) async fn demo(config: Option<&Path>, mut flags: Flags, demo: &Demo) -> anyhow::Result<()> {
    flags.database.get_or_insert_with(|| PathBuf::from(DEMO_FILE));
    let file = config;
    let mut config = Config::read(file, &flags)?;
    config.desk.name.get_or_insert_with(|| demo::DESK_NAME.to_owned());
    config.desk.phone.get_or_insert_with(|| demo::DESK_PHONE.to_owned());
    config.desk.calls_back.get_or_insert(true);
    config.simulator.on = true;
    let database = config.database.address();
    if let Some(file) = database.file() {
        config.kiosk.copy.get_or_insert_with(|| demo::kiosk_copy(file));
    }
    let bar = progress_bar();
    let loaded = demo::load(&database, &SystemClock, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })
    .await;
    bar.finish_and_clear();
    out::line(&format!("Demo territory: {} entries in {database}", loaded?));
    if let Some(copy) = &config.kiosk.copy {
        check_copy(&config, copy)?;
        demo::copy(&database, copy, &SystemClock).await.with_context(|| format!("kiosk.copy: {}", copy.display()))?;
    }
    if demo.load_only {
        return Ok(());
    }
    let program = std::env::current_exe().map_or_else(|_| "passerelle".to_owned(), |path| path.display().to_string());
    out::line("Try, in another terminal:");
    for question in demo::QUESTIONS {
        out::line(&format!("  {program} --db {} ask {question}", config.database.url));
    }
    run(config, file, OtherKeys::Refuse).await
}

#[expect(clippy::too_many_lines, reason = "one straight line: what is opened, begun, waited for and ended, in that order")]
async fn run(mut config: Config, file: Option<&Path>, others: OtherKeys) -> anyhow::Result<()> {
    outlive_file_limits()?;
    let shares = Shares::raised();
    let simulated = if config.simulator.on { Some(Simulated::bind(&mut config).await?) } else { None };
    let (engine, mut writer) = start(&config, Arc::new(SystemClock), others).await?.into_parts();
    let engine = Arc::new(engine);
    if let Some(remark) = unverified(engine.vocabulary.emergency(), engine.clock.as_ref()) {
        out::remark(&format!("Emergency numbers: {remark}"));
    }
    let route = twilio_route(&config, &engine)?;
    let chats = chats(&config, &engine)?;
    let listener = TcpListener::bind(config.http.listen)
        .await
        .with_context(|| format!("nothing can listen on {}: another program may use it; set http.listen", config.http.listen))?;
    out::line(&format!(
        "Passerelle listens on http://{} ({}). Stop with Ctrl-C.",
        config.http.listen,
        if route.is_some() { "text messages: /twilio/sms, calls: /twilio/voice" } else { "no carrier set up: see README" }
    ));
    let watching = TcpListener::bind(config.monitor.listen)
        .await
        .with_context(|| format!("nothing can listen on {}: another program may use it; set monitor.listen", config.monitor.listen))?;
    out::line(&format!("Health and counters: http://{}/health/ready and /metrics", watching.local_addr()?));
    let pages = desk_listener(&mut config, &engine).await?;
    if engine.calls_back {
        out::line("Who sends 0 is promised a call. To see who waits: passerelle call-backs --watch, with the same settings.");
    }
    let lines = Arc::new(Lines::default());
    let mut stopping = Stopping::listen()?;
    let mut printing = print(&config, &engine, &lines).await?;
    // Of the first nothing is waited for at the end: each of their steps can be done again. The others end what they
    // are at.
    let (mut tasks, mut served) = (Tasks::default(), Tasks::default());
    let mut stores = vec![Arc::clone(&engine.store)];
    if let Some(copy) = copy(&config, &engine).await? {
        stores.push(copy.file());
        tasks.spawn("copy for kiosks", copy.keep_up(Duration::from_secs(60 * u64::from(config.kiosk.copy_minutes))));
    }
    tasks.spawn("purge", tidy_hourly(Arc::clone(&engine), stores.clone()));
    bring_left_behind(&engine).await;
    let mut senders = senders(&config, &engine)?;
    let mut posted_to = None;
    if let Some(chats) = chats {
        let token = config.telegram.token.as_ref().context("telegram.token is missing")?;
        senders.push((Way::Chat, Carrier::Telegram(Box::new(telegram::send::Sender::new(token, &config.telegram.api_url, Speaker::find())?))));
        let bot = telegram::send::bot(token, &config.telegram.api_url, telegram::poll::LONGEST)?;
        if config.telegram.webhook {
            let public = config.http.public_url.as_deref().context("http.public_url is missing: it is where Telegram posts to (telegram.webhook)")?;
            let (url, secret) = (format!("{}/telegram/webhook", public.trim_end_matches('/')), engine.keys.webhook_secret());
            posted_to = Some(TelegramRoute { chats, secret: secret.clone() });
            tasks.spawn("webhook of the bot", async {
                telegram::poll::ask_to_post(bot, url, secret).await;
                // Asked once, it is done, and no task that is missing.
                std::future::pending::<()>().await;
            });
            if simulated.is_none() {
                out::line("The bot: Telegram posts to /telegram/webhook.");
            }
        } else {
            tasks.spawn("updates of the bot", telegram::poll::run(bot, chats));
            out::line("The bot: updates are fetched from Telegram.");
        }
    }
    if simulated.is_none() && senders.iter().any(|(way, _)| *way == Way::Sms) {
        out::line("Text messages and calls go out from the number of twilio.number.");
    }
    let (stop, stopped) = watch::channel(false);
    for (way, sender) in senders {
        served.spawn(way.id(), DeliveryWorker::new(Arc::clone(&engine), way, sender, stopped.clone()).run());
    }
    let desk = Arc::new(Desk::new(Arc::clone(&engine), desk_settings(&config, file, &engine, &lines)?)?);
    // A page of the desk may take longer than a webhook.
    let bounds = Bounds { end: desk::DEADLINE + Duration::from_secs(1), ..Bounds::of(shares.desk) };
    let pages = listener::serve(pages, desk::router(Arc::clone(&desk)), bounds, told(stopped.clone()));
    served.spawn("desk", async move {
        pages.await;
        desk.end_readings().await;
    });
    // It never ends by itself; with the program it is dropped, whoever still asks.
    let watched = monitor::router(Arc::clone(&engine.store), Counters::begin()?);
    tasks.spawn("monitor", listener::serve(watching, watched, Bounds::of(shares.monitor), std::future::pending()));
    let routes = router(route, posted_to);
    if let Some(simulated) = simulated {
        out::line(&format!("A phone and a chat to try: http://{}", simulated.address()?));
        tasks.spawn("simulator", simulated.serve(routes.clone(), &engine));
    }
    served.spawn("webhooks", listener::serve(listener, routes, Bounds::of(shares.public), told(stopped)));
    let died = tokio::select! {
        () = stopping.asked() => None,
        ended = tasks.ended() => Some(ended.to_string()),
        ended = served.ended() => Some(ended.to_string()),
        ended = ended(printing.as_mut()) => Some(ended.to_string()),
        _ = &mut writer => Some("the task that keeps turns ended".to_owned()),
    };
    if let Some(died) = &died {
        tracing::error!("serve.task_died: {died}. Nothing is done without it: the program ends, to be started anew");
    }
    let _ = stop.send(true);
    // What is being sent is sent to its end: broken off, it would go out twice.
    served.finish().await;
    tasks.abort().await;
    for copy in stores.drain(1..) {
        copy.close().await;
    }
    drop(stores);
    out::line("Stopping: the last answers are being kept.");
    if let Some(printing) = printing {
        printing.stop().await;
    }
    let kept = if writer.is_finished() { Ok(()) } else { stop_writing(engine, writer).await };
    match died {
        Some(died) => anyhow::bail!("{died}"),
        None => kept,
    }
}

/// Waits until the last turn is kept. Whoever still holds the engine (a reading of a source that goes on) may hand one
/// in.
async fn stop_writing(engine: Arc<TurnService>, writer: JoinHandle<()>) -> anyhow::Result<()> {
    let store = Arc::clone(&engine.store);
    drop(engine);
    tokio::time::timeout(LAST_TURNS, writer)
        .await
        .context("something goes on behind the end: it is broken off, and what it would have kept is not kept")?
        .context("the task that keeps turns failed")?;
    store.close().await;
    Ok(())
}

/// Waits until it is to stop.
async fn told(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stops| *stops).await;
}

/// Waits until a task of the printers ends; for ever where there are none.
async fn ended(printing: Option<&mut Running>) -> Ended {
    match printing {
        Some(printing) => printing.ended().await,
        None => std::future::pending().await,
    }
}

/// What the settings say of the desk's pages.
fn desk_settings(config: &Config, file: Option<&Path>, engine: &TurnService, lines: &Arc<Lines>) -> anyhow::Result<desk::Settings> {
    let sites = configured_places(config, engine.desk.as_ref())?;
    Ok(desk::Settings {
        is_reached: config.desk.public_url.is_some(),
        reader: Some(Reader::of(file, &config.database.url)?),
        local_feeds: config.desk.local_feeds,
        lines: Arc::clone(lines),
        own_printers: sites.iter().flat_map(|site| &site.printers).map(|machine| machine.name.clone()).collect(),
        text_to: text_to(config)?,
        texts: config.twilio.account().is_some(),
        telegram: config.telegram.clone(),
    })
}

/// Takes the port of the desk's pages, and says where they are. Whoever is not on this machine comes through a proxy with
/// TLS: browsers keep the desk's cookie for nothing less.
async fn desk_listener(config: &mut Config, engine: &TurnService) -> anyhow::Result<TcpListener> {
    let desk = &mut config.desk;
    if let Some(url) = &desk.public_url {
        anyhow::ensure!(url.starts_with("https://"), "desk.public_url is {url}: mediators' browsers reach the desk by https:// only");
    } else {
        anyhow::ensure!(
            desk.listen.ip().is_loopback(),
            "desk.listen is {}: others could reach the desk without TLS. Put a proxy before it and name it in desk.public_url (see README)",
            desk.listen
        );
    }
    let pages =
        TcpListener::bind(desk.listen).await.with_context(|| format!("nothing can listen on {}: another program may use it; set desk.listen", desk.listen))?;
    desk.listen = pages.local_addr()?;
    out::line(&format!("The mediators' desk: {}", desk.address()));
    // A link to all there is belongs before somebody's eyes, and not into the log of a service.
    if !has_accounts(&engine.store).await? {
        if out::is_watched() {
            let link = first_link(&engine.store, desk).await?;
            out::line(&format!("Nobody has an account there. Open this link, once, to make the operator's: {link}"));
        } else {
            out::line("Nobody has an account there. The first: passerelle mediator add NAME --role operator");
        }
    }
    Ok(pages)
}

/// Makes the copy that kiosks read, where the settings name one.
async fn copy(config: &Config, engine: &Arc<TurnService>) -> anyhow::Result<Option<Copy>> {
    let Some(file) = &config.kiosk.copy else { return Ok(None) };
    check_copy(config, file)?;
    anyhow::ensure!(config.kiosk.copy_minutes > 0, "kiosk.copy_minutes is 0: give at least 1");
    out::remark(&format!("Copying the directory for kiosks into {}.", file.display()));
    let copy = Copy::open(Arc::clone(engine), file).await.with_context(|| format!("kiosk.copy: {}", file.display()))?;
    tell_if_open(file, 0o007, "o-rwx");
    Ok(Some(copy))
}

/// What a kiosk's account can reach is its copy and what lies in the copy's folder: neither database nor key.
fn check_copy(config: &Config, copy: &Path) -> anyhow::Result<()> {
    let folder = |file: &Path| {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        folder.canonicalize().unwrap_or_else(|_not_there_yet| folder.to_owned())
    };
    let database = config.database.address();
    let key_file = key_file::place(config, &database);
    for (what, file) in [("the database", database.file()), ("the key file", Some(key_file.as_path()))] {
        anyhow::ensure!(
            file.is_none_or(|file| folder(file) != folder(copy)),
            "kiosk.copy lies beside {what}, which no kiosk may reach: give the copy a folder of its own"
        );
    }
    Ok(())
}

/// Kiosks of earlier versions wrote into this database itself: the last of their letters are brought in. They close no
/// more here.
async fn bring_left_behind(engine: &Arc<TurnService>) {
    let brought = match engine.store.set_sealing_key(None).await {
        Ok(()) => RequestImporter::new(Arc::clone(engine)).import_all(&engine.store).await.map(drop),
        Err(error) => Err(error.into()),
    };
    if let Err(error) = brought {
        tracing::warn!(%error, "letters.not_brought: letters that kiosks left in this database stay there until the next start");
    }
}

/// Prints what is asked of the printers of this machine.
async fn print(config: &Config, engine: &Arc<TurnService>, lines: &Arc<Lines>) -> anyhow::Result<Option<Running>> {
    let (places, text_to) = (configured_places(config, engine.desk.as_ref())?, text_to(config)?);
    if places.is_empty() {
        return Ok(None);
    }
    for (place, printer) in places.iter().flat_map(|place| place.printers.iter().map(move |printer| (place, printer))) {
        out::line(&format!("Slips: printer {} at {} ({})", printer.name, place.place.name, printer.address));
    }
    let printing = Printing { engine: Arc::clone(engine), phrases: SlipPhrases::shipped()?, places, text_to, lines: Arc::clone(lines) };
    Ok(Some(printing.start().await?))
}

/// Erases what has been kept long enough and keeps the keys fresh, at the start and then every hour. By a
/// clock that has just jumped nothing is erased: it may come back.
async fn tidy_hourly(engine: Arc<TurnService>, stores: Vec<Arc<Store>>) {
    let mut hours = tokio::time::interval(Duration::from_hours(1));
    let (begun, mut watch) = (Instant::now(), ClockWatch::default());
    loop {
        hours.tick().await;
        let now = engine.clock.now();
        match watch.jump(now, begun.elapsed()) {
            Some(jump) => tracing::warn!(
                minutes = jump.num_minutes(),
                "purge.put_off: this machine's clock has jumped, or the machine slept; what is old is erased in an hour, by the date that the clock shows then. Check it"
            ),
            None => {
                for store in &stores {
                    purge(store, now).await;
                }
            }
        }
        match engine.store.take_confirmations(engine.vocabulary.territory(), now).await {
            Ok(0) => {}
            Ok(entries) => tracing::info!(entries, "record.confirmed"),
            Err(error) => tracing::warn!(%error, "confirmations.not_taken"),
        }
        // Behind the purge: a key that was destroyed leaves the memory too.
        if let Err(error) = engine.keys.renew(&engine.store, now).await {
            tracing::warn!(%error, "keys.not_renewed");
        }
    }
}

async fn purge(store: &Store, now: DateTime<Utc>) {
    match store.purge(now).await {
        Ok(purged) => {
            if purged.call_backs > 0 {
                tracing::warn!(call_backs = purged.call_backs, "call_backs.expired: these persons were promised a call, and nobody called within a week");
            }
            tracing::info!(
                turns = purged.turns,
                sessions = purged.sessions,
                sender_keys = purged.sender_keys,
                call_backs = purged.call_backs,
                tickets = purged.tickets,
                slips_given_up = purged.given_up,
                persons_withdrawn = purged.withdrawn,
                "purge.done"
            );
        }
        Err(error) => tracing::warn!(%error, "purge.failed"),
    }
}

fn twilio_route(config: &Config, engine: &Arc<TurnService>) -> anyhow::Result<Option<TwilioRoute>> {
    let secrets = secrets(&config.twilio)?;
    if secrets.is_empty() {
        return Ok(None);
    }
    let public = config
        .http
        .public_url
        .as_deref()
        .context("http.public_url is missing: it is the address at which the carrier reaches this machine, and part of what it signs")?;
    Ok(Some(TwilioRoute {
        engine: Arc::clone(engine),
        calls: Calls::new(Arc::clone(engine), public, &config.voice)?,
        public_url: public.trim_end_matches('/').to_owned(),
        secrets,
    }))
}

/// Chats, where a bot is set up.
fn chats(config: &Config, engine: &Arc<TurnService>) -> anyhow::Result<Option<Arc<Chats>>> {
    let Some(token) = &config.telegram.token else { return Ok(None) };
    anyhow::ensure!(!token.expose().trim().is_empty(), "telegram.token is empty: give the bot's token, or leave the setting out");
    let speaks = Speaker::find().is_some();
    if !speaks {
        out::remark("Answers in chats are not spoken: espeak-ng, and opusenc or ffmpeg, are missing (sudo apt-get install espeak-ng opus-tools).");
    }
    Ok(Some(Arc::new(Chats::new(Arc::clone(engine), speaks)?)))
}

/// Who sends what is queued, by way.
fn senders(config: &Config, engine: &Arc<TurnService>) -> anyhow::Result<Vec<(Way, Carrier)>> {
    let (Some((account, number)), Some(public)) = (config.twilio.account(), &config.http.public_url) else { return Ok(Vec::new()) };
    let from = Phone::parse(number, config.home.country).context("twilio.number is no phone number: write it like +32 460 00 00 00")?;
    let mut senders = Vec::new();
    for way in [Way::Sms, Way::Call] {
        let rest = Rest::new(Account {
            api: config.twilio.api_url.clone(),
            sid: account.to_owned(),
            tokens: [&config.twilio.auth_token, &config.twilio.next_auth_token].into_iter().flatten().cloned().collect(),
            from: from.as_str().to_owned(),
            public_url: public.clone(),
            call_minutes: engine.limits.call_minutes,
        })?;
        senders.push((way, Carrier::Twilio(rest)));
    }
    Ok(senders)
}

/// The keys that count. An empty one would let anybody sign.
fn secrets(twilio: &Twilio) -> anyhow::Result<Vec<Secret>> {
    twilio
        .keys()
        .map(|(name, key)| {
            anyhow::ensure!(!key.expose().trim().is_empty(), "twilio.{name} is empty: give the carrier's key, or leave the setting out");
            Ok(if name == "shared_key" { Secret::shared_key(key.expose()) } else { Secret::new(key.expose()) })
        })
        .collect()
}

/// A file that may not grow any more is an error like a full disk: without a handler for SIGXFSZ the
/// first write past the limit would end the program.
fn outlive_file_limits() -> std::io::Result<()> {
    const SIGXFSZ: i32 = 25;
    signal(SignalKind::from_raw(SIGXFSZ)).map(drop)
}

/// The wish that the program stop: listened to before anything is begun that must be ended in order.
struct Stopping {
    interrupt: Signal,
    terminate: Signal,
}

impl Stopping {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
