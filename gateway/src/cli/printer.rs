//! `passerelle printer`: which printers there are, how the one in use is, a slip to try it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use printer::device::{self, Address};
use printer::escpos::{Stream, trial};
use printer::job::{self, Left, Patience};
use printer::profile::Profile;

use super::out;
use crate::config::{Config, Flags};

/// How long an open may take.
const OPEN: Duration = Duration::from_secs(2);

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
    /// Kinds of printers that are known, and what hangs on this machine
    List,
    /// Print a slip that shows width, letters, cut and code pages
    Test(Which),
    /// Ask it for paper and cover
    Status(Which),
}

/// Which printer, if not that of the settings.
#[derive(Debug, Args)]
struct Which {
    /// Where it is.
    #[arg(value_name = "ADDRESS", help = "Where it is: usb:/dev/usb/lp0, tcp:192.168.1.50, serial:/dev/ttyUSB0,38400, file:slip.bin")]
    address: Option<String>,
    /// Its kind, as `passerelle printer list` names them
    #[arg(long)]
    profile: Option<String>,
}

pub(super) async fn run(file: Option<&Path>, flags: &Flags, printer: Printer) -> anyhow::Result<()> {
    let mut config = Config::read(file, flags)?;
    match printer.what {
        What::List => list(&config),
        What::Test(which) => {
            which.apply(&mut config);
            let profile = kind(&config)?;
            let stream = trial(&profile)?;
            send(&config, stream, profile).await
        }
        What::Status(which) => {
            which.apply(&mut config);
            status(&config).await
        }
    }
}

impl Which {
    fn apply(self, config: &mut Config) {
        config.printer.address = self.address.or_else(|| config.printer.address.take());
        config.printer.profile = self.profile.or_else(|| config.printer.profile.take());
    }
}

fn list(config: &Config) -> anyhow::Result<()> {
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
    if let Some(address) = &config.printer.address {
        out::line(&format!("in the settings:\n  {address}  {}", config.printer.profile.as_deref().unwrap_or("without a profile")));
    }
    Ok(())
}

async fn status(config: &Config) -> anyhow::Result<()> {
    let address = address(config)?;
    let asked = tokio::task::spawn_blocking(move || {
        let mut device = device::open(&address, OPEN).with_context(|| format!("{address} cannot be opened"))?;
        Ok::<_, anyhow::Error>((job::ask(device.as_mut(), &Patience::default())?, address))
    });
    let (state, address) = asked.await.context("the printer's task failed")??;
    out::line(&format!("{address}: {}", state.name()));
    if state.stops() {
        bail!("nothing can be printed");
    }
    Ok(())
}

/// Prints on the printer of the settings.
pub(super) async fn send(config: &Config, stream: Stream, profile: Profile) -> anyhow::Result<()> {
    let address = address(config)?;
    let printed = tokio::task::spawn_blocking(move || attempts(&address, &stream, &profile)).await.context("the printer's task failed")??;
    out::remark(if printed.is_certain { "Printed." } else { "Sent. This printer does not say whether it is on the paper." });
    Ok(())
}

/// A slip that was spoiled is followed by a whole one, where the printer can go on at once.
fn attempts(address: &Address, stream: &Stream, profile: &Profile) -> anyhow::Result<job::Printed> {
    let mut left = Left::Nothing;
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let mut device = match device::open(address, OPEN) {
            Ok(device) => device,
            Err(why) => return Err(last.unwrap_or_else(|| anyhow::Error::new(why)).context(format!("{address} cannot be opened"))),
        };
        match job::print(device.as_mut(), stream, profile, left, &Patience::default()) {
            Ok(printed) => return Ok(printed),
            Err(error) => {
                left = error.left();
                let is_worth_another = left != Left::Nothing;
                last = Some(anyhow::Error::new(error));
                if !is_worth_another {
                    break;
                }
            }
        }
    }
    Err(last.unwrap_or_else(|| anyhow::anyhow!("the printer was not tried")))
}

fn address(config: &Config) -> anyhow::Result<Address> {
    let address = config
        .printer
        .address
        .as_ref()
        .context("no printer is named: give its address, or set printer.address. `passerelle printer list` shows what is there")?;
    Ok(address.parse()?)
}

fn kind(config: &Config) -> anyhow::Result<Profile> {
    let name =
        config.printer.profile.as_ref().context("no kind of printer is named: give --profile, or set printer.profile. `passerelle printer list` shows them")?;
    Ok(Profile::named(name)?)
}
