//! A slip on paper: by the gateway that has the printer, or by this very command where none runs.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use db::Store;
use db::print_job::{Job, MAX_WAITING, Wanted};
use directory::clock::{Clock, SystemClock};
use directory::printing::{JobState, Left, Transition};
use directory::vocabulary::Vocabulary;
use printer::compose::SlipRequest;
use printer::phrases::SlipPhrases;
use printer::slip_language::SlipLanguage;

use super::{Slip, home};
use crate::cli::start::ZONE;
use crate::cli::{out, printer as device};
use crate::config::Config;
use application::take_away::{self, Given};

use crate::print::ConfiguredPlace;
use application::print_queue::{Lines, PrintAttempt, QueuePrinter};

/// How long a slip is waited for; it may come out later.
const WAITED: Duration = Duration::from_mins(1);

/// Until a job is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Asks the gateway that has the printer; prints by itself where none runs.
pub(super) async fn print(config: &Config, store: &Store, sites: &[ConfiguredPlace], slip: &Slip, mut asked: SlipRequest<'_>) -> anyhow::Result<()> {
    ensure!(slip.at.is_none(), "--at is for looking at slips: what is printed carries the time at which it is");
    let now = SystemClock.now();
    let name = match &slip.printer {
        Some(name) => name.clone(),
        None => device::only(sites)?.1.name.clone(),
    };
    let profile = slip.profile()?;
    let places = store.places(now).await?;
    let is_served = places.iter().flat_map(|place| &place.printers).any(|printer| printer.name == name && printer.is_served);
    ensure!(!is_served || profile.is_none(), "a gateway prints on {name}, and knows its kind: leave out --columns and --profile");
    let here = device::named(sites, &name);
    if !is_served && here.is_none() {
        bail!("there is no printer {name} in the settings, and no gateway prints on one: `passerelle printer list` names them");
    }
    if asked.ticket.is_none() {
        let given = take_away::ticket(store, asked.records.iter().map(AsRef::as_ref), &asked.languages, asked.style, now).await?;
        if given == Given::NoneLeft {
            out::remark("All ticket numbers are in use: this slip has none, and cannot be texted or printed again.");
        }
        asked.ticket = given.ticket();
    }
    let wanted = Wanted {
        printer: name,
        codes: asked.records.iter().map(|record| record.code).collect(),
        languages: SlipLanguage::write_all(&asked.languages),
        style: asked.style.name().to_owned(),
        ticket: asked.ticket,
        scans: asked.scans,
    };
    if is_served && asked.line.is_some() {
        out::remark("The gateway prints this slip: your own line, which is kept nowhere, is left out.");
    }
    let lines = Lines::default();
    let Some(id) = lines.queue(asked.line, store.queue_print(&wanted, now)).await? else {
        bail!("{MAX_WAITING} slips wait for this printer already: put paper in, or look at it, and ask again")
    };
    let Some((site, printer)) = here.filter(|_| !is_served) else { return follow(store, id).await };
    let printer = QueuePrinter { profile: profile.unwrap_or_else(|| printer.profile.clone()), ..printer.clone() };
    let vocabulary = Vocabulary::shipped()?;
    let home = home(config, &vocabulary);
    let attempt = PrintAttempt {
        store,
        clock: &SystemClock,
        zone: ZONE,
        vocabulary: &vocabulary,
        phrases: &SlipPhrases::shipped()?,
        home: home.as_ref(),
        place: &site.place.name,
        desk: site.desk.as_ref(),
        printer: &printer,
        text_to: asked.text_to,
        lines: &lines,
    };
    print_here(&attempt, id).await
}

/// Prints what waits for the printer, up to this job. Nobody goes on when the command ends: what it does not print it
/// gives up; what stays on the paper is mended by the next slip.
async fn print_here(attempt: &PrintAttempt<'_>, id: i64) -> anyhow::Result<()> {
    let (store, clock) = (attempt.store, attempt.clock);
    store.recover_prints(&attempt.printer.name).await?;
    while let Some(job) = store.claim_print(&attempt.printer.name, clock.now()).await? {
        let (mut transition, outcome) = attempt.attempt(&job).await;
        let goes_on = transition.state.is_over() || transition.pause.is_zero();
        if job.id == id && !goes_on {
            transition = Transition::spoiled(transition.left);
        }
        store.keep_print(job.id, &transition, clock.now()).await?;
        if job.id == id && transition.state.is_over() {
            let printed = outcome.with_context(|| attempt.printer.address.to_string())?;
            out::remark(if printed.is_certain { "Printed." } else { "Sent. This printer does not say whether it is on the paper." });
            return Ok(());
        }
    }
    store.keep_print(id, &Transition::spoiled(Left::Nothing), clock.now()).await?;
    bail!("slips that were asked for before wait for this printer: `passerelle printer jobs` shows them. Start `passerelle serve`, which prints them")
}

/// Waits until a slip is on the paper, or says why it is not yet.
async fn follow(store: &Store, id: i64) -> anyhow::Result<()> {
    let begun = Instant::now();
    loop {
        let job = store.print_job(id).await?;
        match job.as_ref().map(|job| job.state) {
            Some(JobState::Done) => {
                out::remark("Printed.");
                return Ok(());
            }
            None | Some(JobState::Spoiled) => bail!("slip {id} was given up: the gateway's log says why"),
            Some(state) if state == JobState::WaitingForPaper || begun.elapsed() > WAITED => {
                out::remark(&waits(job.as_ref(), id));
                return Ok(());
            }
            Some(_) => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

fn waits(job: Option<&Job>, id: i64) -> String {
    let why = if job.is_some_and(|job| job.state == JobState::WaitingForPaper) { "no paper, or an open cover" } else { "the printer is away, or busy" };
    format!("Slip {id} waits: {why}. It comes out by itself within ten minutes of now, or not at all. `passerelle printer jobs` shows what waits.")
}
