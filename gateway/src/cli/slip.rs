//! `passerelle slip`: what a visitor would take home, on the screen, in a file, or on paper.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use directory::clock::{Clock, SystemClock};
use directory::code::Code;
use directory::dialogue::{Setting, Whole};
use directory::record::Scope;
use directory::ticket::Ticket;
use directory::vocabulary::Vocabulary;
use printer::escpos::encode;
use printer::phrases::Phrases;
use printer::preview;
use printer::profile::Profile;
use printer::slip::{Order, Style, lay_out};
use printer::tongue::Tongue;

use super::start::{self, ZONE, existing};
use super::{out, printer as device};
use crate::config::{Config, Flags};

/// One slip.
#[derive(Debug, Args)]
pub struct Slip {
    /// The records' codes, at most 5, with --large at most 3
    #[arg(required = true, value_name = "CODE")]
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
    /// The visitor's language, and perhaps a second one: fr, nl, de, en, ar
    #[arg(long, value_delimiter = ',', default_value = "fr", value_name = "LANG")]
    lang: Vec<String>,
    /// A ticket that the records already have: five digits
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<String>,
    /// A code to scan, with the records' codes in it
    #[arg(long)]
    scan: bool,
    /// What to make of it, and a file to write it to
    #[arg(long, num_args = 1..=2, value_names = ["text|png|bytes|printer", "FILE"], default_value = "text")]
    to: Vec<String>,
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
    fn style(&self) -> Style {
        match (self.large, self.discreet) {
            (true, _) => Style::Large,
            (_, true) => Style::Discreet,
            _ => Style::Standard,
        }
    }

    /// What to make, and where.
    fn wanted(&self) -> anyhow::Result<(Kind, Option<PathBuf>)> {
        let mut to = self.to.iter();
        let kind = to.next().map(String::as_str).unwrap_or_default();
        let kind = Kind::from_str(kind, true).ok().with_context(|| format!("--to {kind}? It is text, png, bytes or printer"))?;
        Ok((kind, to.next().map(PathBuf::from)))
    }

    fn tongues(&self) -> anyhow::Result<Vec<Tongue>> {
        ensure!((1..=2).contains(&self.lang.len()), "--lang takes one language or two: fr or fr,nl");
        self.lang.iter().map(|code| Tongue::from_code(code).with_context(|| format!("there is no slip in {code}: there are fr, nl, de, en and ar"))).collect()
    }

    fn profile(&self, config: &Config) -> anyhow::Result<Profile> {
        match (self.columns, self.profile.as_ref().or(config.printer.profile.as_ref())) {
            (Some(columns), _) => Ok(Profile::of_columns(columns)),
            (None, Some(name)) => Ok(Profile::named(name)?),
            (None, None) => Ok(Profile::of_columns(42)),
        }
    }
}

pub(super) async fn slip(file: Option<&Path>, flags: &Flags, slip: &Slip) -> anyhow::Result<()> {
    let config = Config::read(file, flags)?;
    let (kind, to) = slip.wanted()?;
    let profile = slip.profile(&config)?;
    let tongues = slip.tongues()?;
    let now = slip.at.unwrap_or_else(|| SystemClock.now()).with_timezone(&ZONE);
    let vocabulary = Vocabulary::shipped()?;
    let desk = start::desk(&config)?;
    let home = config.home.postal_code.as_deref().and_then(|code| vocabulary.territory().postal_code(code));
    let setting = Setting { vocabulary: &vocabulary, now, desk: desk.as_ref(), calls_back: false, home: home.as_ref() };
    let wholes = find(&config, slip, &setting).await?;
    let ticket = slip.ticket.as_deref().map(|typed| Ticket::parse(typed).context("this ticket number is not right: read its five digits again")).transpose()?;
    let codes = slip.scan.then(|| wholes.iter().map(|whole| whole.record.code.as_str()).collect::<Vec<_>>().join(" "));
    let order = Order { records: &wholes, tongues: &tongues, style: slip.style(), place: None, ticket, text_to: None, code: codes.as_deref() };
    let stream = encode(&lay_out(&order, &setting, &Phrases::shipped()?, profile.paper()), &profile)?;
    if kind == Kind::Printer {
        ensure!(to.is_none(), "--to printer takes no file: the printer is named in the settings, or give --to bytes a file");
        return device::send(&config, stream, profile).await;
    }
    let bytes = stream.bytes();
    let made = match kind {
        Kind::Bytes | Kind::Printer => bytes,
        Kind::Png => preview::png(&preview::read(&bytes, &profile)?)?,
        Kind::Text => {
            let sheets = preview::read(&bytes, &profile)?;
            let pictures: usize = sheets.iter().map(|sheet| sheet.pictures).sum();
            if pictures > 0 {
                out::remark(&format!("({pictures} pictures are not shown here: --to png FILE shows them)"));
            }
            sheets.iter().map(preview::Sheet::text).collect::<String>().into_bytes()
        }
    };
    match to {
        Some(path) => std::fs::write(&path, made).with_context(|| format!("{} cannot be written", path.display()))?,
        None if kind != Kind::Text && out::is_watched() => bail!("this is not for a screen: name a file behind --to"),
        None => out::bytes(&made),
    }
    Ok(())
}

/// The records, in the order of their codes; what may not be printed is refused by name.
async fn find(config: &Config, slip: &Slip, setting: &Setting<'_>) -> anyhow::Result<Vec<Whole>> {
    let most = slip.style().most();
    ensure!(slip.codes.len() <= most, "a slip of this kind holds {most} records: make two");
    let codes =
        slip.codes.iter().map(|typed| Code::parse(typed).with_context(|| format!("{typed} is no record's code: read its five letters and digits again")));
    let codes = codes.collect::<anyhow::Result<Vec<Code>>>()?;
    let store = existing(&config.database.address()).await?;
    let records = store.records(&codes).await;
    store.close().await;
    let records = records?;
    let today = setting.now.date_naive();
    let here = setting.home.and_then(|home| setting.vocabulary.territory().point(home.country, home.postal_codes.first()?));
    let mut wholes = Vec::with_capacity(codes.len());
    for code in codes {
        let record = records.iter().find(|record| record.code == code).with_context(|| format!("no record has the code {code}"))?;
        let whole = Whole::of(Arc::clone(record), here, setting.now.naive_local());
        ensure!(whole.hit.brief.may_be_shown(Scope::Print, today), "{code} may not be printed: it is not published, or the person did not agree to it");
        wholes.push(whole);
    }
    Ok(wholes)
}
