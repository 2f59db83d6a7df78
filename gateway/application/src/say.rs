//! Times, days, prices and freshness in the words of a language.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use directory::answer::{Coming, Hours, Off};
use directory::language::Language;
use directory::phrase::{Argument, Catalogue, Phrase};
use directory::query::Days;
use directory::record::{Cost, CostKind, Shown};
use directory::schedule::{self, Week};

/// Says values in one language, as seen on one day.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The phrases.
    pub catalogue: &'a Catalogue,
    /// The language.
    pub language: Language,
    /// The local day on which it is read.
    pub today: NaiveDate,
}

impl Words<'_> {
    /// A phrase without values.
    pub fn say(&self, phrase: Phrase) -> String {
        self.with(phrase, &[])
    }

    /// A phrase with its values.
    pub fn with(&self, phrase: Phrase, arguments: &[Argument<'_>]) -> String {
        self.catalogue.say(self.language, phrase, arguments)
    }

    fn one(&self, phrase: Phrase, name: &'static str, value: &str) -> String {
        self.with(phrase, &[(name, Cow::Borrowed(value))])
    }

    /// `9h`, `16h30`; `9u`, `16u30`; `9h`, `16:30`; `9:00`, `16:30`.
    pub fn hour(&self, time: NaiveTime) -> String {
        let hour = if time == NaiveTime::MIN { 0 } else { time.hour() };
        if time.minute() == 0 {
            self.one(Phrase::Hour, "hour", &hour.to_string())
        } else {
            self.with(Phrase::HourMinutes, &[("hour", hour.to_string().into()), ("minutes", format!("{:02}", time.minute()).into())])
        }
    }

    /// `11h30-16h`; midnight as an end is 24.
    pub fn range(&self, start: NaiveTime, end: NaiveTime) -> String {
        format!("{}-{}", self.hour(start), self.end(end))
    }

    /// An hour at which something ends: midnight is 24.
    fn end(&self, time: NaiveTime) -> String {
        if time == NaiveTime::MIN { self.one(Phrase::Hour, "hour", "24") } else { self.hour(time) }
    }

    /// `aujourd'hui`, `demain`, `sam 28/11`.
    pub fn day(&self, day: NaiveDate) -> String {
        match (day - self.today).num_days() {
            0 => self.say(Phrase::Today),
            1 => self.say(Phrase::Tomorrow),
            _ => format!("{} {}/{}", self.weekday(day.weekday().num_days_from_monday() as usize), day.day(), day.month()),
        }
    }

    /// `demain`, `mer`, `sam 5/12`: within the week the weekday alone.
    fn near_day(&self, day: NaiveDate) -> String {
        match (day - self.today).num_days() {
            2..=6 => self.weekday(day.weekday().num_days_from_monday() as usize),
            _ => self.day(day),
        }
    }

    /// `12/10`, with the year where it is another one.
    pub fn date(&self, day: NaiveDate) -> String {
        if day.year() == self.today.year() { format!("{}/{}", day.day(), day.month()) } else { format!("{}/{}/{}", day.day(), day.month(), day.year()) }
    }

    /// One day, or `28-29/11`, `30/11-6/12`.
    pub fn days(&self, days: Days) -> String {
        if days.from == days.to {
            return self.day(days.from);
        }
        if days.from.month() == days.to.month() {
            return format!("{}-{}/{}", days.from.day(), days.to.day(), days.to.month());
        }
        format!("{}-{}", self.date(days.from), self.date(days.to))
    }

    fn weekday(&self, from_monday: usize) -> String {
        self.say(Phrase::Weekdays).split(' ').nth(from_monday).unwrap_or_default().to_owned()
    }

    /// When one can come; empty when the question's own title says it.
    pub fn coming(&self, coming: &Coming) -> String {
        match coming {
            Coming::OpenUntil(Some(until)) if until.date() == self.today || until.time() < NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default() => {
                self.one(Phrase::OpenUntil, "hour", &self.end(until.time()))
            }
            Coming::OpenUntil(_) => self.say(Phrase::Open),
            Coming::Opens(next) => {
                if next.date() == self.today {
                    return self.one(Phrase::Opens, "hour", &self.hour(next.time()));
                }
                format!("{} {}", self.near_day(next.date()), self.hour(next.time()))
            }
            Coming::Closed => self.say(Phrase::Closed),
            Coming::At { start, all_day: true } => self.near_day(start.date()),
            Coming::At { start, all_day: false } => format!("{} {}", self.near_day(start.date()), self.hour(start.time())),
            Coming::Off(off) => self.say(match off {
                Off::Cancelled => Phrase::Cancelled,
                Off::Postponed => Phrase::Postponed,
                Off::Full => Phrase::Full,
                Off::NotForVisitors => Phrase::PhoneFirst,
            }),
            Coming::Unknown => self.say(Phrase::HoursUnknown),
        }
    }

    fn moment(&self, start: NaiveDateTime, all_day: bool) -> String {
        if all_day { self.day(start.date()) } else { format!("{} {}", self.day(start.date()), self.hour(start.time())) }
    }

    /// What it costs; nothing where nobody says.
    pub fn cost(&self, cost: &Cost) -> Option<String> {
        Some(match (cost.kind, cost.euros()) {
            (CostKind::Unknown, _) => return None,
            (CostKind::Free, _) => self.say(Phrase::Free),
            (CostKind::FreeIf, _) => self.say(Phrase::FreeIf),
            (CostKind::PayWhatYouCan, _) => self.say(Phrase::PayWhatYouCan),
            (CostKind::Paid, None) => self.say(Phrase::Paid),
            (CostKind::Paid, Some(price)) => self.one(Phrase::Price, "price", &price),
        })
    }

    /// What may be said of an entry's truth.
    pub fn freshness(&self, shown: Shown) -> String {
        match shown {
            Shown::Verified(day) => self.one(Phrase::Verified, "day", &self.date(day)),
            Shown::SourceOf(day) => self.one(Phrase::SourceOf, "day", &self.date(day)),
            Shown::Stale(months) => self.one(Phrase::Stale, "months", &months.to_string()),
            Shown::Unverified => self.say(Phrase::Unverified),
            Shown::Doubtful => self.say(Phrase::Doubtful),
        }
    }

    /// Opening hours in words.
    pub fn hours(&self, hours: &Hours) -> String {
        match hours {
            Hours::Weekly(week) => self.week(week),
            Hours::Next(next) => {
                next.iter().map(|(start, end)| format!("{} {}", self.day(start.date()), self.range(start.time(), end.time()))).collect::<Vec<_>>().join(", ")
            }
            Hours::Always => self.say(Phrase::Always),
            Hours::Words(words) => words.clone(),
            Hours::Dates(dates) => dates.iter().map(|start| self.moment(*start, start.time() == NaiveTime::MIN)).collect::<Vec<_>>().join(", "),
            Hours::Closed => self.say(Phrase::Closed),
            Hours::Unknown => self.say(Phrase::HoursUnknown),
        }
    }

    /// `lun-ven 11h30-16h, sam 10h-13h`: neighbours with the same hours together.
    fn week(&self, week: &Week) -> String {
        let days = |first: usize, last: usize| match last - first {
            0 => self.weekday(first),
            1 => format!("{}, {}", self.weekday(first), self.weekday(last)),
            _ => format!("{}-{}", self.weekday(first), self.weekday(last)),
        };
        let said = |run: &schedule::Run| {
            let hours = run.intervals.iter().map(|(start, end)| self.range(*start, *end)).collect::<Vec<_>>().join("+");
            format!("{} {hours}", days(run.first, run.last))
        };
        schedule::runs(week).iter().map(said).collect::<Vec<_>>().join(", ")
    }
}
