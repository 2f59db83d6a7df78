//! Who is answered, who may be called, and out of which budgets. Pure.
//!
//! Answering costs money, and somebody may make us spend it on purpose (toll fraud). We answer only
//! those who wrote first, from countries on a list, and only so many segments: per number and hour,
//! per number and day, per range of numbers and day, per day. Whoever is in danger is answered from
//! budgets of their own, which nothing else can spend.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use db::budget::{Budget, Charge, Takes};
use directory::phone::{Country, Phone};
use serde::{Deserialize, Serialize};

/// Before the number of a chat where another channel has a phone number.
pub const CHAT: &str = "telegram:";

/// What an answer is paid from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetClass {
    /// Text messages, by the segment.
    Texts,
    /// Text and chat messages to whoever is in danger: nothing else is.
    Danger,
    /// Calls, one by one: the first step of each.
    Calls,
    /// Calls that we make because somebody let it ring.
    Missed,
    /// The minutes of a call that we made, while it goes on.
    Minutes,
    /// Chat messages, one by one.
    Chats,
    /// Nothing: a call goes on that was paid for.
    Nothing,
}

/// Budgets in segments, and the countries answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// For one number in one hour.
    pub sender_hour: i64,
    /// For one number in one day.
    pub sender_day: i64,
    /// For the numbers that share their first six digits, in one day.
    pub range_day: i64,
    /// For everybody, in one day.
    pub day: i64,
    /// Answers to whoever is in danger, for one number or chat in one hour: beside all others.
    pub danger_hour: i64,
    /// Answers to whoever is in danger, for everybody in one day.
    pub danger_day: i64,
    /// How often the same words of one number are answered in one hour: more often, a machine writes.
    pub same_hour: i64,
    /// Calls of one number in one hour.
    pub calls_hour: i64,
    /// Calls of one number in one day.
    pub calls_day: i64,
    /// Calls with a hidden number in one day.
    pub hidden_day: i64,
    /// Calls of everybody who shows a number, in one day.
    pub all_calls_day: i64,
    /// How long a call may last, in minutes.
    pub call_minutes: u32,
    /// How often a missed call is called back in one hour.
    pub missed_hour: i64,
    /// How often a missed call is called back in one day.
    pub missed_day: i64,
    /// Minutes of all calls that we make, in one day.
    pub missed_minutes_day: i64,
    /// People who are promised a call, in one day; as many again at kiosks.
    pub call_backs_day: i64,
    /// People who are promised a call among the numbers that share their first six digits, in one day.
    pub call_backs_range_day: i64,
    /// Messages of one chat in one hour.
    pub chats_hour: i64,
    /// Messages of one chat in one day.
    pub chats_day: i64,
    /// Messages of all chats in one day.
    pub all_chats_day: i64,
    /// Prefixes of the countries that are answered.
    pub countries: Vec<String>,
    /// Our own numbers: a message from one of them is a forged one, or an echo.
    #[serde(skip)]
    pub own_numbers: Vec<String>,
    /// Numbers of fiction count as real ones: nothing goes out to any carrier.
    #[serde(skip)]
    pub is_fiction: bool,
}

impl Default for Limits {
    fn default() -> Self {
        let countries = ["+32", "+33", "+352", "+31", "+49"].map(ToOwned::to_owned).to_vec();
        Self {
            sender_hour: 12,
            sender_day: 40,
            range_day: 400,
            day: 2_000,
            danger_hour: 6,
            danger_day: 5_000,
            same_hour: 3,
            calls_hour: 6,
            calls_day: 20,
            hidden_day: 200,
            all_calls_day: 500,
            call_minutes: 20,
            missed_hour: 3,
            missed_day: 4,
            missed_minutes_day: 600,
            call_backs_day: 60,
            call_backs_range_day: 12,
            chats_hour: 120,
            chats_day: 400,
            all_chats_day: 10_000,
            countries,
            own_numbers: Vec::new(),
            is_fiction: false,
        }
    }
}

/// Digits of a number that name its range: country code and the first digits behind it.
const RANGE_DIGITS: usize = 7;

/// Numbers with fewer digits are services and machines, not people.
const FEWEST_DIGITS: usize = 8;

/// Calls of ours that may ring in vain in a week: then we call no more.
const IN_VAIN: i64 = 2;

/// So many hours in which all of `danger_hour` is spent make a day.
const DANGER_HOURS: i64 = 4;

impl Limits {
    /// True for a person's number in a country that is answered. Names and short numbers are machines:
    /// answering them starts loops, and so does answering ourselves.
    pub fn answers(&self, sender: &str) -> bool {
        let digits = sender.strip_prefix('+').unwrap_or_default();
        digits.len() >= FEWEST_DIGITS
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && self.countries.iter().any(|country| sender.starts_with(country.as_str()))
            && !self.own_numbers.iter().any(|own| own == sender)
    }

    /// The number, where a person or this program may call or text it: a phone in somebody's pocket or house, in a
    /// country that is answered. Whoever asks for a call can forge a number that costs euros a minute.
    pub fn callable(&self, number: &str) -> Option<Phone> {
        let phone = Phone::parse(number, Country::default()).filter(|phone| self.answers(phone.as_str()))?;
        (phone.is_subscriber() || self.is_fiction && phone.is_fictional()).then_some(phone)
    }

    /// The budgets an answer to this number is paid from, the number's own hour first. `hash` turns a
    /// text into a key that says nothing of it.
    pub fn budgets(&self, class: BudgetClass, sender: &str, now: DateTime<Utc>, hash: impl Fn(&str) -> String) -> Vec<Budget> {
        let (hour, day) = (TimeDelta::hours(1), TimeDelta::days(1));
        let range = range(sender);
        // Of chat messages the last one of a budget is not kept for a notice: saying it costs nothing more.
        let windows = match class {
            BudgetClass::Texts => vec![
                ("sender hour", sender, hour, self.sender_hour),
                ("sender day", sender, day, self.sender_day),
                ("range day", range.as_str(), day, self.range_day),
                ("day", "", day, self.day),
            ],
            // Chats cost nothing: whoever makes many of them spends nothing of what pays text messages.
            BudgetClass::Danger if sender.starts_with(CHAT) => {
                vec![("danger hour", sender, hour, self.chats_hour), ("danger chats", "", day, self.all_chats_day)]
            }
            BudgetClass::Danger => vec![
                ("danger hour", sender, hour, self.danger_hour),
                ("danger own day", sender, day, DANGER_HOURS * self.danger_hour),
                ("danger day", "", day, self.danger_day),
            ],
            // Whoever hides their number is told to by those who help; nobody else spends what they share.
            BudgetClass::Calls if sender.is_empty() => vec![("hidden calls", "", day, self.hidden_day)],
            BudgetClass::Calls => {
                vec![("calls hour", sender, hour, self.calls_hour), ("calls day", sender, day, self.calls_day), ("all calls", "", day, self.all_calls_day)]
            }
            BudgetClass::Missed => vec![
                ("missed hour", sender, hour, self.missed_hour),
                ("missed day", sender, day, self.missed_day),
                ("missed minutes", "", day, self.missed_minutes_day),
                ("all calls", "", day, self.all_calls_day),
            ],
            BudgetClass::Minutes => vec![("missed minutes", "", day, self.missed_minutes_day)],
            BudgetClass::Chats => vec![
                ("chat hour", sender, hour, self.chats_hour + 1),
                ("chat day", sender, day, self.chats_day + 1),
                ("all chats", "", day, self.all_chats_day + 1),
            ],
            BudgetClass::Nothing => Vec::new(),
        };
        let mut budgets: Vec<Budget> =
            windows.into_iter().map(|(name, whose, length, limit)| budget(name, whose, length, limit, Takes::Segments, now, &hash)).collect();
        if class == BudgetClass::Missed {
            budgets.push(Budget { takes: Takes::Nothing, ..self.in_vain(sender, now, hash) });
        }
        budgets
    }

    /// What an answer of so many segments (or calls, minutes, messages) to this number costs, and of which budgets.
    /// Nothing is said instead where one is spent: `notice` and `silence` are the caller's to fill.
    pub fn charge(&self, class: BudgetClass, units: usize, sender: &str, now: DateTime<Utc>, hash: impl Fn(&str) -> String) -> Charge {
        Charge {
            segments: i64::try_from(units).unwrap_or(i64::MAX),
            budgets: self.budgets(class, sender, now, hash),
            notice: None,
            silence: String::new(),
            is_urgent: matches!(class, BudgetClass::Danger | BudgetClass::Minutes | BudgetClass::Nothing),
        }
    }

    /// What a message takes whose words are counted, beside its segments.
    pub fn same_words(&self, sender: &str, text: &str, now: DateTime<Utc>, hash: impl Fn(&str) -> String) -> Budget {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        // One more for the notice.
        budget("same words", &format!("{sender}|{words}"), TimeDelta::hours(1), self.same_hour + 1, Takes::One, now, &hash)
    }

    /// What a call of ours that nobody took is counted in.
    pub fn in_vain(&self, number: &str, now: DateTime<Utc>, hash: impl Fn(&str) -> String) -> Budget {
        budget("calls in vain", number, TimeDelta::weeks(1), IN_VAIN, Takes::One, now, &hash)
    }

    /// Whose call is promised: what it is taken from.
    pub fn room(&self, asks: Asks<'_>, now: DateTime<Utc>, hash: impl Fn(&str) -> String) -> Vec<Budget> {
        let day = TimeDelta::days(1);
        let one = |name, whose: &str, limit| budget(name, whose, day, limit, Takes::One, now, &hash);
        match asks {
            Asks::Number(number) => vec![one("call-backs range", &range(number), self.call_backs_range_day), one("call-backs", "", self.call_backs_day)],
            Asks::Chat => vec![one("call-backs", "", self.call_backs_day)],
            Asks::Kiosk => vec![one("call-backs kiosks", "", self.call_backs_day)],
        }
    }
}

/// Who asks for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks<'a> {
    /// Somebody with this number, by text message or phone.
    Number(&'a str),
    /// Somebody in a chat.
    Chat,
    /// Somebody who stands at a kiosk, and was told that it is noted: nobody far away takes their place.
    Kiosk,
}

fn range(number: &str) -> String {
    number.chars().take(RANGE_DIGITS).collect()
}

fn budget(name: &'static str, whose: &str, length: TimeDelta, limit: i64, takes: Takes, now: DateTime<Utc>, hash: impl Fn(&str) -> String) -> Budget {
    let begun = now.duration_trunc(length).unwrap_or(now);
    Budget { name, key: hash(&format!("{name}|{whose}|{}", begun.timestamp())), limit, until: begun + length, takes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_answered_and_machines_are_not() {
        let limits = Limits { own_numbers: vec!["+32460000000".to_owned()], ..Limits::default() };
        for (sender, answered) in [
            ("+32470123456", true),
            ("+33639981234", true),
            ("INFO", false),
            ("8810", false),
            ("+32112", false),
            ("+447700900123", false),
            ("+882161234567", false),
            ("", false),
            ("+32460000000", false),
        ] {
            assert_eq!(limits.answers(sender), answered, "{sender}");
        }
    }

    #[test]
    fn only_phones_in_pockets_and_houses_are_called() {
        let limits = Limits { own_numbers: vec!["+32460000000".to_owned()], ..Limits::default() };
        for number in ["+32470123456", "+3222345678", "+33612345678", "+33142345678", "+31612345678", "+4915123456789", "+352621123456"] {
            assert_eq!(limits.callable(number).as_ref().map(Phone::as_str), Some(number));
        }
        // Premium rate, shared cost, personal numbers, voice over IP, unknown ones, short, far, ours, none.
        for number in [
            "+3290312345",
            "+3290712345",
            "+3278151234",
            "+33899123456",
            "+33810123456",
            "+33949123456",
            "+4990012345678",
            "+4970012345678",
            "+49190555123",
            "+4919055512345",
            "+491805123456",
            "+31900123456",
            "+3188123456789",
            "112",
            "1712",
            "+447700900123",
            "+882161234567",
            "+32460000000",
            "telegram:123",
            "",
            "INFO",
        ] {
            assert!(limits.callable(number).is_none(), "{number}");
        }
        // Where nothing goes out, the numbers of the demonstration are people's.
        let demo = Limits { is_fiction: true, ..limits };
        assert!(demo.callable("+32455550103").is_some() && demo.callable("+3225550102").is_some());
        for number in ["+3290312345", "+4919055512345", "+4970012345678", "+12025550123", "+33899123456"] {
            assert!(demo.callable(number).is_none(), "{number}");
        }
    }

    #[test]
    fn nothing_else_is_paid_from_what_is_for_danger() {
        let limits = Limits::default();
        let now: DateTime<Utc> = "2026-11-23T10:59:59Z".parse().unwrap();
        let keys = |class| limits.budgets(class, "+32470123456", now, str::to_owned).into_iter().map(|budget| budget.key).collect::<Vec<_>>();
        let danger = keys(BudgetClass::Danger);
        for class in [BudgetClass::Texts, BudgetClass::Calls, BudgetClass::Missed, BudgetClass::Minutes, BudgetClass::Chats, BudgetClass::Nothing] {
            assert!(keys(class).iter().all(|key| !danger.contains(key)), "{class:?}");
        }
        let hidden = limits.budgets(BudgetClass::Calls, "", now, str::to_owned);
        assert!(hidden.len() == 1 && !keys(BudgetClass::Calls).contains(&hidden[0].key));
        assert_eq!(hidden[0].limit, 200);
    }

    #[test]
    fn windows_end_with_the_hour_and_the_day() {
        let now: DateTime<Utc> = "2026-11-23T10:59:59Z".parse().unwrap();
        let keys =
            |now| Limits::default().budgets(BudgetClass::Texts, "+32470123456", now, str::to_owned).into_iter().map(|budget| budget.key).collect::<Vec<_>>();
        let (before, after) = (keys(now), keys(now + TimeDelta::seconds(1)));
        assert_ne!(before[0], after[0]);
        assert_eq!(before[1..], after[1..]);
        // A clock set back finds the window as it was left.
        assert_eq!(keys(now - TimeDelta::minutes(30)), before);
        assert_eq!(
            Limits::default().budgets(BudgetClass::Texts, "+32470123456", now, str::to_owned)[0].until,
            "2026-11-23T11:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
    }
}
