//! Times, days, prices and freshness in the words of a language.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use directory::answer::{Coming, Hours, Off};
use directory::language::Language;
use directory::phrase::{Argument, Catalogue, Phrase};
use directory::query::Days;
use directory::record::{Cost, CostKind, Shown, WayIn};
use directory::schedule::{self, Week};
use directory::theme::Audience;

/// What ends before this hour ends in the night.
const NIGHT_ENDS: u32 = 5;

/// What ends before this hour ends in the morning.
const NOON: u32 = 12;

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
            Coming::OpenUntil(Some(until)) => self.open_until(*until),
            Coming::OpenUntil(None) => self.say(Phrase::OpenAlways),
            Coming::Opens(next) if next.date() == self.today => self.one(Phrase::Opens, "hour", &self.hour(next.time())),
            Coming::Opens(next) => self.one(Phrase::Opens, "hour", &format!("{} {}", self.near_day(next.date()), self.hour(next.time()))),
            Coming::Closed => self.say(Phrase::Closed),
            Coming::At { start, all_day: true } => self.near_day(start.date()),
            Coming::At { start, all_day: false } => format!("{} {}", self.near_day(start.date()), self.hour(start.time())),
            Coming::Off(off) => self.say(match off {
                Off::Cancelled => Phrase::Cancelled,
                Off::Postponed => Phrase::Postponed,
                Off::Full => Phrase::Full,
                Off::NotForVisitors => Phrase::PhoneFirst,
            }),
            Coming::AskByPhone => self.say(Phrase::HoursByPhone),
            Coming::Unknown => self.say(Phrase::HoursUnknown),
        }
    }

    /// `jusqu'à 16h`, `jusqu'à 2h cette nuit`, `jusqu'à 8h30 demain matin`, `jusqu'à ven 18h`: an hour of another day
    /// is never said alone.
    fn open_until(&self, until: NaiveDateTime) -> String {
        // Midnight ends the day before.
        let day = if until.time() == NaiveTime::MIN { until.date().pred_opt().unwrap_or_default() } else { until.date() };
        let hour = self.end(until.time());
        match (day - self.today).num_days() {
            0 => self.one(Phrase::OpenUntil, "hour", &hour),
            1 if until.hour() < NIGHT_ENDS && day == until.date() => self.one(Phrase::OpenUntilNight, "hour", &hour),
            1 if until.hour() < NOON && day == until.date() => self.one(Phrase::OpenUntilMorning, "hour", &hour),
            _ => self.one(Phrase::OpenUntil, "hour", &format!("{} {hour}", self.near_day(day))),
        }
    }

    /// Whom alone it is for: `femmes seulement`; nothing where everybody may come.
    pub fn only_for(&self, audiences: &[Audience]) -> Option<String> {
        let who = audiences.iter().map(|audience| self.say(audience_phrase(*audience))).reduce(|first, next| format!("{first}/{next}"))?;
        Some(self.one(Phrase::OnlyFor, "who", &who))
    }

    /// How one gets in, where one may not just come.
    pub fn way_in(&self, way: WayIn) -> Option<String> {
        match way {
            WayIn::Open => None,
            WayIn::Appointment => Some(self.say(Phrase::ByAppointment)),
            WayIn::Referral => Some(self.say(Phrase::ByReferral)),
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
            Hours::AskByPhone => self.say(Phrase::HoursByPhone),
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

fn audience_phrase(audience: Audience) -> Phrase {
    match audience {
        Audience::Women => Phrase::AudienceWomen,
        Audience::Men => Phrase::AudienceMen,
        Audience::Youth => Phrase::AudienceYouth,
        Audience::Families => Phrase::AudienceFamilies,
        Audience::Seniors => Phrase::AudienceSeniors,
        Audience::Exiles => Phrase::AudienceExiles,
        Audience::Homeless => Phrase::AudienceHomeless,
        Audience::Disability => Phrase::AudienceDisability,
        Audience::Lgbtq => Phrase::AudienceLgbtq,
        Audience::ExPrisoners => Phrase::AudienceExPrisoners,
        Audience::Students => Phrase::AudienceStudents,
        Audience::LowIncome => Phrase::AudienceLowIncome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hour_of_another_day_is_said_alone() {
        let catalogue = Catalogue::shipped();
        let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        let said = |language, coming: Coming| Words { catalogue: &catalogue, language, today: at("2026-11-23 00:00").date() }.coming(&coming);
        let until = |language, text: &str| said(language, Coming::OpenUntil(Some(at(text))));
        assert_eq!(until(Language::Fr, "2026-11-23 16:00"), "jusqu'à 16h");
        assert_eq!(until(Language::Fr, "2026-11-24 00:00"), "jusqu'à 24h");
        assert_eq!(until(Language::Fr, "2026-11-24 02:00"), "jusqu'à 2h cette nuit");
        assert_eq!(until(Language::Fr, "2026-11-24 08:30"), "jusqu'à 8h30 demain matin");
        assert_eq!(until(Language::Nl, "2026-11-24 08:30"), "tot 8u30 morgenochtend");
        assert_eq!(until(Language::De, "2026-11-24 08:30"), "bis 8:30 morgen früh");
        assert_eq!(until(Language::En, "2026-11-24 08:30"), "until 8:30 tomorrow morning");
        assert_eq!(until(Language::Fr, "2026-11-24 14:00"), "jusqu'à demain 14h");
        assert_eq!(until(Language::Fr, "2026-11-28 00:00"), "jusqu'à ven 24h");
        assert_eq!(until(Language::Fr, "2026-12-05 08:00"), "jusqu'à sam 5/12 8h");
        assert_eq!(said(Language::Fr, Coming::OpenUntil(None)), "jour et nuit");
        assert_eq!(said(Language::Fr, Coming::Opens(at("2026-11-24 13:30"))), "ouvre demain 13h30");
        assert_eq!(said(Language::Nl, Coming::Opens(at("2026-11-25 09:00"))), "opent wo 9u");
        assert_eq!(said(Language::Fr, Coming::AskByPhone), "horaires: téléphonez");
        assert_eq!(said(Language::Fr, Coming::Unknown), "horaire inconnu");
    }

    #[test]
    fn whom_it_is_for_is_said_in_every_language() {
        let catalogue = Catalogue::shipped();
        let said =
            |language, audiences: &[Audience]| Words { catalogue: &catalogue, language, today: NaiveDate::default() }.only_for(audiences).unwrap_or_default();
        assert_eq!(said(Language::Fr, &[]), "");
        assert_eq!(said(Language::Fr, &[Audience::Women]), "femmes seulement");
        assert_eq!(said(Language::De, &[Audience::Families, Audience::LowIncome]), "nur Familien/kleine Einkommen");
        for language in Language::ALL {
            let all: std::collections::HashSet<String> = Audience::ALL.iter().map(|audience| said(language, &[*audience])).collect();
            assert_eq!(all.len(), Audience::ALL.len());
        }
    }
}
