//! One attempt at one job, wherever it is made: by the gateway's task, or by a command where no gateway runs.

use chrono_tz::Tz;
use db::Store;
use db::print_job::Job;
use directory::clock::Clock;
use directory::dialogue::Setting;
use directory::locality::Locality;
use directory::phone::Phone;
use directory::printing::Transition;
use directory::record::{Brief, Scope};
use directory::vocabulary::Vocabulary;
use printer::compose::SlipRequest;
use printer::escpos::Stream;
use printer::job::{self, PrintError, Printed};
use printer::phrases::SlipPhrases;
use printer::slip::Style;
use printer::slip_language::SlipLanguage;

use super::lines::Lines;
use super::site::{Machine, Site};

/// A printer, and all that its slips are made with.
#[derive(Debug, Clone, Copy)]
pub struct Bench<'a> {
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
    /// The place.
    pub site: &'a Site,
    /// Its printer.
    pub machine: &'a Machine,
    /// Where tickets can be texted to.
    pub text_to: Option<&'a Phone>,
    /// Lines that people wrote for their visitors.
    pub lines: &'a Lines,
}

/// Why a job cannot be printed, now or ever.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
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

impl Bench<'_> {
    /// Tries to print a claimed job: what becomes of it, and why it is not on the paper.
    pub async fn attempt(&self, job: &Job) -> (Transition, Result<Printed, Failure>) {
        let line = self.lines.of(job.id).await;
        let stream = match self.press(job, line.as_deref()).await {
            Ok(Some(stream)) => stream,
            Ok(None) => return (Transition::spoiled(job.left), Err(Failure::NothingLeft)),
            Err(error) => return (Transition::spoiled(job.left), Err(Failure::Unmade(format!("{error:#}")))),
        };
        let (machine, left) = (self.machine.clone(), job.left);
        let outcome = tokio::task::spawn_blocking(move || job::attempt(&machine.address, &stream, &machine.profile, left)).await;
        match outcome {
            Ok(outcome) => {
                let transition = job::after(&outcome, job.attempts, self.clock.now() - job.asked_at);
                if transition.state.is_over() {
                    self.lines.forget(job.id).await;
                }
                (transition, outcome.map_err(Failure::from))
            }
            Err(error) => (job::died(left), Err(Failure::Died(error.to_string()))),
        }
    }

    /// The bytes of a slip; nothing where none of its records may be printed.
    async fn press(&self, job: &Job, line: Option<&str>) -> anyhow::Result<Option<Stream>> {
        let now = self.clock.now().with_timezone(&self.zone);
        let mut records = self.store.records(&job.wanted.codes).await?;
        records.retain(|record| Brief::from(record.as_ref()).may_be_shown(Scope::Print, now.date_naive()));
        if records.is_empty() {
            return Ok(None);
        }
        let setting = Setting {
            vocabulary: self.vocabulary,
            now,
            desk: self.site.desk.as_ref(),
            calls_back: false,
            home: self.home,
            manner: directory::dialogue::Manner::default(),
        };
        let asked = SlipRequest {
            records,
            languages: SlipLanguage::read_all(&job.wanted.languages),
            style: Style::named(&job.wanted.style).unwrap_or_default(),
            ticket: job.wanted.ticket,
            scans: job.wanted.scans,
            place: Some(&self.site.place.name),
            text_to: self.text_to,
            line,
        };
        Ok(Some(asked.compose(&setting, self.phrases, &self.machine.profile)?))
    }
}
