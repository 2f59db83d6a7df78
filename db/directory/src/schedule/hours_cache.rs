//! Opening hours worked out lately. A turn compares dozens of places, most of them write their hours like
//! others, and reading an expression costs more than all else in ranking: what was worked out for one is
//! remembered for all. Remembering changes no answer.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::{Days, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use super::{Interval, OpenState, SchoolZone, Timetable, WhenError, school};
use crate::cache::Cache;
use crate::phone::Country;
use crate::record::When;

/// Expressions remembered, in each of two generations.
const MOST_EXPRESSIONS: usize = 1_024;

/// Days remembered of each.
const MOST_DAYS: usize = 64;

static BELGIUM: LazyLock<Mutex<Lately>> = LazyLock::new(|| Mutex::new(Cache::new(MOST_EXPRESSIONS)));
static FRANCE: LazyLock<Mutex<Lately>> = LazyLock::new(|| Mutex::new(Cache::new(MOST_EXPRESSIONS)));

/// The expressions of one country: its public holidays are in what was worked out.
type Lately = Cache<String, Arc<CachedHours>>;

type BySchool = Cache<(SchoolZone, String), Arc<CachedHours>>;

/// The expressions that name school holidays, with whose they are.
static SCHOOL: LazyLock<Mutex<BySchool>> = LazyLock::new(|| Mutex::new(Cache::new(MOST_EXPRESSIONS)));

/// An expression with what was worked out of it.
#[derive(Debug)]
pub(super) struct CachedHours {
    /// Absent where it cannot be read.
    timetable: Option<Timetable>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    open: Option<Kept>,
    days: HashMap<NaiveDate, Option<Vec<Interval>>>,
}

/// A state that lasts from one instant until before another.
#[derive(Debug, Clone, Copy)]
struct Kept {
    from: NaiveDateTime,
    until: NaiveDateTime,
    state: OpenState,
}

impl CachedHours {
    /// Gives what is remembered of an expression at a postal code, read now where nothing is.
    pub(super) fn of(osm: &str, country: Country, postal_code: Option<&str>) -> Arc<Self> {
        // All others are the same everywhere in a country.
        if school::are_named(osm)
            && let Some(zone) = postal_code.and_then(|code| SchoolZone::of(country, code))
        {
            return Self::remembered(&SCHOOL, &(zone, osm.to_owned()), osm, country, Some(zone));
        }
        let lately = match country {
            Country::Be => &BELGIUM,
            Country::Fr => &FRANCE,
        };
        Self::remembered(lately, osm, osm, country, None)
    }

    fn remembered<K, Q>(lately: &Mutex<Cache<K, Arc<Self>>>, key: &Q, osm: &str, country: Country, zone: Option<SchoolZone>) -> Arc<Self>
    where
        K: Eq + Hash + Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let known = lately.lock().unwrap_or_else(PoisonError::into_inner).get(key);
        known.unwrap_or_else(|| {
            // Read without the lock: nobody waits for a long expression of somebody else's.
            let hours = Arc::new(Self { timetable: Timetable::parse_in(osm, country, zone).ok(), known: Mutex::default() });
            lately.lock().unwrap_or_else(PoisonError::into_inner).keep(key.to_owned(), Arc::clone(&hours), 1);
            hours
        })
    }

    /// Whether it is open: the same until it opens or closes, at most until midnight.
    pub(super) fn state(&self, now: NaiveDateTime) -> OpenState {
        let Some(timetable) = &self.timetable else { return OpenState::Unknown };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = known.open.filter(|kept| kept.from <= now && now < kept.until) {
            return kept.state;
        }
        let state = timetable.state(now);
        let midnight = now.date().checked_add_days(Days::new(1)).map_or(now, |next| next.and_time(NaiveTime::MIN));
        let until = match state {
            OpenState::Open(Some(change)) | OpenState::Closed(Some(change)) => midnight.min(change),
            OpenState::Open(None) | OpenState::Closed(None) | OpenState::Unknown => midnight,
        };
        known.open = Some(Kept { from: now, until, state });
        state
    }

    /// The open intervals that begin on a day. `None` where the hours or the day are not known.
    pub(super) fn day(&self, day: NaiveDate) -> Option<Vec<Interval>> {
        let timetable = self.timetable.as_ref()?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.days.len() >= MOST_DAYS && !known.days.contains_key(&day) {
            known.days.clear();
        }
        known.days.entry(day).or_insert_with(|| timetable.day(day)).clone()
    }

    /// True where the expression can be read.
    pub(super) fn is_known(&self) -> bool {
        self.timetable.is_some()
    }
}

/// What decides when an event begins within some days.
type Rule = (String, NaiveDateTime, Vec<NaiveDateTime>, Tz, NaiveDate, NaiveDate, i64);

/// Beginnings remembered, in each of two generations.
const MOST_BEGINNINGS: usize = 8_192;

static RECURRING: LazyLock<Mutex<Cache<Rule, Arc<[NaiveDateTime]>>>> = LazyLock::new(|| Mutex::new(Cache::new(MOST_BEGINNINGS)));

/// When an event begins within those days, by its rule; worked out once for the same days.
pub(super) fn recurring(when: &When, zone: Tz, from: NaiveDate, to: NaiveDate, length: Duration) -> Result<Arc<[NaiveDateTime]>, WhenError> {
    let rule = when.rrule.clone().unwrap_or_default();
    let key = (rule, when.start, when.rdate.clone(), zone, from, to, length.num_seconds());
    if let Some(known) = RECURRING.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known);
    }
    let found: Arc<[NaiveDateTime]> = super::recurring(when, zone, from, to, length)?.into();
    RECURRING.lock().unwrap_or_else(PoisonError::into_inner).keep(key, Arc::clone(&found), 1 + found.len() + when.rdate.len());
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_would_be_worked_out() {
        let osm = "Mo-Fr 09:00-12:00,13:00-17:00; Sa 22:00-02:00; PH off";
        let timetable = Timetable::parse(osm, Country::Be).unwrap();
        let mut now: NaiveDateTime = "2026-11-09T00:00:00".parse().unwrap();
        // Every hour and a minute of two weeks, with jumps back: the clock may be set.
        for step in 0..14 * 24 {
            for now in [now, now - chrono::Duration::hours(step % 50)] {
                assert_eq!(CachedHours::of(osm, Country::Be, None).state(now), timetable.state(now), "{now}");
                assert_eq!(CachedHours::of(osm, Country::Be, None).day(now.date()), timetable.day(now.date()), "{now}");
            }
            now += chrono::Duration::minutes(61);
        }
    }

    #[test]
    fn what_cannot_be_read_is_unknown() {
        let hours = CachedHours::of("sauf le mardi", Country::Be, Some("4000"));
        assert!(!hours.is_known());
        assert_eq!(hours.state("2026-11-09T00:00:00".parse().unwrap()), OpenState::Unknown);
    }
}
