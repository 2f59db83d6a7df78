//! When things are open, and when events take place.

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use directory::record::{When, WhenStatus};

use super::chance::Chance;
use super::subject::Habit;

/// Single events are within this many days.
const WINDOW: u64 = 35;

const ZONE: &str = "Europe/Brussels";

const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// Opening hours as OpenStreetMap writes them; `None` where the habit has none.
pub(super) fn hours(habit: Habit, chance: &mut Chance) -> Option<String> {
    let pattern = chance.pick(patterns(habit))?;
    let (one, other) = two_days(chance);
    let from = chance.pick(&["08:30", "09:00", "09:30", "10:00"])?;
    let to = chance.pick(&["16:00", "16:30", "17:00", "18:00"])?;
    Some(pattern.replace("{one}", one).replace("{other}", other).replace("{from}", from).replace("{to}", to))
}

/// `{one}` and `{other}` are two days of the week in their order, `{from}` is in the morning, `{to}` in
/// the afternoon.
fn patterns(habit: Habit) -> &'static [&'static str] {
    match habit {
        Habit::Meal => &["Mo-Fr 11:30-14:00; PH off", "{one},{other} 12:00-14:00", "Mo-Su 11:45-13:30", "Mo-Fr 12:00-13:30; {one} 18:00-20:00"],
        Habit::Parcel => &["{one} 13:30-16:30", "{one},{other} {from}-12:00; PH off", "{one}[1,3] 14:00-16:00", "{one} 09:00-11:30; {other} 13:00-15:30"],
        Habit::Shop => &[
            "Tu-Sa {from}-{to}",
            "We-Fr {from}-12:30,13:30-{to}; Sa 10:00-16:00; PH off",
            "Mo-Sa {from}-18:30; PH off",
            "{one},{other} {from}-{to}; Sa[1] 10:00-13:00",
        ],
        Habit::Always => &["24/7"],
        Habit::Evening => &["{one} 18:00-20:30", "{one},{other} 17:30-19:30; PH off", "Mo-Th 18:30-21:00", "{one}[2] 19:00-21:30"],
        Habit::Night => &["Mo-Su 19:00-08:00", "Mo-Su 20:00-09:00", "Nov-Mar Mo-Su 18:00-10:00", "24/7"],
        Habit::Desk => &[
            "Mo-Fr {from}-12:00,13:30-{to}; PH off",
            "Mo-Th {from}-{to}; Fr {from}-12:00; PH off",
            "Mo,Tu,Th {from}-12:00; We 13:30-16:30; PH off",
            "Mo-Fr {from}-12:30",
        ],
        Habit::Mornings => &["Mo-Fr {from}-12:00; PH off", "Mo-Sa 08:00-11:30; {one} 13:00-15:00", "{one},{other} {from}-11:45", "Mo-Su 08:00-12:00"],
        Habit::Afternoons => &["Mo-Fr 13:30-{to}; PH off", "Tu-Sa 14:00-18:30", "Mo,We,Fr 12:00-18:30; Tu 09:00-13:00", "We-Su 13:00-19:00; PH off"],
        Habit::Practice => &[
            "Mo-Fr 08:00-19:00; Sa 09:00-12:00; PH off",
            "Mo-Fr 08:30-12:00,14:00-18:30; PH off",
            "Mo-Fr 08:00-12:30,13:30-18:00; {one} 18:00-20:00; PH off",
            "Mo-Sa {from}-18:30; PH,Su off",
        ],
        Habit::Saturday => &["Sa 09:00-12:00", "Sa[1] 10:00-13:00", "We 14:00-17:00; Sa 10:00-12:30; PH off", "Sa,Su 10:00-16:00"],
        Habit::School => &["Mo-Fr 15:30-18:00; SH,PH off", "Mo,Tu,Th,Fr 15:45-17:45; We 13:30-17:00; PH off", "Tu,Th 16:00-18:00; PH off"],
        Habit::Library => &[
            "Tu-Fr 12:30-18:00; Sa 10:00-16:00; PH off",
            "Tu-Fr {from}-12:30,13:30-17:00; {one}[1] 13:30-20:00",
            "Mo 16:00-19:00; We 13:30-18:00; Sa 09:30-12:30; PH off",
            "Mo-Fr {from}-{to}; PH off",
        ],
        Habit::Nursery => &["Mo-Fr 07:00-18:30; PH off", "Mo-Fr 07:30-18:00; PH off"],
        Habit::Season => &["Apr-Oct Mo-Su 08:00-20:00; Nov-Mar Mo-Su 09:00-17:00", "Mo-Su 08:00-18:00", "{one},{other} 14:00-17:00; Sa 10:00-13:00", "24/7"],
        Habit::None | Habit::Morning | Habit::Noon | Habit::Afternoon | Habit::Day => &[],
    }
}

fn two_days(chance: &mut Chance) -> (&'static str, &'static str) {
    // From Monday to Friday, the first before the second.
    let first = chance.index(4);
    let second = first + 1 + chance.index(4 - first);
    (DAYS.get(first).copied().unwrap_or("Mo"), DAYS.get(second).copied().unwrap_or("Fr"))
}

/// When an event takes place: half of them once within five weeks, the others every week, every two
/// weeks or every month.
pub(super) fn event(habit: Habit, today: NaiveDate, chance: &mut Chance) -> When {
    let day = today + Days::new(chance.below(WINDOW));
    let begins = begins(habit, chance);
    let status = match chance.below(100) {
        0 => WhenStatus::Cancelled,
        1 | 2 => WhenStatus::Full,
        3 => WhenStatus::Tentative,
        _ => WhenStatus::Scheduled,
    };
    if habit == Habit::Day && chance.percent(50) {
        let start = day.and_time(NaiveTime::MIN);
        let end = start + Days::new(chance.below(2));
        return When { start, end: Some(end), all_day: true, zone: ZONE.to_owned(), rrule: None, rdate: Vec::new(), exdate: Vec::new(), status };
    }
    let length = if habit == Habit::Day { 420 } else { chance.pick(&[60, 75, 90, 120, 150]).copied().unwrap_or(90) };
    let repeats = if habit == Habit::Day { 0 } else { chance.below(100) };
    let code = day_code(day.weekday());
    let (start, rule) = match repeats {
        0..50 => (day, None),
        50..82 => (day - Days::new(7 * (1 + chance.below(12))), Some(format!("FREQ=WEEKLY;BYDAY={code}"))),
        82..90 => (day - Days::new(14 * chance.below(5)), Some(format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={code}"))),
        // The fifth Tuesday of a month is its last one.
        _ => match day.day0() / 7 + 1 {
            5 => (day, Some(format!("FREQ=MONTHLY;BYDAY=-1{code}"))),
            week => (day, Some(format!("FREQ=MONTHLY;BYDAY={week}{code}"))),
        },
    };
    let start = start.and_time(begins);
    let exdate = if (50..82).contains(&repeats) && chance.percent(8) { vec![day.and_time(begins) + Days::new(7)] } else { Vec::new() };
    When { start, end: Some(start + Duration::minutes(length)), all_day: false, zone: ZONE.to_owned(), rrule: rule, rdate: Vec::new(), exdate, status }
}

/// How long an offer stands.
pub(super) fn offer(today: NaiveDate, chance: &mut Chance) -> When {
    let midnight = |day: NaiveDate| -> NaiveDateTime { day.and_time(NaiveTime::MIN) };
    When {
        start: midnight(today - Days::new(chance.below(25))),
        end: Some(midnight(today + Days::new(5 + chance.below(60)))),
        all_day: true,
        zone: ZONE.to_owned(),
        rrule: None,
        rdate: Vec::new(),
        exdate: Vec::new(),
        status: WhenStatus::Scheduled,
    }
}

fn begins(habit: Habit, chance: &mut Chance) -> NaiveTime {
    let hour = match habit {
        Habit::Morning => 9 + chance.below(2),
        Habit::Noon => 11 + chance.below(2),
        Habit::Day => 9,
        Habit::Evening => 17 + chance.below(3),
        Habit::Night => 19 + chance.below(2),
        _ => 13 + chance.below(3),
    };
    let minutes = hour * 60 + 30 * chance.below(2);
    NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(minutes * 60).unwrap_or_default(), 0).unwrap_or_default()
}

fn day_code(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}
