//! The tasks that print: one for each printer that hangs on this machine, one that hears of new jobs, one that says
//! which printers there are.
//!
//! At most one whole slip comes out for a job: what an attempt left on the paper is kept before the next one, and
//! an attempt that could not be kept is not followed by another.

use std::sync::Arc;
use std::time::Duration as Span;

use db::place::{SAID_FOR, ServedPlace};
use db::print_job::Job;
use db::{Store, StoreError, Topic, fail_point};
use directory::phone::Phone;
use directory::printing::Transition;
use printer::phrases::SlipPhrases;
use tokio::sync::watch;

use super::place::ConfiguredPlace;
use crate::tasks::{Ended, Tasks};
use application::print_queue::{Lines, PrintAttempt, PrintFailure, QueuePrinter};
use application::turn::TurnService;

/// Until the queue is looked at again although nobody told of anything: a pause may be over.
const LOOK_AGAIN: Span = Span::from_secs(1);

/// Until a database that failed is tried again.
const RECOVER: Span = Span::from_secs(2);

/// What slips are printed with.
#[derive(Debug)]
pub struct Printing {
    /// Records, words, database, time.
    pub engine: Arc<TurnService>,
    /// Sentences of slips.
    pub phrases: SlipPhrases,
    /// The places of this machine.
    pub places: Vec<ConfiguredPlace>,
    /// Where tickets can be texted to.
    pub text_to: Option<Phone>,
    /// Lines that people wrote for their visitors.
    pub lines: Arc<Lines>,
}

/// The tasks while they run.
#[derive(Debug)]
pub struct Running {
    tasks: Tasks,
    stop: watch::Sender<bool>,
    store: Arc<Store>,
    places: Vec<ServedPlace>,
}

impl Printing {
    /// Says which printers there are, takes up what was being printed when the program died, and begins.
    pub async fn start(self) -> Result<Running, StoreError> {
        let store = Arc::clone(&self.engine.store);
        let places: Vec<ServedPlace> = self.places.iter().map(|place| place.place.clone()).collect();
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Tasks::default();
        store.keep_places(&places, self.engine.clock.now()).await?;
        for printer in self.places.iter().flat_map(|place| &place.printers) {
            store.recover_prints(&printer.name).await?;
        }
        let (tell, news) = watch::channel(());
        let printing = Arc::new(self);
        tasks.spawn("places", say(Arc::clone(&printing), places.clone(), stopped.clone()));
        tasks.spawn("news of slips", listen(Arc::clone(&store), tell, stopped.clone()));
        let printers = printing.places.iter().flat_map(|place| place.printers.iter().map(move |printer| (place, printer)));
        for (place, printer) in printers {
            let (place, printer) = (place.clone(), printer.clone());
            let worker = Worker { printing: Arc::clone(&printing), place, printer, said: None };
            tasks.spawn("printer", worker.run(news.clone(), stopped.clone()));
        }
        Ok(Running { tasks, stop, store, places })
    }
}

impl Running {
    /// Waits until one of the tasks ends, which none does before it is told to.
    pub async fn ended(&mut self) -> Ended {
        self.tasks.ended().await
    }

    /// Lets slips that are being printed come to their end.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        self.tasks.finish().await;
        if let Err(error) = self.store.leave_places(&self.places).await {
            tracing::warn!(%error, "print.places_not_left");
        }
    }
}

/// Says again and again that the places are there.
async fn say(printing: Arc<Printing>, places: Vec<ServedPlace>, mut stop: watch::Receiver<bool>) {
    let every = (SAID_FOR / 3).to_std().unwrap_or(RECOVER);
    while !is_told(&mut stop, every).await {
        if let Err(error) = printing.engine.store.keep_places(&places, printing.engine.clock.now()).await {
            tracing::warn!(%error, "print.places_not_kept");
        }
    }
}

/// Tells all printers when there may be something to print.
async fn listen(store: Arc<Store>, tell: watch::Sender<()>, mut stop: watch::Receiver<bool>) {
    loop {
        match store.changes(Topic::Slips).await {
            Ok(mut changes) => loop {
                tokio::select! {
                    () = changes.wait() => tell.send_replace(()),
                    _ = stop.wait_for(|stops| *stops) => return,
                };
            },
            Err(error) => tracing::warn!(%error, "print.not_listening"),
        }
        if is_told(&mut stop, RECOVER).await {
            return;
        }
    }
}

/// True where it is to stop within that time.
async fn is_told(stop: &mut watch::Receiver<bool>, within: Span) -> bool {
    tokio::time::timeout(within, stop.wait_for(|stops| *stops)).await.is_ok()
}

/// One printer.
struct Worker {
    printing: Arc<Printing>,
    place: ConfiguredPlace,
    printer: QueuePrinter,
    /// What was logged last, so that a printer without paper is named once.
    said: Option<(i64, Option<String>)>,
}

impl Worker {
    async fn run(mut self, mut news: watch::Receiver<()>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            news.mark_unchanged();
            let engine = &self.printing.engine;
            match engine.store.claim_print(&self.printer.name, engine.clock.now()).await {
                Ok(Some(job)) => {
                    fail_point::reach("print::claimed");
                    let (transition, outcome) = self.attempt().attempt(&job).await;
                    self.log(&job, &transition, outcome.as_ref().err());
                    fail_point::reach("print::attempted");
                    while !self.attempt().keep(&job, &transition).await && !is_told(&mut stop, RECOVER).await {}
                }
                Ok(None) => {
                    let is_silent = tokio::select! {
                        told = tokio::time::timeout(LOOK_AGAIN, news.changed()) => matches!(told, Ok(Err(_))),
                        _ = stop.wait_for(|stops| *stops) => false,
                    };
                    // Nobody tells any more: looking again and again would take all of the machine.
                    if is_silent {
                        is_told(&mut stop, LOOK_AGAIN).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, printer = self.printer.name, "print.not_claimed");
                    is_told(&mut stop, RECOVER).await;
                }
            }
        }
    }

    fn attempt(&self) -> PrintAttempt<'_> {
        let Printing { engine, phrases, text_to, lines, .. } = self.printing.as_ref();
        PrintAttempt {
            store: &engine.store,
            clock: engine.clock.as_ref(),
            zone: engine.zone,
            vocabulary: &engine.vocabulary,
            phrases,
            home: engine.home.as_ref(),
            place: &self.place.place.name,
            desk: self.place.desk.as_ref(),
            printer: &self.printer,
            text_to: text_to.as_ref(),
            lines,
        }
    }

    fn log(&mut self, job: &Job, transition: &Transition, failure: Option<&PrintFailure>) {
        let why = failure.map(ToString::to_string);
        if self.said.replace((job.id, why.clone())) == Some((job.id, why)) {
            return;
        }
        let (printer, state) = (&self.printer.name, transition.state.id());
        match failure {
            None => tracing::info!(job = job.id, printer, state, attempts = job.attempts, "print.done"),
            Some(PrintFailure::Printer(error)) => tracing::warn!(job = job.id, printer, state, attempts = job.attempts, %error, "print.failed"),
            Some(error) => tracing::error!(job = job.id, printer, state, %error, "print.failed"),
        }
    }
}
