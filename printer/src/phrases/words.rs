//! Days, hours, prices and freshness in full words: on paper there is room, and no second look at a clock.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use directory::answer::{Hours, What};
use directory::phrase::Argument;
use directory::record::{Cost, CostKind, Shown, WayIn};
use directory::schedule::{self, Run, Week};
use directory::theme::Audience;
use directory::vocabulary::Vocabulary;

use super::{SlipPhrase, SlipPhrases};
use crate::slip_language::SlipLanguage;
use crate::wrap::together;

/// What ends before this hour ends in the night.
const NIGHT_ENDS: u32 = 5;

/// What ends before this hour ends in the morning.
const NOON: u32 = 12;

/// Says values in one language, as seen on one day.
#[derive(Debug, Clone, Copy)]
pub struct SlipWords<'a> {
    /// The sentences.
    pub phrases: &'a SlipPhrases,
    /// The language.
    pub language: SlipLanguage,
    /// The local day on which it is printed.
    pub today: NaiveDate,
}

impl SlipWords<'_> {
    /// A sentence without values.
    pub fn say(&self, said: SlipPhrase) -> String {
        self.with(said, &[])
    }

    /// A sentence with its values.
    pub fn with(&self, said: SlipPhrase, arguments: &[Argument<'_>]) -> String {
        self.phrases.say(self.language, said, arguments)
    }

    /// A sentence with one value.
    pub fn one(&self, said: SlipPhrase, name: &'static str, value: &str) -> String {
        self.with(said, &[(name, Cow::Borrowed(value))])
    }

    fn two(&self, said: SlipPhrase, first: (&'static str, String), second: (&'static str, String)) -> String {
        self.with(said, &[(first.0, first.1.into()), (second.0, second.1.into())])
    }

    /// `11h30`; `11:30 Uhr`; an hour at which something ends is 24, not 0.
    pub fn hour(&self, time: NaiveTime, is_end: bool) -> String {
        let hour = if is_end && time == NaiveTime::MIN { 24 } else { time.hour() };
        together(&if time.minute() == 0 {
            self.one(SlipPhrase::Hour, "hour", &hour.to_string())
        } else {
            self.two(SlipPhrase::HourMinutes, ("hour", hour.to_string()), ("minutes", format!("{:02}", time.minute())))
        })
    }

    /// `de 11h30 à 16h`; `de 20h30 à 8h30 le lendemain`.
    pub fn between(&self, start: NaiveTime, end: NaiveTime) -> String {
        let said = if end <= start && end != NaiveTime::MIN { SlipPhrase::BetweenDays } else { SlipPhrase::Between };
        self.two(said, ("from", self.hour(start, false)), ("to", self.hour(end, true)))
    }

    /// The hour at which something ends: `16h`, `2h cette nuit`, `8h30 demain matin`, `vendredi 14 octobre, 18h`.
    pub fn until(&self, until: NaiveDateTime) -> String {
        // Midnight ends the day before.
        let is_midnight = until.time() == NaiveTime::MIN;
        let day = if is_midnight { until.date().pred_opt().unwrap_or_default() } else { until.date() };
        let hour = self.hour(until.time(), true);
        match (day - self.today).num_days() {
            0 => hour,
            1 if until.hour() < NIGHT_ENDS && !is_midnight => self.one(SlipPhrase::UntilNight, "hour", &hour),
            1 if until.hour() < NOON && !is_midnight => self.one(SlipPhrase::UntilMorning, "hour", &hour),
            _ => self.two(SlipPhrase::Moment, ("day", self.weekday_and_day(day, false)), ("hour", hour)),
        }
    }

    /// Whom alone it is for; nothing where everybody may come.
    pub fn only_for(&self, audiences: &[Audience]) -> Option<String> {
        let names = audiences.iter().map(|audience| self.phrases.audience(self.language, *audience));
        let joint = if self.language == SlipLanguage::Ar { "، " } else { ", " };
        let who = names.reduce(|first, next| format!("{first}{joint}{next}"))?;
        Some(self.one(SlipPhrase::OnlyFor, "who", &who))
    }

    /// How one gets in, where one may not just come.
    pub fn way_in(&self, way: WayIn) -> Option<String> {
        match way {
            WayIn::Open => None,
            WayIn::Appointment => Some(self.say(SlipPhrase::ByAppointment)),
            WayIn::Referral => Some(self.say(SlipPhrase::ByReferral)),
        }
    }

    /// What an entry is, in a word or two: a need's short label, or a theme's name.
    pub fn what_short(&self, what: What, vocabulary: &Vocabulary) -> String {
        match what {
            What::Need(need) => need.short_in(self.language.code()).unwrap_or_else(|| need.short(self.language.record_language())).to_owned(),
            What::Theme(_) => self.what(what, vocabulary),
        }
    }

    /// What an entry is: a need's long label, or a theme's name.
    pub fn what(&self, what: What, vocabulary: &Vocabulary) -> String {
        match what {
            What::Need(need) => need.long_in(self.language.code()).unwrap_or_else(|| need.long(self.language.record_language())).to_owned(),
            What::Theme(theme) => self.phrases.label(self.language, theme, vocabulary).into_owned(),
        }
    }

    /// `12 octobre`, with the year where it is another one, or asked for.
    pub fn day(&self, day: NaiveDate, with_year: bool) -> String {
        let month = self.nth(SlipPhrase::Months, day.month0() as usize);
        let number = if day.day() == 1 { self.say(SlipPhrase::FirstDay) } else { self.numbered(day.day()) };
        together(&if with_year || day.year() != self.today.year() {
            self.with(SlipPhrase::DayYear, &[("day", number.into()), ("month", month.into()), ("year", day.year().to_string().into())])
        } else {
            self.two(SlipPhrase::Day, ("day", number), ("month", month))
        })
    }

    /// `mardi 14 octobre`.
    pub fn weekday_and_day(&self, day: NaiveDate, with_year: bool) -> String {
        let weekday = self.weekday(day.weekday().num_days_from_monday() as usize);
        self.two(SlipPhrase::WeekdayDay, ("weekday", weekday), ("day", self.day(day, with_year)))
    }

    /// `mardi 14 octobre, 18h30`; a day without hours where the event takes the whole of it.
    pub fn moment(&self, start: NaiveDateTime, is_whole_day: bool) -> String {
        let day = self.weekday_and_day(start.date(), false);
        if is_whole_day { day } else { self.two(SlipPhrase::Moment, ("day", day), ("hour", self.hour(start.time(), false))) }
    }

    /// Opening hours, a line each.
    pub fn hours(&self, hours: &Hours) -> Vec<String> {
        match hours {
            Hours::Weekly(week) => self.week(week),
            Hours::Next(next) => {
                let day = |(start, end): &(NaiveDateTime, NaiveDateTime)| {
                    let days = self.weekday_and_day(start.date(), false);
                    self.two(SlipPhrase::OpenDays, ("days", days), ("hours", self.between(start.time(), end.time())))
                };
                next.iter().map(day).collect()
            }
            Hours::Always => vec![self.say(SlipPhrase::Always)],
            Hours::Words(words) => vec![words.clone()],
            Hours::Dates(dates) => dates.iter().map(|start| self.moment(*start, start.time() == NaiveTime::MIN)).collect(),
            Hours::Closed => vec![self.say(SlipPhrase::Closed)],
            Hours::AskByPhone => vec![self.say(SlipPhrase::HoursByPhone)],
            Hours::Unknown => vec![self.say(SlipPhrase::HoursUnknown)],
        }
    }

    fn week(&self, week: &Week) -> Vec<String> {
        let said = |run: &Run| {
            let days = match run.last - run.first {
                0 => self.weekday(run.first),
                1 => self.two(SlipPhrase::DaysTwo, ("first", self.weekday(run.first)), ("last", self.weekday(run.last))),
                6 => self.say(SlipPhrase::EveryDay),
                _ => self.two(SlipPhrase::DaysFromTo, ("first", self.weekday(run.first)), ("last", self.weekday(run.last))),
            };
            let spans = run.intervals.iter().map(|(start, end)| self.between(*start, *end));
            let hours = spans.reduce(|first, second| self.two(SlipPhrase::AndAgain, ("first", first), ("second", second))).unwrap_or_default();
            self.two(SlipPhrase::OpenDays, ("days", days), ("hours", hours))
        };
        schedule::runs(week).iter().map(said).collect()
    }

    /// What it costs; nothing where nobody says.
    pub fn cost(&self, cost: &Cost) -> Option<String> {
        Some(match (cost.kind, cost.euros()) {
            (CostKind::Unknown, _) => return None,
            (CostKind::Free, _) => self.say(SlipPhrase::Free),
            (CostKind::FreeIf, _) => self.say(SlipPhrase::FreeIf),
            (CostKind::PayWhatYouCan, _) => self.say(SlipPhrase::PayWhatYouCan),
            (CostKind::Paid, None) => self.say(SlipPhrase::Paid),
            (CostKind::Paid, Some(price)) if self.language == SlipLanguage::En => self.one(SlipPhrase::Price, "price", &price.replace(',', ".")),
            (CostKind::Paid, Some(price)) => self.one(SlipPhrase::Price, "price", &price),
        })
    }

    /// What may be said of a record's truth; `how` is the way in which a person confirmed it.
    pub fn freshness(&self, shown: Shown, how: Option<&str>) -> String {
        match shown {
            Shown::Verified(day) => {
                let said = match how {
                    Some("phone") => SlipPhrase::VerifiedPhone,
                    Some("visit") => SlipPhrase::VerifiedVisit,
                    _ => SlipPhrase::Verified,
                };
                self.one(said, "day", &self.day(day, false))
            }
            Shown::SourceOf(day) => self.one(SlipPhrase::SourceOf, "day", &self.day(day, false)),
            Shown::Stale(months) => self.one(SlipPhrase::Stale, "months", &months.to_string()),
            Shown::Unverified => self.say(SlipPhrase::Unverified),
            Shown::Doubtful => self.say(SlipPhrase::Doubtful),
        }
    }

    /// How far it is, rounded to what a walker cares for.
    pub fn distance(&self, kilometres: f64) -> Option<String> {
        if !(0.05..200.0).contains(&kilometres) {
            return None;
        }
        Some(if kilometres < 0.95 {
            self.one(SlipPhrase::Metres, "number", &format!("{:.0}", (kilometres * 10.0).ceil() * 100.0))
        } else {
            let number = if kilometres < 9.5 { format!("{kilometres:.1}") } else { format!("{kilometres:.0}") };
            let number = number.strip_suffix(".0").unwrap_or(&number);
            self.one(SlipPhrase::Kilometres, "number", &if self.language == SlipLanguage::En { number.to_owned() } else { number.replace('.', ",") })
        })
    }

    /// German counts days with a point.
    fn numbered(&self, day: u32) -> String {
        if self.language == SlipLanguage::De { format!("{day}.") } else { day.to_string() }
    }

    /// A day of the week, from Monday = 0.
    pub fn weekday(&self, from_monday: usize) -> String {
        self.nth(SlipPhrase::Weekdays, from_monday)
    }

    fn nth(&self, said: SlipPhrase, index: usize) -> String {
        self.say(said).split(' ').nth(index).unwrap_or_default().to_owned()
    }
}
