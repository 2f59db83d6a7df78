//! Begins a rule near the days that are asked for: a daily event of 1900 would be counted through for each question.
//!
//! A rule that begins later by a whole number of its own steps, at the same time of day, has the same dates from there on.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime};

/// Series that must be counted from their beginning are taken for ended after so many days: daily ones, others.
const COUNTED_FOR: (i64, i64) = (2 * 366, 10 * 366);

/// A rule's parts, in capitals, as they stand.
struct Parts<'r>(Vec<(String, &'r str)>);

impl<'r> Parts<'r> {
    fn of(rule: &'r str) -> Self {
        Self(rule.split(';').filter_map(|part| part.split_once('=')).map(|(key, value)| (key.trim().to_ascii_uppercase(), value.trim())).collect())
    }

    fn get(&self, key: &str) -> Option<&'r str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| *value)
    }

    /// True where a part picks among the days, so that not every step has one.
    fn picks(&self) -> bool {
        self.0.iter().any(|(key, _)| key.starts_with("BY"))
    }
}

/// A start not long before `first`, with the rule that has the same dates from there on; the same start and rule where it
/// need not or cannot be moved. `None` for a series that must be counted from too long ago.
pub(super) fn nearer(rule: &str, start: NaiveDateTime, first: NaiveDateTime) -> Option<(NaiveDateTime, String)> {
    let as_it_is = (start, rule.to_owned());
    let days = (first - start).num_days();
    let parts = Parts::of(rule);
    let (Some(frequency), Ok(interval)) = (parts.get("FREQ").map(str::to_ascii_uppercase), parts.get("INTERVAL").unwrap_or("1").parse::<u32>()) else {
        return Some(as_it_is);
    };
    if days <= 0 || interval == 0 {
        return Some(as_it_is);
    }
    let until = parts.get("UNTIL").and_then(|until| NaiveDate::parse_from_str(until.get(..8)?, "%Y%m%d").ok()).map(|day| day.and_time(NaiveTime::MIN));
    // A day on either side: it may be said in another zone.
    if until.is_some_and(|until| until + Days::new(2) < first) {
        return None;
    }
    // No start may lie behind its end.
    let first = until.map_or(first, |until| first.min(until - Days::new(1)));
    let days = (first - start).num_days().max(0);
    let is_counted = parts.get("COUNT").is_some();
    if is_counted && parts.picks() {
        let longest = if frequency == "DAILY" { COUNTED_FOR.0 } else { COUNTED_FOR.1 };
        return (days <= longest).then_some(as_it_is);
    }
    let (moved, steps) = match frequency.as_str() {
        "DAILY" => by_days(start, days, interval),
        "WEEKLY" => by_days(start, days, interval.saturating_mul(7)),
        "MONTHLY" => by_months(start, first, interval, is_counted),
        "YEARLY" => by_months(start, first, interval.saturating_mul(12), is_counted),
        _ => None,
    }
    .unwrap_or((start, 0));
    let Some(count) = parts.get("COUNT").and_then(|count| count.parse::<i64>().ok()) else { return Some((moved, rule.to_owned())) };
    let left = count - steps;
    if left < 1 {
        return None;
    }
    let counted = |part: &str| if part.to_ascii_uppercase().starts_with("COUNT=") { format!("COUNT={left}") } else { part.to_owned() };
    Some((moved, rule.split(';').map(|part| counted(part.trim())).collect::<Vec<_>>().join(";")))
}

/// As many steps of so many days as end before, but one: the week of a start may have begun before it.
fn by_days(start: NaiveDateTime, days: i64, step: u32) -> Option<(NaiveDateTime, i64)> {
    let steps = (days / i64::from(step) - 1).max(0);
    let moved = start.checked_add_days(Days::new(u64::try_from(steps).ok()?.checked_mul(u64::from(step))?))?;
    Some((moved, steps))
}

/// As many steps of so many months as end before, but one, to a month that has the start's day. A step without it has no
/// date and is not counted: a counted series of such a day is not moved.
fn by_months(start: NaiveDateTime, first: NaiveDateTime, step: u32, is_counted: bool) -> Option<(NaiveDateTime, i64)> {
    if is_counted && start.day() > 28 {
        return None;
    }
    let months = i64::from(first.year() - start.year()) * 12 + i64::from(first.month()) - i64::from(start.month());
    let most = (months / i64::from(step) - 1).max(0);
    (0..=most).rev().take(MOST_STEPS_BACK).find_map(|steps| {
        let moved = start.checked_add_months(Months::new(u32::try_from(steps).ok()?.checked_mul(step)?))?;
        (moved.day() == start.day()).then_some((moved, steps))
    })
}

/// The 29th of February is eight years from the next one at most.
const MOST_STEPS_BACK: usize = 96;
