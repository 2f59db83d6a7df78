//! Slips on this kiosk's own printer, through the queue in the database: a power cut loses none and prints none twice.
//!
//! At most one whole slip comes out for a touch: what an attempt left on the paper is kept before anything else is
//! printed, however long the database cannot be written.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use db::StoreError;
use db::print_job::{Job, Wanted};
use db::ticket::Ticketed;
use directory::clock::{Clock, SystemClock};
use directory::code::Code;
use directory::printing::{JobState, Transition};
use directory::record::{Brief, Scope};
use directory::ticket::Ticket;
use printer::compose::SlipRequest;
use printer::device::DeviceAddress;
use printer::job::{self, PrintError};
use printer::profile::Profile;
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

/// A printer.
#[derive(Debug, Clone)]
pub(super) struct PrintDevice {
    /// Its name in the queue.
    pub(super) name: String,
    /// Where it hangs.
    pub(super) address: DeviceAddress,
    /// Its kind.
    pub(super) profile: Profile,
    /// The place, as slips say it.
    pub(super) place: String,
    /// Held by whoever is at the printer, until the outcome is kept.
    pub(super) busy: Arc<Mutex<()>>,
}

/// What a visitor wants on paper.
#[derive(Debug, Clone)]
pub(super) struct SlipOrder {
    pub(super) codes: Vec<Code>,
    pub(super) languages: Vec<SlipLanguage>,
    pub(super) large: bool,
}

impl PrintDevice {
    /// Asks for slips: as many as the addresses need. The number of the first one, and the numbers of the jobs.
    pub(super) async fn queue(&self, queries: &Queries, slip: &SlipOrder) -> Result<(Option<Ticket>, BTreeSet<i64>), StoreError> {
        let style = if slip.large { Style::Large } else { Style::Standard };
        let languages = SlipLanguage::write_all(&slip.languages);
        let is_sensitive = queries.store.records(&slip.codes).await?.iter().any(|record| record.is_sensitive());
        let now = SystemClock.now();
        let ticket = if is_sensitive {
            None
        } else {
            let stands_for = Ticketed { codes: slip.codes.clone(), languages: languages.clone(), style: style.name().to_owned() };
            let mut chance = [0; 32];
            // Without chance the store gives the next free number.
            let chosen = if getrandom::fill(&mut chance).is_ok() { Ticket::by_chance(&chance) } else { Vec::new() };
            queries.store.take_ticket(&stands_for, &chosen, now).await?
        };
        let mut jobs = BTreeSet::new();
        for codes in slip.codes.chunks(style.most()) {
            let wanted =
                Wanted { printer: self.name.clone(), codes: codes.to_vec(), languages: languages.clone(), style: style.name().to_owned(), ticket, scans: true };
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
            let Some(job) = queries.store.claim_print(&self.name, SystemClock.now()).await? else { break };
            let (transition, problem) = self.attempt(queries, &job).await;
            let mut kept = queries.store.keep_print(job.id, &transition, SystemClock.now()).await;
            let is_ours = transition.state.is_over() && jobs.remove(&job.id);
            match problem {
                None if is_ours && transition.state == JobState::Spoiled => once(PrintOutcome::NoPrinter),
                None if jobs.is_empty() => once(PrintOutcome::Printed),
                None => {}
                Some(PrintError::PaperOut { .. } | PrintError::CoverOpen { .. }) => once(PrintOutcome::NoPaper),
                Some(_) if transition.pause.is_zero() && !transition.state.is_over() => {}
                Some(_) => once(PrintOutcome::NoPrinter),
            }
            // The visitor knows by now. As long as this fails, nothing else is printed: the slip would come out again.
            while kept.is_err() {
                tokio::time::sleep(RETRY_DELAY).await;
                kept = queries.store.keep_print(job.id, &transition, SystemClock.now()).await;
            }
            drop(at_the_printer);
            tokio::time::sleep(transition.pause.to_std().unwrap_or(Duration::ZERO)).await;
        }
        match last.filter(|last| jobs.contains(last)) {
            Some(last) => follow(queries, last).await,
            None => Ok(PrintOutcome::Printed),
        }
    }

    async fn attempt(&self, queries: &Queries, job: &Job) -> (Transition, Option<PrintError>) {
        let Some(stream) = self.compose(queries, job).await else { return (Transition::spoiled(job.left), None) };
        let (address, profile, left) = (self.address.clone(), self.profile.clone(), job.left);
        let outcome = tokio::task::spawn_blocking(move || job::attempt(&address, &stream, &profile, left)).await;
        match outcome {
            Ok(outcome) => (job::after(&outcome, job.attempts, SystemClock.now() - job.asked_at), outcome.err()),
            Err(_fault) => (job::died(left), None),
        }
    }

    async fn compose(&self, queries: &Queries, job: &Job) -> Option<printer::escpos::Stream> {
        let now = SystemClock.now().with_timezone(&queries.zone);
        let mut records = queries.store.records(&job.wanted.codes).await.ok()?;
        records.retain(|record| Brief::from(record.as_ref()).may_be_shown(Scope::Print, now.date_naive()));
        if records.is_empty() {
            return None;
        }
        let asked = SlipRequest {
            records,
            languages: SlipLanguage::read_all(&job.wanted.languages),
            style: Style::named(&job.wanted.style).unwrap_or_default(),
            ticket: job.wanted.ticket,
            scans: job.wanted.scans,
            place: Some(&self.place),
            text_to: None,
            line: None,
        };
        asked.compose(&queries.setting(now), queries.phrases.slips(), &self.profile).ok()
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
