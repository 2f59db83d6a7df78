//! What is kept of a visit to the desk: closed lists, of nobody. The one free line is about a need, never about a
//! person, and is read before it is kept.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use crate::closed::closed_list;
use crate::theme::Theme;

closed_list! {
    /// How a visitor came.
    Way {
        /// At the desk.
        Desk = "desk",
        /// At the kiosk, with a mediator.
        Kiosk = "kiosk",
        /// By phone.
        Phone = "phone",
        /// By text message.
        Sms = "sms",
        /// In a chat.
        Bot = "bot",
        /// Outside: a market, a home, a square.
        Outreach = "outreach",
    }
}

closed_list! {
    /// What came of it.
    Outcome {
        /// They have what they came for.
        Answered = "answered",
        /// Some of it.
        Partly = "partly",
        /// There is no such thing.
        NotFound = "not-found",
        /// Sent to somebody who can help.
        Referred = "referred",
        /// They are called back.
        CallBack = "call-back",
    }
}

closed_list! {
    /// How long it took.
    Minutes {
        /// Less than five minutes.
        UpTo5 = "0-5",
        /// Five to fifteen.
        UpTo15 = "5-15",
        /// Fifteen to thirty.
        UpTo30 = "15-30",
        /// Longer.
        Longer = "30-",
    }
}

closed_list! {
    /// How old they are, about.
    Age {
        /// Under 18.
        Minor = "0-17",
        /// 18 to 24.
        Young = "18-24",
        /// 25 to 39.
        Adult = "25-39",
        /// 40 to 59.
        Middle = "40-59",
        /// 60 to 69.
        Senior = "60-69",
        /// 70 and more.
        Old = "70-",
    }
}

closed_list! {
    /// What was done for somebody who does not read or write easily, or speaks another language.
    Help {
        /// Something was read to them.
        Read = "read",
        /// Something was written for them.
        Written = "written",
        /// Something was interpreted.
        Interpreted = "interpreted",
    }
}

closed_list! {
    /// Why a need was not met.
    Why {
        /// There is no such service.
        NoService = "no-service",
        /// There is no room.
        Full = "full",
        /// Closed, or too late.
        Closed = "closed",
        /// Too far.
        Far = "far",
        /// It costs too much.
        Cost = "cost",
        /// Nobody there speaks their language.
        Language = "language",
        /// They cannot get in.
        Access = "access",
        /// They were refused.
        Refused = "refused",
        /// Nobody knows.
        Unknown = "unknown",
    }
}

/// A visit, of nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The day; the hour is not kept.
    pub day: NaiveDate,
    /// The place's name.
    pub place: String,
    /// How they came.
    pub way: Way,
    /// The code of the language they were helped in.
    pub language: String,
    /// About what, one theme to three.
    pub themes: Vec<Theme>,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took.
    pub minutes: Minutes,
    /// How old they are, if it was noted.
    pub age: Option<Age>,
    /// Whether they came for the first time, if it was noted.
    pub is_first: Option<bool>,
    /// What was done beside searching, if anything was.
    pub help: Option<Help>,
    /// A slip was given.
    pub has_slip: bool,
}

/// Something that somebody needed and nobody offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The Monday of its week.
    pub week: NaiveDate,
    /// How it became known.
    pub way: Way,
    /// About what.
    pub theme: Theme,
    /// Where; empty where nobody said.
    pub postal_code: String,
    /// Why it was not met.
    pub why: Why,
    /// What was needed, in a few words.
    pub words: Option<String>,
}

/// Longest line about a need, in characters.
pub const LONGEST_WORDS: usize = 120;

/// The Monday of a day's week.
pub fn week_of(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day)
}

closed_list! {
    /// Why a line about a need is not kept.
    Personal {
        /// It is too long.
        Long = "long",
        /// It holds an e-mail address.
        Mail = "mail",
        /// It holds a number that could be a phone's, a national number's or an account's.
        Number = "number",
        /// It says who: a title with a name.
        Name = "name",
    }
}

/// What in a line about a need says who somebody is, as far as a machine can see it: an address, a long number, a
/// title before a name. Nothing where it may be kept.
pub fn personal(words: &str) -> Option<Personal> {
    if words.chars().count() > LONGEST_WORDS {
        return Some(Personal::Long);
    }
    if words.split_whitespace().any(|word| word.contains('@')) {
        return Some(Personal::Mail);
    }
    // Phone numbers, national numbers and accounts have eight digits and more, however they are cut; a postal code
    // and a year together do not.
    let mut digits = 0;
    for character in words.chars() {
        match character {
            '0'..='9' => digits += 1,
            ' ' | '.' | '/' | '-' | '+' | '(' | ')' | '\u{a0}' => {}
            _ => digits = 0,
        }
        if digits >= 8 {
            return Some(Personal::Number);
        }
    }
    let titles: BTreeSet<&str> =
        ["mme", "madame", "mlle", "monsieur", "mr", "m", "mevr", "mevrouw", "dhr", "meneer", "herr", "frau", "mrs", "ms", "mister"].into();
    let words: Vec<&str> = words.split_whitespace().collect();
    let named = words.windows(2).any(|pair| {
        let [title, name] = pair else { return false };
        titles.contains(title.trim_end_matches('.').to_lowercase().as_str()) && name.chars().next().is_some_and(char::is_uppercase)
    });
    named.then_some(Personal::Name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_who_is_not_kept() {
        for (words, found) in [
            ("un lit adapté pour une nuit", None),
            ("cours de néerlandais le soir à 1030, plus de place avant 2027", None),
            ("taxi social pour l'hôpital, 2 fois par semaine", None),
            ("rappeler au 0470 12 34 56", Some(Personal::Number)),
            ("NN 85.07.30-033.28", Some(Personal::Number)),
            ("compte BE68 5390 0754 7034", Some(Personal::Number)),
            ("écrire à ana@example.org", Some(Personal::Mail)),
            ("lit pour Mme Dupont", Some(Personal::Name)),
            ("Frau Müller sucht einen Kurs", Some(Personal::Name)),
            ("bed voor mevr. Peeters", Some(Personal::Name)),
            ("un monsieur âgé cherche un lit", None),
        ] {
            assert_eq!(personal(words), found, "{words}");
        }
        assert_eq!(personal(&"mot ".repeat(31)), Some(Personal::Long));
    }

    #[test]
    fn weeks_begin_on_mondays() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(week_of(day("2026-11-27")), day("2026-11-23"));
        assert_eq!(week_of(day("2026-11-23")), day("2026-11-23"));
        assert_eq!(week_of(day("2027-01-01")), day("2026-12-28"));
    }
}
