//! Slips on this kiosk's own printer, through the queue in the database: a power cut loses none and prints none twice.
//!
//! At most one whole slip comes out for a touch: what an attempt left on the paper is kept before anything else is
//! printed, however long the database cannot be written.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use application::print_queue::{Lines, PrintAttempt, PrintFailure, QueuePrinter};
use application::take_away;
use db::StoreError;
use db::print_job::Wanted;
use directory::clock::{Clock, SystemClock};
use directory::code::Code;
use directory::printing::JobState;
use directory::ticket::Ticket;
use printer::job::PrintError;
use printer::slip::Style;
use printer::slip_language::SlipLanguage;
use tokio::sync::Mutex;

use super::ask::Queries;
use crate::app::{PrintOutcome, SlipResult};

/// Until a job that another task prints is looked at again, and how often.
const LOOK_AGAIN: Duration = Duration::from_millis(300);
const MAX_LOOKS: usize = 50;

/// Until an outcome that could not be kept is tried again.
const RETRY_DELAY: Duration = Duration::from_secs(2);

/// The kiosk's printer.
#[derive(Debug, Clone)]
pub(super) struct PrintDevice {
    /// As its queue knows it.
    pub(super) printer: QueuePrinter,
    /// The place, as slips say it.
    pub(super) place: String,
    /// Held by whoever is at the printer, until the outcome is kept.
    pub(super) busy: Arc<Mutex<()>>,
    /// Nobody writes lines at a kiosk.
    pub(super) lines: Arc<Lines>,
}

/// What a visitor wants on paper.
#[derive(Debug, Clone)]
pub(super) struct SlipOrder {
    pub(super) codes: Vec<Code>,
    pub(super) languages: Vec<SlipLanguage>,
    pub(super) large: bool,
}

impl PrintDevice {
    fn attempt<'a>(&'a self, queries: &'a Queries) -> PrintAttempt<'a> {
        PrintAttempt {
            store: &queries.store,
            clock: &SystemClock,
            zone: queries.zone,
            vocabulary: &queries.vocabulary,
            phrases: queries.phrases.slips(),
            home: Some(&queries.home),
            place: &self.place,
            desk: None,
            printer: &self.printer,
            text_to: None,
            lines: &self.lines,
        }
    }

    /// Asks for slips: as many as the addresses need. The number of the first one, and the numbers of the jobs.
    pub(super) async fn queue(&self, queries: &Queries, slip: &SlipOrder) -> Result<(Option<Ticket>, BTreeSet<i64>), StoreError> {
        let style = if slip.large { Style::Large } else { Style::Standard };
        let languages = SlipLanguage::write_all(&slip.languages);
        let records = queries.store.records(&slip.codes).await?;
        let now = SystemClock.now();
        let shown = records.iter().map(AsRef::as_ref);
        let ticket = take_away::ticket(&queries.store, shown, &slip.languages, style, now).await?.ticket();
        let mut jobs = BTreeSet::new();
        for codes in slip.codes.chunks(style.most()) {
            let wanted = Wanted {
                printer: self.printer.name.clone(),
                codes: codes.to_vec(),
                languages: languages.clone(),
                style: style.name().to_owned(),
                ticket,
                scans: true,
            };
            jobs.extend(queries.store.queue_print(&wanted, now).await?);
        }
        Ok((ticket, jobs))
    }

    /// Prints what waits, in order, until nothing waits. Tells what becomes of these jobs once, also where the database
    /// fails meanwhile.
    pub(super) async fn run(self, queries: Arc<Queries>, ticket: Option<Ticket>, jobs: BTreeSet<i64>, tell: impl Fn(SlipResult)) {
        let ticket = ticket.map(Ticket::spaced);
        let mut told = false;
        let mut once = |outcome| {
            if !told {
                told = true;
                tell(SlipResult { outcome, ticket: ticket.clone() });
            }
        };
        let last = self.work(&queries, jobs, &mut once).await;
        once(last.unwrap_or(PrintOutcome::NoPrinter));
    }

    /// What is known of these jobs once nothing waits.
    async fn work(&self, queries: &Queries, mut jobs: BTreeSet<i64>, once: &mut impl FnMut(PrintOutcome)) -> Result<PrintOutcome, StoreError> {
        let last = jobs.last().copied();
        loop {
            let at_the_printer = self.busy.lock().await;
            let Some(job) = queries.store.claim_print(&self.printer.name, SystemClock.now()).await? else { break };
            let attempt = self.attempt(queries);
            let (transition, outcome) = attempt.attempt(&job).await;
            let mut kept = attempt.keep(&job, &transition).await;
            let is_ours = transition.state.is_over() && jobs.remove(&job.id);
            match outcome {
                Err(PrintFailure::Printer(PrintError::PaperOut { .. } | PrintError::CoverOpen { .. })) => once(PrintOutcome::NoPaper),
                Err(PrintFailure::Printer(_)) if transition.pause.is_zero() && !transition.state.is_over() => {}
                Err(PrintFailure::Printer(_)) => once(PrintOutcome::NoPrinter),
                Ok(_) | Err(_) if is_ours && transition.state == JobState::Spoiled => once(PrintOutcome::NoPrinter),
                Ok(_) | Err(_) if jobs.is_empty() => once(PrintOutcome::Printed),
                Ok(_) | Err(_) => {}
            }
            // The visitor knows by now. What could not be kept is tried again before anything else is printed.
            while !kept {
                tokio::time::sleep(RETRY_DELAY).await;
                kept = attempt.keep(&job, &transition).await;
            }
            drop(at_the_printer);
            tokio::time::sleep(transition.pause.to_std().unwrap_or(Duration::ZERO)).await;
        }
        match last.filter(|last| jobs.contains(last)) {
            Some(last) => follow(queries, last).await,
            None => Ok(PrintOutcome::Printed),
        }
    }
}

/// Another task is at the printer, with slips that were asked for before: what it makes of this one.
async fn follow(queries: &Queries, id: i64) -> Result<PrintOutcome, StoreError> {
    for _ in 0..MAX_LOOKS {
        let waits = queries.store.print_jobs().await?.iter().any(|job| job.state == JobState::WaitingForPaper);
        match queries.store.print_job(id).await?.map(|job| job.state) {
            Some(JobState::Done) => return Ok(PrintOutcome::Printed),
            None | Some(JobState::Spoiled) => return Ok(PrintOutcome::NoPrinter),
            Some(_) if waits => return Ok(PrintOutcome::NoPaper),
            Some(_) => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
    Ok(PrintOutcome::NoPrinter)
}
