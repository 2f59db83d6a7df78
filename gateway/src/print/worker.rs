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

use super::bench::{Bench, Failure};
use super::lines::Lines;
use super::site::{Machine, Site};
use crate::tasks::{Ended, Tasks};
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
    pub sites: Vec<Site>,
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
        let places: Vec<ServedPlace> = self.sites.iter().map(|site| site.place.clone()).collect();
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Tasks::default();
        store.keep_places(&places, self.engine.clock.now()).await?;
        for machine in self.sites.iter().flat_map(|site| &site.machines) {
            store.recover_prints(&machine.name).await?;
        }
        let (tell, news) = watch::channel(());
        let printing = Arc::new(self);
        tasks.spawn("places", say(Arc::clone(&printing), places.clone(), stopped.clone()));
        tasks.spawn("news of slips", listen(Arc::clone(&store), tell, stopped.clone()));
        for (site, machine) in printing.sites.iter().flat_map(|site| site.machines.iter().map(move |machine| (site, machine))) {
            let worker = Worker { printing: Arc::clone(&printing), site: site.clone(), machine: machine.clone(), said: None };
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
    site: Site,
    machine: Machine,
    /// What was logged last, so that a printer without paper is named once.
    said: Option<(i64, Option<String>)>,
}

impl Worker {
    async fn run(mut self, mut news: watch::Receiver<()>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            news.mark_unchanged();
            let engine = &self.printing.engine;
            match engine.store.claim_print(&self.machine.name, engine.clock.now()).await {
                Ok(Some(job)) => {
                    fail_point::reach("print::claimed");
                    let transition = self.attempt(&job).await;
                    fail_point::reach("print::attempted");
                    self.keep(&job, &transition, &mut stop).await;
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
                    tracing::warn!(%error, printer = self.machine.name, "print.not_claimed");
                    is_told(&mut stop, RECOVER).await;
                }
            }
        }
    }

    /// One attempt at one slip, and what becomes of it.
    async fn attempt(&mut self, job: &Job) -> Transition {
        let Printing { engine, phrases, text_to, lines, .. } = self.printing.as_ref();
        let bench = Bench {
            store: &engine.store,
            clock: engine.clock.as_ref(),
            zone: engine.zone,
            vocabulary: &engine.vocabulary,
            phrases,
            home: engine.home.as_ref(),
            site: &self.site,
            machine: &self.machine,
            text_to: text_to.as_ref(),
            lines,
        };
        let (transition, outcome) = bench.attempt(job).await;
        self.log(job, &transition, outcome.as_ref().err());
        transition
    }

    /// Keeps what became of a job; as long as that fails, nothing else is printed.
    async fn keep(&self, job: &Job, transition: &Transition, stop: &mut watch::Receiver<bool>) {
        let engine = &self.printing.engine;
        while let Err(error) = engine.store.keep_print(job.id, transition, engine.clock.now()).await {
            tracing::error!(%error, job = job.id, printer = self.machine.name, "print.not_kept");
            if is_told(stop, RECOVER).await {
                return;
            }
        }
    }

    fn log(&mut self, job: &Job, transition: &Transition, failure: Option<&Failure>) {
        let why = failure.map(ToString::to_string);
        if self.said.replace((job.id, why.clone())) == Some((job.id, why)) {
            return;
        }
        let (printer, state) = (&self.machine.name, transition.state.id());
        match failure {
            None => tracing::info!(job = job.id, printer, state, attempts = job.attempts, "print.done"),
            Some(Failure::Printer(error)) => tracing::warn!(job = job.id, printer, state, attempts = job.attempts, %error, "print.failed"),
            Some(error) => tracing::error!(job = job.id, printer, state, %error, "print.failed"),
        }
    }
}
