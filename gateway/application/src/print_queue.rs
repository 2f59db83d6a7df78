//! One attempt at one job of a printer's queue, and keeping what became of it: once for both programs and the command
//! line.
//!
//! At most one whole slip comes out for a job: what an attempt left on the paper is kept before the next one.

mod lines;

use chrono_tz::Tz;
use db::Store;
use db::print_job::Job;
use directory::answer::Desk;
use directory::clock::Clock;
use directory::dialogue::Setting;
use directory::locality::Locality;
use directory::phone::Phone;
use directory::printing::Transition;
use directory::record::{Brief, Scope};
use directory::vocabulary::Vocabulary;
use printer::compose::SlipRequest;
use printer::device::DeviceAddress;
use printer::escpos::Stream;
use printer::job::{self, PrintError, Printed};
use printer::phrases::SlipPhrases;
use printer::profile::Profile;
use printer::slip::Style;
use printer::slip_language::SlipLanguage;

pub use self::lines::Lines;

/// A printer of a queue.
#[derive(Debug, Clone)]
pub struct QueuePrinter {
    /// Its name.
    pub name: String,
    /// Where it hangs.
    pub address: DeviceAddress,
    /// Its kind.
    pub profile: Profile,
}

/// A printer, and all that its slips are made with.
#[derive(Debug, Clone, Copy)]
pub struct PrintAttempt<'a> {
    /// The database.
    pub store: &'a Store,
    /// The time.
    pub clock: &'a dyn Clock,
    /// The territory's time zone.
    pub zone: Tz,
    /// Words and places.
    pub vocabulary: &'a Vocabulary,
    /// Sentences of slips.
    pub phrases: &'a SlipPhrases,
    /// From where distances are counted.
    pub home: Option<&'a Locality>,
    /// The place, as slips say it.
    pub place: &'a str,
    /// Who answers there, on slips.
    pub desk: Option<&'a Desk>,
    /// Its printer.
    pub printer: &'a QueuePrinter,
    /// Where tickets can be texted to.
    pub text_to: Option<&'a Phone>,
    /// Lines that people wrote for their visitors.
    pub lines: &'a Lines,
}

/// Why a job cannot be printed, now or ever.
#[derive(Debug, thiserror::Error)]
pub enum PrintFailure {
    /// The printer's word; it may be otherwise later.
    #[error(transparent)]
    Printer(#[from] PrintError),
    /// It was withdrawn.
    #[error("none of its records may be printed any more")]
    NothingLeft,
    /// A fault of ours.
    #[error("the slip cannot be made: {0}")]
    Unmade(String),
    /// A fault of ours; a part of the slip may be on the paper.
    #[error("the task at the printer failed: {0}")]
    Died(String),
}

impl PrintAttempt<'_> {
    /// Tries to print a claimed job: what becomes of it, and why it is not on the paper.
    pub async fn attempt(&self, job: &Job) -> (Transition, Result<Printed, PrintFailure>) {
        let line = self.lines.of(job.id).await;
        let stream = match self.compose(job, line.as_deref()).await {
            Ok(Some(stream)) => stream,
            Ok(None) => return (Transition::spoiled(job.left), Err(PrintFailure::NothingLeft)),
            Err(failure) => return (Transition::spoiled(job.left), Err(failure)),
        };
        let (printer, left) = (self.printer.clone(), job.left);
        let outcome = tokio::task::spawn_blocking(move || job::attempt(&printer.address, &stream, &printer.profile, left)).await;
        match outcome {
            Ok(outcome) => {
                let transition = job::after(&outcome, job.attempts, self.clock.now() - job.asked_at);
                if transition.state.is_over() {
                    self.lines.forget(job.id).await;
                }
                (transition, outcome.map_err(PrintFailure::from))
            }
            Err(error) => (job::died(left), Err(PrintFailure::Died(error.to_string()))),
        }
    }

    /// The bytes of a slip; nothing where none of its records may be printed.
    async fn compose(&self, job: &Job, line: Option<&str>) -> Result<Option<Stream>, PrintFailure> {
        let now = self.clock.now().with_timezone(&self.zone);
        let mut records = self.store.records(&job.wanted.codes).await.map_err(unmade)?;
        records.retain(|record| Brief::from(record.as_ref()).may_be_shown(Scope::Print, now.date_naive()));
        if records.is_empty() {
            return Ok(None);
        }
        let setting =
            Setting { vocabulary: self.vocabulary, now, desk: self.desk, calls_back: false, home: self.home, manner: directory::dialogue::Manner::default() };
        let asked = SlipRequest {
            records,
            languages: SlipLanguage::read_all(&job.wanted.languages),
            style: Style::named(&job.wanted.style).unwrap_or_default(),
            ticket: job.wanted.ticket,
            scans: job.wanted.scans,
            place: Some(self.place),
            text_to: self.text_to,
            line,
        };
        let stream = asked.compose(&setting, self.phrases, &self.printer.profile).map_err(unmade)?;
        Ok(Some(stream))
    }

    /// Keeps what became of a job; false where that failed, which is logged. As long as it fails nothing else may be
    /// printed: the slip would come out once more.
    pub async fn keep(&self, job: &Job, transition: &Transition) -> bool {
        let kept = self.store.keep_print(job.id, transition, self.clock.now()).await;
        if let Err(error) = &kept {
            tracing::error!(%error, job = job.id, printer = self.printer.name, "print.not_kept");
        }
        kept.is_ok()
    }
}

/// A fault of ours, with the causes behind it.
fn unmade(error: impl std::error::Error) -> PrintFailure {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    PrintFailure::Unmade(told)
}
