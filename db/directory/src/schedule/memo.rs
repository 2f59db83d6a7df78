//! Answers about time that stay true for a while, kept beside the content they are about: a turn compares
//! dozens of places, and their hours need not be worked out again for each question.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use chrono::{Days, NaiveDateTime, NaiveTime};

use super::{Occurrence, OpenState, Opening};
use crate::intent::Days as Span;
use crate::phone::Country;
use crate::record::{Content, Period, When};

/// What was worked out last. It changes no answer, so it counts neither in comparing nor in copying: a
/// copy begins empty, and all contents are equal in this.
#[derive(Default)]
pub struct Memo(Mutex<Option<Box<Known>>>);

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Memo {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Memo")
    }
}

/// What is known of one state of a content.
struct Known {
    osm: Option<String>,
    country: Country,
    closures: Vec<Period>,
    when: Option<When>,
    open: Option<Kept<(), OpenState>>,
    within: Option<Kept<(Span, bool), Opening>>,
    occurrence: Option<Kept<Span, Option<Occurrence>>>,
}

impl Known {
    fn of(content: &Content) -> Self {
        let (osm, country) = (content.hours.osm.clone(), content.address.country);
        Self { osm, country, closures: content.closures.clone(), when: content.when.clone(), open: None, within: None, occurrence: None }
    }

    /// False once the content was changed: what was known of it is not true any more.
    fn is_of(&self, content: &Content) -> bool {
        self.osm == content.hours.osm && self.country == content.address.country && self.closures == content.closures && self.when == content.when
    }
}

/// An answer to a question, true from one instant until before another.
#[derive(Clone, Copy)]
struct Kept<Q, A> {
    question: Q,
    from: NaiveDateTime,
    until: NaiveDateTime,
    answer: A,
}

impl Memo {
    /// Whether it is open: true until it opens or closes, at most until midnight, when a closure may begin.
    pub(super) fn open(content: &Content, now: NaiveDateTime, work_out: impl FnOnce() -> OpenState) -> OpenState {
        let midnight = now.date().checked_add_days(Days::new(1)).map_or(now, |next| next.and_time(NaiveTime::MIN));
        let until = |state: &OpenState| match state {
            OpenState::Open(Some(change)) | OpenState::Closed(Some(change)) => midnight.min(*change),
            OpenState::Open(None) | OpenState::Closed(None) | OpenState::Unknown => midnight,
        };
        Self::recall(content, |known| &mut known.open, (), now, work_out, until)
    }

    /// The first opening within days: true until that one is over.
    pub(super) fn within(content: &Content, days: Span, evening: bool, now: NaiveDateTime, work_out: impl FnOnce() -> Opening) -> Opening {
        let until = |opening: &Opening| match opening {
            Opening::Within(_, end) => *end,
            Opening::Never | Opening::Unknown => NaiveDateTime::MAX,
        };
        Self::recall(content, |known| &mut known.within, (days, evening), now, work_out, until)
    }

    /// The first occurrence within days: true until that one is over.
    pub(super) fn occurrence(
        content: &Content,
        when: &When,
        days: Span,
        now: NaiveDateTime,
        work_out: impl FnOnce() -> Option<Occurrence>,
    ) -> Option<Occurrence> {
        let until = |occurrence: &Option<Occurrence>| occurrence.map_or(NaiveDateTime::MAX, |occurrence| occurrence.over(when));
        Self::recall(content, |known| &mut known.occurrence, days, now, work_out, until)
    }

    fn recall<Q: PartialEq, A: Copy>(
        content: &Content,
        slot: impl FnOnce(&mut Known) -> &mut Option<Kept<Q, A>>,
        question: Q,
        now: NaiveDateTime,
        work_out: impl FnOnce() -> A,
        until: impl FnOnce(&A) -> NaiveDateTime,
    ) -> A {
        let mut memo = content.memo.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match memo.as_mut().filter(|known| known.is_of(content)) {
            Some(_) => memo.as_mut(),
            None => Some(memo.insert(Box::new(Known::of(content)))),
        };
        let Some(known) = known else { return work_out() };
        let slot = slot(known);
        if let Some(kept) = slot.as_ref().filter(|kept| kept.question == question && kept.from <= now && now < kept.until) {
            return kept.answer;
        }
        let answer = work_out();
        *slot = Some(Kept { question, from: now, until: until(&answer), answer });
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::open_state;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_remembered_is_what_would_be_worked_out() {
        let mut content = Content::default();
        content.hours.osm = Some("Mo-Fr 09:00-12:00,13:00-17:00; Sa 22:00-02:00".to_owned());
        content.closures.push(Period {
            from: at("2026-11-26T00:00:00").date().into(),
            to: at("2026-11-26T00:00:00").date().into(),
            why: crate::language::Localized::default(),
        });
        let days = Span { from: at("2026-11-24T00:00:00").date(), to: at("2026-11-28T00:00:00").date() };
        let mut now = at("2026-11-23T00:00:00");
        // Every hour of a week, with jumps back: the clock may be set.
        for step in 0..7 * 24 {
            for now in [now, now - chrono::Duration::hours(step % 50)] {
                let fresh = content.clone();
                assert_eq!(open_state(&content, now), open_state(&fresh, now), "{now}");
                let evening = step % 3 == 0;
                assert_eq!(crate::schedule::opening_within(&content, days, evening, now), crate::schedule::opening_within(&fresh, days, evening, now), "{now}");
            }
            now += chrono::Duration::minutes(61);
        }
    }

    #[test]
    fn a_changed_content_is_worked_out_anew() {
        let mut content = Content::default();
        content.hours.osm = Some("24/7".to_owned());
        let now = at("2026-11-23T10:00:00");
        assert_eq!(open_state(&content, now), OpenState::Open(None));
        content.hours.osm = Some("off".to_owned());
        assert_eq!(open_state(&content, now), OpenState::Closed(None));
        content.hours.osm = None;
        assert_eq!(open_state(&content, now), OpenState::Unknown);
    }

    #[test]
    fn occurrences_are_remembered_until_they_are_over() {
        let when = When {
            start: at("2026-11-23T18:00:00"),
            end: None,
            all_day: false,
            zone: "Europe/Brussels".to_owned(),
            rrule: Some("FREQ=WEEKLY".to_owned()),
            rdate: Vec::new(),
            exdate: Vec::new(),
            status: crate::record::WhenStatus::Scheduled,
        };
        let content = Content { when: Some(when), ..Content::default() };
        let days = Span { from: at("2026-11-23T00:00:00").date(), to: at("2026-12-07T00:00:00").date() };
        for hours in (0..400).chain([3, 200, 10]) {
            let now = at("2026-11-23T00:00:00") + chrono::Duration::hours(hours);
            let fresh = content.clone();
            assert_eq!(crate::schedule::occurrence_within(&content, days, now), crate::schedule::occurrence_within(&fresh, days, now), "{now}");
        }
    }
}
