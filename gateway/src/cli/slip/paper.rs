//! A slip on paper: by the gateway that has the printer, or by this very command where none runs.

use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use chrono::DateTime;
use chrono_tz::Tz;
use db::Store;
use db::print_job::{Job, MOST_WAITING, Wanted};
use db::ticket::Ticketed;
use directory::printing::JobState;
use directory::ticket::Ticket;
use printer::press::Asked;
use printer::slip::Style;

use super::{Slip, press};
use crate::cli::{out, printer as device};
use crate::config::Config;
use crate::keys;
use crate::print::Site;

/// How long a slip is waited for; it may come out later.
const WAITED: Duration = Duration::from_mins(1);

/// Until a job is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Asks the gateway that has the printer; prints directly where none runs.
pub(super) async fn print(config: &Config, store: &Store, sites: &[Site], slip: &Slip, mut asked: Asked<'_>, now: DateTime<Tz>) -> anyhow::Result<()> {
    let name = match &slip.printer {
        Some(name) => name.clone(),
        None => device::only(sites)?.1.name.clone(),
    };
    let places = store.places(now.to_utc()).await?;
    let is_served = places.iter().flat_map(|place| &place.printers).any(|printer| printer.name == name && printer.is_served);
    let here = device::named(sites, &name);
    if asked.ticket.is_none() {
        asked.ticket = take_ticket(store, &asked, now).await?;
    }
    if is_served {
        ensure!(
            slip.profile()?.is_none() && slip.at.is_none(),
            "a gateway prints on {name}: it knows its kind and the time. Leave out --columns, --profile and --at"
        );
        let wanted = Wanted {
            printer: name,
            codes: asked.records.iter().map(|record| record.code).collect(),
            languages: languages(&asked),
            style: asked.style.name().to_owned(),
            ticket: asked.ticket,
            scans: asked.scans,
        };
        return match store.queue_print(&wanted, now.to_utc()).await? {
            Some(id) => follow(store, id).await,
            None => bail!("{MOST_WAITING} slips wait for this printer already: put paper in, or look at it, and ask again"),
        };
    }
    let Some((site, machine)) = here else {
        bail!("there is no printer {name} in the settings, and no gateway prints on one: `passerelle printer list` names them")
    };
    let profile = slip.profile()?.unwrap_or_else(|| machine.profile.clone());
    asked.place = Some(&site.place.name);
    let stream = press(config, &asked, site.desk.as_ref(), &profile, now)?;
    device::send(machine.address.clone(), stream, profile).await
}

/// A new number, under which the slip comes again; none for what is hidden, which a guess would show.
async fn take_ticket(store: &Store, asked: &Asked<'_>, now: DateTime<Tz>) -> anyhow::Result<Option<Ticket>> {
    if asked.style == Style::Discreet || asked.records.iter().any(|record| record.is_sensitive()) {
        return Ok(None);
    }
    let stands_for =
        Ticketed { codes: asked.records.iter().map(|record| record.code).collect(), languages: languages(asked), style: asked.style.name().to_owned() };
    let ticket = store.take_ticket(&stands_for, &by_chance()?, now.to_utc()).await?;
    if ticket.is_none() {
        out::remark("All ticket numbers are in use: this slip has none, and cannot be texted or printed again.");
    }
    Ok(ticket)
}

fn languages(asked: &Asked<'_>) -> String {
    asked.tongues.iter().map(|tongue| tongue.code()).collect::<Vec<_>>().join(",")
}

/// A few numbers by chance: nobody can tell from a slip how many were printed.
fn by_chance() -> anyhow::Result<Vec<Ticket>> {
    let chance: [u8; 32] = keys::random()?;
    let numbers = chance.chunks_exact(4).filter_map(|four| Some(u32::from_le_bytes(four.try_into().ok()?) % u32::from(Ticket::COUNT)));
    Ok(numbers.filter_map(|number| Ticket::new(u16::try_from(number).ok()?)).collect())
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
