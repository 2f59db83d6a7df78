//! Days: today, weekdays, week-ends, weeks and dates, as local days.

use chrono::{Datelike, Days as DayCount, NaiveDate, Weekday};

use super::scan::{Reading, Span, is_day, is_year};
use crate::day_part::DayPart;
use crate::query::Days;
use crate::vocabulary::{Meaning, TimeWord};

/// What a message says about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Time {
    pub(super) days: Option<Days>,
    pub(super) open_now: bool,
    pub(super) part: Option<DayPart>,
}

/// The next such day to come, today included.
pub(super) fn coming_date(day: u32, month: u32, today: NaiveDate) -> Option<NaiveDate> {
    let this_year = NaiveDate::from_ymd_opt(today.year(), month, day);
    match this_year {
        Some(date) if date >= today => Some(date),
        _ => NaiveDate::from_ymd_opt(today.year() + 1, month, day).or_else(|| NaiveDate::from_ymd_opt(today.year() + 4 - today.year() % 4, month, day)),
    }
}

/// Reads the days out of the spans. `has_subject` tells whether the message says what it looks for:
/// only then is "le 3" a day of the month rather than a choice.
pub(super) fn read_time(spans: &[Span<'_>], today: NaiveDate, has_subject: bool) -> Time {
    let dates = dates(spans, today, has_subject);
    // "Since Friday" is past.
    let is_gone = |span: &Span<'_>| span.text.split(' ').next().is_some_and(|word| GONE.contains(&word));
    let is_past = |place: usize| {
        place.checked_sub(1).and_then(|before| spans.get(before)).is_some_and(|before| is_since(before)) || spans.get(place + 1).is_some_and(is_gone)
    };
    let is_after = |place: usize| place.checked_sub(1).and_then(|before| spans.get(before)).is_some_and(|before| DAY_AFTER.contains(&before.text));
    // "Après demain", whatever of it is misspelt.
    let told = |(place, word): (usize, TimeWord)| if word == TimeWord::Tomorrow && is_after(place) { TimeWord::AfterTomorrow } else { word };
    let said = spans.iter().enumerate().filter(|(place, _)| !is_past(*place)).flat_map(|(place, span)| time_words(span).map(move |word| (place, word)));
    let words: Vec<TimeWord> = said.map(told).collect();
    let days = span_of(&dates).or_else(|| weekdays(&words, today)).or_else(|| words.iter().find_map(|word| relative(*word, today)));
    let wants_open = words.iter().any(|word| matches!(word, TimeWord::Now | TimeWord::Open));
    let at_this_moment = words.contains(&TimeWord::Now) && days.is_none_or(|days| days.from == today && days.to == today);
    if at_this_moment || (wants_open && days.is_none()) {
        return Time { open_now: true, ..Time::default() };
    }
    Time { days, open_now: false, part: words.iter().find_map(|word| part(*word)).or_else(|| part_of_hour(spans)) }
}

/// Words before a time that is past.
const SINCE: [&str; 13] = ["depuis", "depui", "dpui", "dpuis", "sinds", "seit", "since", "sedert", "last", "vorige", "verleden", "letzten", "letzte"];

/// Words behind a day that is past.
const GONE: [&str; 6] = ["passe", "dernier", "derniere", "ago", "geleden", "voorbije"];

fn is_since(span: &Span<'_>) -> bool {
    span.text.split(' ').next_back().is_some_and(|word| SINCE.contains(&word))
}

/// Words that make of tomorrow the day after it.
const DAY_AFTER: [&str; 4] = ["apres", "apre", "apr", "after"];

/// Words before an hour from which, or until which, something is wished; and behind the figure of an hour.
const AFTER: [&str; 9] = ["apres", "apre", "apr", "na", "nach", "after", "vanaf", "ab", "from"];
const BEFORE: [&str; 5] = ["avant", "voor", "vor", "before", "tegen"];
const OF_CLOCK: [&str; 6] = ["heures", "heure", "uur", "uhr", "oclock", "o"];

/// The part of a day in which the only hour of a message lies: "après 18h", "before 10:00", "um 14 Uhr".
fn part_of_hour(spans: &[Span<'_>]) -> Option<DayPart> {
    let is_of_clock = |place: usize| spans.get(place).is_some_and(|span| span.text.split(' ').next().is_some_and(|word| OF_CLOCK.contains(&word)));
    let mut hours = spans.iter().enumerate().filter_map(|(place, span)| match span.reading {
        Reading::Hour(hour) => Some((place, hour?)),
        Reading::Number(number) if is_of_clock(place + 1) => Some((place, u8::try_from(number).ok().filter(|hour| *hour < 24)?)),
        _ => None,
    });
    let (place, hour) = hours.next().filter(|(_, hour)| *hour >= EARLIEST)?;
    if hours.next().is_some() {
        return None;
    }
    let before = place.checked_sub(1).and_then(|before| spans.get(before));
    let says = |words: &[&str]| before.is_some_and(|span| span.text.split(' ').any(|word| words.contains(&word)));
    Some(match hour {
        _ if says(&BEFORE) && hour <= NOON => DayPart::Morning,
        _ if says(&AFTER) && hour > AFTERNOON => DayPart::Evening,
        ..12 => DayPart::Morning,
        12..14 => DayPart::Noon,
        14..18 => DayPart::Afternoon,
        _ => DayPart::Evening,
    })
}

/// Smaller figures count hours, or are of the night.
const EARLIEST: u8 = 5;
const NOON: u8 = 12;
const AFTERNOON: u8 = 16;

fn part(word: TimeWord) -> Option<DayPart> {
    match word {
        TimeWord::Tonight => Some(DayPart::Evening),
        TimeWord::Part(part) | TimeWord::TodayAt(part) => Some(part),
        _ => None,
    }
}

/// "demain soir" says two things.
fn time_words(span: &Span<'_>) -> impl Iterator<Item = TimeWord> {
    span.senses().iter().filter_map(|sense| match sense.meaning {
        Meaning::Time(word) => Some(word),
        _ => None,
    })
}

fn time_word(span: &Span<'_>) -> Option<TimeWord> {
    time_words(span).next()
}

/// Dates in figures or with a month's name.
fn dates(spans: &[Span<'_>], today: NaiveDate, has_subject: bool) -> Vec<NaiveDate> {
    let number = |span: Option<&Span<'_>>| match span.map(|span| &span.reading) {
        Some(Reading::Number(number)) if is_day(*number) => Some(*number),
        _ => None,
    };
    let at = |place: usize| spans.get(place);
    let month_of = |span: Option<&Span<'_>>| match span.and_then(time_word) {
        Some(TimeWord::Month(month)) => Some(month),
        _ => None,
    };
    let mut found = Vec::new();
    for (place, span) in spans.iter().enumerate() {
        if let Reading::Date(date) = span.reading {
            found.push(date);
        }
        let before = |steps: usize| place.checked_sub(steps).and_then(at);
        if let Some(month) = month_of(Some(span)) {
            // "5 décembre", "5th of December", "am 28. November", "december 5", "5 décembre 2027".
            let day = number(before(1)).or_else(|| before(1).filter(|span| span.is_filler()).and_then(|_| number(before(2)))).or_else(|| number(at(place + 1)));
            let year = at(place + 1).into_iter().chain(at(place + 2)).find(|span| is_year(span.text, today)).and_then(|span| span.text.parse().ok());
            let date = match (day, year) {
                (Some(day), Some(year)) => NaiveDate::from_ymd_opt(year, month, day),
                (Some(day), None) => coming_date(day, month, today),
                (None, _) => None,
            };
            // "du 3 au 5 décembre": the first number shares the month.
            if let Some(first) = number(before(3)).filter(|_| before(2).is_some_and(Span::is_filler) && number(before(1)).is_some()) {
                found.extend(coming_date(first, month, today));
            }
            found.extend(date);
            continue;
        }
        // "le 3": a day of this month or the next, where the message has a subject.
        let announced = before(1).is_some_and(|span| matches!(span.text, "le" | "am" | "den" | "op" | "on the" | "the"));
        let weekday_before = before(1).and_then(time_word).is_some_and(|word| matches!(word, TimeWord::Weekday(_)));
        if let Some(day) = number(Some(span)).filter(|_| (announced && has_subject) || weekday_before)
            && month_of(at(place + 1)).is_none()
            && !(at(place + 1).is_some_and(Span::is_filler) && month_of(at(place + 2)).is_some())
            && at(place + 1).is_none_or(|next| number(Some(next)).is_none())
        {
            found.extend(coming_day(day, today));
        }
    }
    found
}

fn coming_day(day: u32, today: NaiveDate) -> Option<NaiveDate> {
    (0..62).filter_map(|ahead| today.checked_add_days(DayCount::new(ahead))).find(|date| date.day() == day)
}

fn span_of(dates: &[NaiveDate]) -> Option<Days> {
    Some(Days { from: *dates.iter().min()?, to: *dates.iter().max()? })
}

/// One weekday, or from the first to the last one named.
fn weekdays(words: &[TimeWord], today: NaiveDate) -> Option<Days> {
    let mut named = words.iter().filter_map(|word| match word {
        TimeWord::Weekday(weekday) => Some(*weekday),
        _ => None,
    });
    let from = coming_weekday(named.next()?, today);
    let to = named.next_back().map_or(from, |weekday| coming_weekday(weekday, from));
    Some(Days { from, to })
}

/// The next such weekday after that day: on a Monday, "lundi" is in a week.
fn coming_weekday(weekday: Weekday, after: NaiveDate) -> NaiveDate {
    (1..=7).filter_map(|ahead| after.checked_add_days(DayCount::new(ahead))).find(|date| date.weekday() == weekday).unwrap_or(after)
}

fn relative(word: TimeWord, today: NaiveDate) -> Option<Days> {
    let ahead = |days: u64| today.checked_add_days(DayCount::new(days));
    let one = |days: u64| ahead(days).map(|day| Days { from: day, to: day });
    let to_sunday = u64::from(6 - today.weekday().num_days_from_monday());
    match word {
        TimeWord::Today | TimeWord::TodayAt(_) | TimeWord::Tonight => one(0),
        TimeWord::Tomorrow => one(1),
        TimeWord::AfterTomorrow => one(2),
        // On a Sunday only the Sunday is left of it.
        TimeWord::Weekend | TimeWord::NextWeekend => Some(Days { from: ahead(to_sunday.saturating_sub(1))?, to: ahead(to_sunday)? }),
        TimeWord::ThisWeek => Some(Days { from: today, to: ahead(to_sunday)? }),
        TimeWord::NextWeek => Some(Days { from: ahead(to_sunday + 1)?, to: ahead(to_sunday + 7)? }),
        TimeWord::ThisMonth => Some(Days { from: today, to: (0..31).filter_map(ahead).take_while(|day| day.month() == today.month()).last()? }),
        TimeWord::Part(_) | TimeWord::Now | TimeWord::Open | TimeWord::Next | TimeWord::Weekday(_) | TimeWord::Month(_) => None,
    }
}
