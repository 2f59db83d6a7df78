//! Rules, extra dates and exceptions, in the form that `directory::schedule` computes.

use chrono::{Duration, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use directory::record::When;
use directory::schedule::{check, instant};

use super::super::Notes;
use super::Event;
use super::zone::Zones;

/// More extra dates, or exceptions, are no series that somebody keeps: each costs every question that looks at the event.
pub(super) const MOST_DATES: usize = 500;

/// Longer events are a slip in the source.
const LONGEST_DAYS: i64 = 400;

/// Fills in `rrule`, `rdate` and `exdate`; the error is the field, its value and a reason to refuse.
pub(super) fn fill(when: &mut When, zone: Tz, event: &Event, zones: &Zones, notes: &mut Notes<'_>) -> Result<(), (String, String, String)> {
    let mut left_out = 0;
    for property in &event.properties {
        match property.name.as_str() {
            "RRULE" if when.rrule.is_some() => {
                return Err(("RRULE".to_owned(), property.value.clone(), "a second rule on one event cannot be computed: enter two events".to_owned()));
            }
            "RRULE" => when.rrule = Some(normalise_rule(&property.value, zone)),
            "EXRULE" => {
                return Err((
                    "EXRULE".to_owned(),
                    property.value.clone(),
                    "exception rules were abolished and cannot be computed: list the dates in EXDATE".to_owned(),
                ));
            }
            "RDATE" | "EXDATE" => {
                for value in property.value.split(',').filter(|value| !value.trim().is_empty()) {
                    // VALUE=PERIOD: the start counts.
                    let start = value.split('/').next().unwrap_or_default();
                    match zones.read_value(property, start) {
                        Ok((stamp, _)) => {
                            let time = stamp.for_event(when);
                            let dates = if property.name == "RDATE" { &mut when.rdate } else { &mut when.exdate };
                            if dates.len() < MOST_DATES { dates.push(time) } else { left_out += 1 }
                        }
                        Err(unreadable) => notes.warn(&property.name, &unreadable.value, format!("{}: this date is left out", unreadable.reason)),
                    }
                }
            }
            _ => {}
        }
    }
    if left_out > 0 {
        notes.warn("RDATE, EXDATE", &left_out.to_string(), format!("more than {MOST_DATES} dates: these are left out; give a rule"));
    }
    let rule = when.rrule.clone().unwrap_or_default();
    check(when).map_err(|error| ("RRULE".to_owned(), rule, error.to_string()))
}

/// Trims a stray `;` and gives UNTIL as an instant in UTC, which is what the rule is computed with:
/// a date means that whole day, a local time is local to the event.
pub(crate) fn normalise_rule(rule: &str, zone: Tz) -> String {
    let parts = rule.split(';').map(str::trim).filter(|part| !part.is_empty());
    let part = |part: &str| {
        let (key, value) = part.split_once('=')?;
        if !key.eq_ignore_ascii_case("UNTIL") || value.ends_with(['Z', 'z']) {
            return None;
        }
        let until = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%S")
            .ok()
            .or_else(|| Some(chrono::NaiveDate::parse_from_str(value, "%Y%m%d").ok()?.and_time(NaiveTime::from_hms_opt(23, 59, 59)?)))?;
        Some(format!("UNTIL={}", instant(zone, until).format("%Y%m%dT%H%M%SZ")))
    };
    parts.map(|text| part(text).unwrap_or_else(|| text.to_owned())).collect::<Vec<_>>().join(";")
}

/// RFC 5545 §3.3.6: `PT1H30M`, `P1D`, `P2W`. `None` when it is misspelt, negative or beyond belief.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let mut rest = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
    let mut seconds: i64 = 0;
    let mut is_time = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            is_time = true;
            rest = after;
            continue;
        }
        let end = rest.find(|character: char| !character.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(end)?;
        let unit = after.chars().next()?;
        let each: i64 = match (unit, is_time) {
            ('W', false) => 7 * 86_400,
            ('D', false) => 86_400,
            ('H', true) => 3600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.parse::<i64>().ok()?.checked_mul(each)?)?;
        rest = after.get(unit.len_utf8()..)?;
    }
    (seconds <= LONGEST_DAYS * 86_400).then(|| Duration::seconds(seconds))
}
