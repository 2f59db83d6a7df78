//! `passerelle slip`: what a visitor would take home, on the screen, in a file, or on paper.

mod paper;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use clap::{Args, ValueEnum};
use db::Store;
use db::ticket::Ticketed;
use directory::answer::Desk;
use directory::clock::{Clock, SystemClock};
use directory::code::Code;
use directory::dialogue::Setting;
use directory::locality::Locality;
use directory::record::{Brief, Record, Scope};
use directory::ticket::Ticket;
use directory::vocabulary::Vocabulary;
use printer::compose::SlipRequest;
use printer::escpos::Stream;
use printer::phrases::SlipPhrases;
use printer::preview;
use printer::profile::Profile;
use printer::slip::Style;
use printer::slip_language::SlipLanguage;

use super::start::{self, ZONE, existing};
use super::{out, printer as device};
use crate::config::{Config, Flags};
use crate::print::{configured_places, text_to};

/// One slip.
#[derive(Debug, Args)]
pub struct Slip {
    /// The records' codes, at most 5, with --large at most 3
    #[arg(required_unless_present = "ticket", value_name = "CODE")]
    codes: Vec<String>,
    /// Letters in a line: 48, 42, 35, 32, 30, 24, 21, 16 or any other width
    #[arg(long, conflicts_with = "profile", value_parser = clap::value_parser!(u8).range(16..=80))]
    columns: Option<u8>,
    /// A kind of printer, as `passerelle printer list` names them (default: that of the settings)
    #[arg(long)]
    profile: Option<String>,
    /// Letters of double size, for weak eyes
    #[arg(long, conflicts_with = "discreet")]
    large: bool,
    /// Nothing that tells a bystander what it is about
    #[arg(long)]
    discreet: bool,
    /// The visitor's language, and perhaps a second one: fr, nl, de, en, ar (default: fr, or those of the ticket)
    #[arg(long, value_delimiter = ',', value_name = "LANG")]
    lang: Vec<String>,
    /// The number of a slip, five digits: without CODE, the records of that slip again
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<String>,
    /// A line of your own, under the records; it is kept nowhere
    #[arg(long, value_name = "TEXT")]
    line: Option<String>,
    /// A code to scan, with the records' codes in it
    #[arg(long)]
    scan: bool,
    /// What to make of it, and a file to write it to
    #[arg(long, num_args = 1..=2, value_names = ["text|png|bytes|printer", "FILE"], default_value = "text")]
    to: Vec<String>,
    /// Which printer, if there are several
    #[arg(long, value_name = "NAME")]
    printer: Option<String>,
    /// The moment at which it is printed (RFC 3339)
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Text,
    Png,
    Bytes,
    Printer,
}

impl Slip {
    /// The style asked for; a slip that comes again looks as it did.
    fn style(&self, before: Option<&Ticketed>) -> Style {
        match (self.large, self.discreet) {
            (true, _) => Style::Large,
            (_, true) => Style::Discreet,
            _ => before.and_then(|slip| Style::named(&slip.style)).unwrap_or_default(),
        }
    }

    /// What to make, and where.
    fn wanted(&self) -> anyhow::Result<(Kind, Option<PathBuf>)> {
        let mut to = self.to.iter();
        let kind = to.next().map(String::as_str).unwrap_or_default();
        let kind = Kind::from_str(kind, true).ok().with_context(|| format!("--to {kind}? It is text, png, bytes or printer"))?;
        Ok((kind, to.next().map(PathBuf::from)))
    }

    fn languages(&self, before: Option<&Ticketed>) -> anyhow::Result<Vec<SlipLanguage>> {
        let of_ticket = before.map_or("fr", |slip| &slip.languages).split(',');
        let codes: Vec<&str> = if self.lang.is_empty() { of_ticket.collect() } else { self.lang.iter().map(String::as_str).collect() };
        ensure!((1..=2).contains(&codes.len()), "--lang takes one language or two: fr or fr,nl");
        codes
            .into_iter()
            .map(|code| SlipLanguage::from_code(code).with_context(|| format!("there is no slip in {code}: there are fr, nl, de, en and ar")))
            .collect()
    }

    /// The kind of printer named, if one is.
    fn profile(&self) -> anyhow::Result<Option<Profile>> {
        match (self.columns, &self.profile) {
            (Some(columns), _) => Ok(Some(Profile::of_columns(columns))),
            (None, Some(name)) => Ok(Some(Profile::named(name)?)),
            (None, None) => Ok(None),
        }
    }

    fn ticket(&self) -> anyhow::Result<Option<Ticket>> {
        let parsed = self.ticket.as_deref().map(|typed| Ticket::parse(typed).context("this ticket number is not right: read its five digits again"));
        parsed.transpose()
    }
}

pub(super) async fn slip(file: Option<&Path>, flags: &Flags, slip: &Slip) -> anyhow::Result<()> {
    let config = Config::read(file, flags)?;
    let store = existing(&config.database.address()).await?;
    let outcome = run(&config, &store, slip).await;
    store.close().await;
    outcome
}

async fn run(config: &Config, store: &Store, slip: &Slip) -> anyhow::Result<()> {
    let (kind, to) = slip.wanted()?;
    let ticket = slip.ticket()?;
    let now = slip.at.unwrap_or_else(|| SystemClock.now()).with_timezone(&ZONE);
    let desk = start::desk(config)?;
    let sites = configured_places(config, desk.as_ref())?;
    let before = match ticket {
        Some(ticket) => store.ticket(ticket, now.to_utc()).await?,
        None => None,
    };
    let asked = SlipRequest {
        records: find(store, slip, before.as_ref(), now.date_naive()).await?,
        languages: slip.languages(before.as_ref())?,
        style: slip.style(before.as_ref()),
        ticket,
        scans: slip.scan,
        place: None,
        text_to: None,
        line: slip.line.as_deref(),
    };
    let most = asked.style.most();
    ensure!(asked.records.len() <= most, "a slip of this kind holds {most} records: make two");
    let text_to = text_to(config)?;
    let asked = SlipRequest { text_to: text_to.as_ref(), ..asked };
    if kind == Kind::Printer {
        ensure!(to.is_none(), "--to printer takes no file: the printer is named in the settings, or give --to bytes a file");
        return paper::print(config, store, &sites, slip, asked).await;
    }
    let profile = match slip.profile()? {
        Some(profile) => profile,
        None => match (device::only(&sites), &config.printer.profile) {
            (Ok((_, machine)), _) => machine.profile.clone(),
            (Err(_), Some(name)) => Profile::named(name)?,
            (Err(_), None) => Profile::of_columns(42),
        },
    };
    let stream = compose(config, &asked, desk.as_ref(), &profile, now)?;
    show(&stream.bytes(), kind, to, &profile)
}

/// Lays a slip out for a kind of printer.
fn compose(config: &Config, asked: &SlipRequest<'_>, desk: Option<&Desk>, profile: &Profile, now: DateTime<Tz>) -> anyhow::Result<Stream> {
    let vocabulary = Vocabulary::shipped()?;
    let home = home(config, &vocabulary);
    let setting = Setting { vocabulary: &vocabulary, now, desk, calls_back: false, home: home.as_ref(), manner: directory::dialogue::Manner::default() };
    Ok(asked.compose(&setting, &SlipPhrases::shipped()?, profile)?)
}

/// From where distances are counted.
fn home(config: &Config, vocabulary: &Vocabulary) -> Option<Locality> {
    vocabulary.territory().postal_code(config.home.postal_code.as_deref()?)
}

fn show(bytes: &[u8], kind: Kind, to: Option<PathBuf>, profile: &Profile) -> anyhow::Result<()> {
    let made = match kind {
        Kind::Bytes | Kind::Printer => bytes.to_vec(),
        Kind::Png => preview::png(&preview::read(bytes, profile)?)?,
        Kind::Text => {
            let sheets = preview::read(bytes, profile)?;
            let pictures: usize = sheets.iter().map(|sheet| sheet.pictures).sum();
            if pictures > 0 {
                out::remark(&format!("({pictures} pictures are not shown here: --to png FILE shows them)"));
            }
            sheets.iter().map(preview::PreviewSheet::text).collect::<String>().into_bytes()
        }
    };
    match to {
        Some(path) => std::fs::write(&path, made).with_context(|| format!("{} cannot be written", path.display()))?,
        None if kind != Kind::Text && out::is_watched() => bail!("this is not for a screen: name a file behind --to"),
        None => out::bytes(&made),
    }
    Ok(())
}

/// The records in the order asked for. A code that was typed and may not be printed is refused by name; of a ticket,
/// what is there no more is left out.
async fn find(store: &Store, slip: &Slip, before: Option<&Ticketed>, today: NaiveDate) -> anyhow::Result<Vec<Arc<Record>>> {
    let may_be_shown = |record: &Arc<Record>| Brief::from(record.as_ref()).may_be_shown(Scope::Print, today);
    if slip.codes.is_empty() {
        let before = before.context("no slip has this ticket number, or it is older than 60 days")?;
        let mut records = store.records(&before.codes).await?;
        records.retain(may_be_shown);
        ensure!(!records.is_empty(), "none of the records of this ticket is there any more");
        if records.len() < before.codes.len() {
            out::remark(&format!("{} of its records are there no more.", before.codes.len() - records.len()));
        }
        return Ok(records);
    }
    let codes =
        slip.codes.iter().map(|typed| Code::parse(typed).with_context(|| format!("{typed} is no record's code: read its five letters and digits again")));
    let codes = codes.collect::<anyhow::Result<Vec<Code>>>()?;
    let records = store.records(&codes).await?;
    for code in codes {
        let record = records.iter().find(|record| record.code == code).with_context(|| format!("no record has the code {code}"))?;
        ensure!(may_be_shown(record), "{code} may not be printed: it is not published, or the person did not agree to it");
    }
    Ok(records)
}
