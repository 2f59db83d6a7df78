//! `passerelle printer`: which printers there are, how one is, a slip to try it, what waits to be printed.

use std::path::Path;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use db::place::ServedPlace;
use db::print_job::Job;
use directory::clock::{Clock, SystemClock};
use printer::device;
use printer::escpos::{Stream, trial};
use printer::job::{self, Left, OPEN, PrintTimeouts};
use printer::profile::Profile;

use super::out;
use super::start::{self, ZONE, existing};
use crate::config::{Config, Flags};
use crate::print::{ConfiguredPlace, configured_places};
use application::print_queue::QueuePrinter;

/// Attempts at one slip: the second one mends what the first one spoiled.
const ATTEMPTS: usize = 2;

/// The printer.
#[derive(Debug, Args)]
pub struct Printer {
    #[command(subcommand)]
    what: What,
}

/// What to do with it.
#[derive(Debug, Subcommand)]
enum What {
    /// Kinds of printers that are known, what hangs on this machine, places and their printers
    List,
    /// What waits to be printed
    Jobs,
    /// Print a slip that shows width, letters, cut and code pages
    Test(Which),
    /// Ask it for paper and cover
    Status(Which),
}

/// Which printer, if not that of the settings.
#[derive(Debug, Args)]
struct Which {
    /// Its name in the settings, or where it is.
    #[arg(
        value_name = "PRINTER",
        help = "Its name in the settings, or where it is: usb:/dev/usb/lp0, tcp:192.168.1.50, serial:/dev/ttyUSB0,38400, file:slip.bin"
    )]
    printer: Option<String>,
    /// Its kind, as `passerelle printer list` names them, if not that of the settings
    #[arg(long)]
    profile: Option<String>,
}

pub(super) async fn run(file: Option<&Path>, flags: &Flags, printer: Printer) -> anyhow::Result<()> {
    let config = Config::read(file, flags)?;
    let sites = configured_places(&config, start::desk(&config)?.as_ref())?;
    match printer.what {
        What::List => list(&config, &sites).await,
        What::Jobs => jobs(&config).await,
        What::Test(which) => {
            let machine = which.machine(&sites)?;
            let profile = machine.profile.clone().context("no kind of printer is named: give --profile. `passerelle printer list` shows them")?;
            let stream = trial(&profile)?;
            send(machine.address, stream, profile).await
        }
        What::Status(which) => status(which.machine(&sites)?.address).await,
    }
}

/// A printer on the command line.
struct Named {
    address: device::DeviceAddress,
    profile: Option<Profile>,
}

impl Which {
    fn machine(&self, sites: &[ConfiguredPlace]) -> anyhow::Result<Named> {
        let given = self.profile.as_deref().map(Profile::named).transpose()?;
        let known = match &self.printer {
            Some(name) => printers(sites).find(|(_, machine)| machine.name == *name),
            None => Some(only(sites)?),
        };
        match (known, &self.printer) {
            (Some((_, machine)), _) => Ok(Named { address: machine.address.clone(), profile: given.or_else(|| Some(machine.profile.clone())) }),
            (None, Some(address)) => Ok(Named { address: address.parse()?, profile: given }),
            (None, None) => bail!("no printer is named"),
        }
    }
}

fn printers(sites: &[ConfiguredPlace]) -> impl Iterator<Item = (&ConfiguredPlace, &QueuePrinter)> {
    sites.iter().flat_map(|site| site.printers.iter().map(move |machine| (site, machine)))
}

/// The printer of the settings, where there is just one.
pub(super) fn only(sites: &[ConfiguredPlace]) -> anyhow::Result<(&ConfiguredPlace, &QueuePrinter)> {
    let mut all = printers(sites);
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => bail!("no printer is named: give its address, or set printer.address. `passerelle printer list` shows what is there"),
        (Some(_), Some(_)) => {
            let names: Vec<&str> = printers(sites).map(|(_, machine)| machine.name.as_str()).collect();
            bail!("which printer? There are {}: name one", names.join(", "))
        }
    }
}

/// The printer of the settings with that name.
pub(super) fn named<'a>(sites: &'a [ConfiguredPlace], name: &str) -> Option<(&'a ConfiguredPlace, &'a QueuePrinter)> {
    printers(sites).find(|(_, machine)| machine.name == name)
}

async fn list(config: &Config, sites: &[ConfiguredPlace]) -> anyhow::Result<()> {
    out::line("profiles:");
    for profile in Profile::shipped()? {
        out::line(&format!("  {:<12} {:>2} columns  {:<8} {}", profile.name, profile.columns, profile.page.name(), profile.title));
    }
    out::line("on this machine:");
    let found = device::found();
    if found.is_empty() {
        out::line("  nothing that looks like a printer; one on the network is named like tcp:192.168.1.50");
    }
    for address in found {
        out::line(&format!("  {address}"));
    }
    let database = config.database.address();
    let mut places: Vec<ServedPlace> = Vec::new();
    if database.may_exist() {
        let store = existing(&database).await?;
        places = store.places(SystemClock.now()).await?;
        store.close().await;
    }
    for site in sites {
        if !places.iter().any(|place| place.name == site.place.name) {
            places.push(site.place.clone());
        }
    }
    if !places.is_empty() {
        out::line("places:");
    }
    for place in &places {
        for line in lines(place) {
            out::line(&format!("  {line}"));
        }
    }
    Ok(())
}

/// A place, then its printers.
fn lines(place: &ServedPlace) -> Vec<String> {
    let details = [&place.address, &place.phone, &place.hours].into_iter().flatten().map(String::as_str);
    let mut lines = vec![std::iter::once(place.name.as_str()).chain(details).collect::<Vec<_>>().join("; ")];
    lines.extend(place.printers.iter().map(|printer| {
        let served = if printer.is_served { "prints" } else { "no program prints on it now: start `passerelle serve`" };
        format!("  {}  {}  {}  {served}", printer.name, printer.address, printer.profile)
    }));
    lines
}

async fn jobs(config: &Config) -> anyhow::Result<()> {
    let store = existing(&config.database.address()).await?;
    let jobs = store.print_jobs().await?;
    store.close().await;
    if jobs.is_empty() {
        out::remark("Nothing waits to be printed.");
    }
    for job in jobs {
        out::line(&line(&job, SystemClock.now()));
    }
    Ok(())
}

/// A job as a person at the printer wants to know it: not what is on the slip.
fn line(job: &Job, now: DateTime<Utc>) -> String {
    let asked = job.asked_at.with_timezone(&ZONE).format("%d/%m %H:%M");
    let minutes = (now - job.asked_at).num_minutes();
    format!("{:>4}  {:<12} {:<17} asked {asked} ({minutes} min ago), attempts {}", job.id, job.wanted.printer, job.state.id(), job.attempts)
}

async fn status(address: device::DeviceAddress) -> anyhow::Result<()> {
    let asked = tokio::task::spawn_blocking(move || {
        let mut device = device::open(&address, OPEN).with_context(|| format!("{address} cannot be opened"))?;
        Ok::<_, anyhow::Error>((job::ask(device.as_mut(), &PrintTimeouts::default())?, address))
    });
    let (state, address) = asked.await.context("the printer's task failed")??;
    out::line(&format!("{address}: {}", state.name()));
    if state.stops() {
        bail!("nothing can be printed");
    }
    Ok(())
}

/// Prints at once, without a queue.
pub(super) async fn send(address: device::DeviceAddress, stream: Stream, profile: Profile) -> anyhow::Result<()> {
    let printed = tokio::task::spawn_blocking(move || attempts(&address, &stream, &profile)).await.context("the printer's task failed")??;
    out::remark(if printed.is_certain { "Printed." } else { "Sent. This printer does not say whether it is on the paper." });
    Ok(())
}

/// A slip that was spoiled is followed by a whole one, where the printer can go on at once.
fn attempts(address: &device::DeviceAddress, stream: &Stream, profile: &Profile) -> anyhow::Result<job::Printed> {
    let mut outcome = job::attempt(address, stream, profile, Left::Nothing);
    for _ in 1..ATTEMPTS {
        match &outcome {
            Err(error) if error.left() != Left::Nothing => outcome = job::attempt(address, stream, profile, error.left()),
            _ => break,
        }
    }
    outcome.with_context(|| address.to_string())
}

#[cfg(test)]
mod tests {
    use db::place::ServedPrinter;

    use super::*;

    #[test]
    fn a_place_is_shown_with_its_printers_and_whether_anybody_prints() {
        let printer =
            |name: &str, is_served| ServedPrinter { name: name.to_owned(), address: "tcp:10.0.0.7:9100".to_owned(), profile: "epson-80".to_owned(), is_served };
        let place = ServedPlace {
            name: "Bibliothèque".to_owned(),
            address: None,
            phone: Some("+3225551234".to_owned()),
            hours: Some("Mo-Fr 09:00-17:00".to_owned()),
            printers: vec![printer("accueil", true), printer("comptoir", false)],
        };
        assert_eq!(
            lines(&place),
            [
                "Bibliothèque; +3225551234; Mo-Fr 09:00-17:00",
                "  accueil  tcp:10.0.0.7:9100  epson-80  prints",
                "  comptoir  tcp:10.0.0.7:9100  epson-80  no program prints on it now: start `passerelle serve`"
            ]
        );
    }
}
