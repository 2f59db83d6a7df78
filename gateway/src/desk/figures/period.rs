//! Months and quarters. Pure.

use chrono::{Datelike, Months, NaiveDate};

use super::super::page::Page;

/// A month, or a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    first: NaiveDate,
    last: NaiveDate,
    months: u32,
}

impl Period {
    /// So many months from that day on; none in years in which nobody counted, or that the calendar does not have.
    fn new(first: NaiveDate, months: u32) -> Option<Self> {
        (1970..10_000).contains(&first.year()).then_some(())?;
        let last = first.checked_add_months(Months::new(months))?.pred_opt()?;
        Some(Self { first, last, months })
    }

    /// The period that ends where that one begins.
    fn before(self) -> Option<Self> {
        Self::new(self.first.checked_sub_months(Months::new(self.months))?, self.months)
    }

    /// `2026-11`.
    pub(super) fn month(id: &str) -> Option<Self> {
        let (year, month) = id.split_once('-')?;
        Self::new(NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?, 1)
    }

    /// `2026-Q3`.
    pub(super) fn quarter(id: &str) -> Option<Self> {
        let (year, quarter) = id.split_once("-Q")?;
        let quarter: u32 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
        Self::new(NaiveDate::from_ymd_opt(year.parse().ok()?, quarter * 3 - 2, 1)?, 3)
    }

    /// The month of that day.
    pub(super) fn running(today: NaiveDate) -> Self {
        Self::of(today, today.month(), 1)
    }

    /// The last quarter that was over by that day.
    pub(super) fn last_quarter(today: NaiveDate) -> Self {
        let running = Self::of(today, (today.month() - 1) / 3 * 3 + 1, 3);
        running.before().unwrap_or(running)
    }

    /// So many months of the year of a day, from that month on. A day at the end of the calendar has itself only.
    fn of(today: NaiveDate, month: u32, months: u32) -> Self {
        let first = today.with_day(1).and_then(|day| day.with_month(month));
        first.and_then(|first| Self::new(first, months)).unwrap_or(Self { first: today, last: today, months })
    }

    pub(super) fn months_back(today: NaiveDate, count: u32) -> Vec<Self> {
        Self::running(today).back(count)
    }

    pub(super) fn quarters_back(today: NaiveDate, count: u32) -> Vec<Self> {
        Self::last_quarter(today).back(count)
    }

    /// This one and those before it, so many in all.
    fn back(self, count: u32) -> Vec<Self> {
        std::iter::successors(Some(self), |period| period.before()).zip(0..count).map(|(period, _)| period).collect()
    }

    pub(super) fn first(self) -> NaiveDate {
        self.first
    }

    /// Its last day.
    pub(super) fn last(self) -> NaiveDate {
        self.last
    }

    pub(super) fn id(self) -> String {
        if self.months == 3 { format!("{}-Q{}", self.first.year(), self.first.month().div_ceil(3)) } else { self.first.format("%Y-%m").to_string() }
    }

    pub(super) fn in_words(self, page: &Page) -> String {
        if self.months == 3 {
            return page.with2("figures-quarter-name", ("number", &self.first.month().div_ceil(3).to_string()), ("when", &self.first.year().to_string()));
        }
        let months = page.say("figures-months");
        let month = months.split(' ').nth(self.first.month0() as usize).unwrap_or_default();
        format!("{month} {}", self.first.year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_over_before_they_are_told() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (today, id, last) in [
            ("2026-11-27", "2026-Q3", "2026-09-30"),
            ("2026-10-01", "2026-Q3", "2026-09-30"),
            ("2026-09-30", "2026-Q2", "2026-06-30"),
            ("2027-01-01", "2026-Q4", "2026-12-31"),
        ] {
            let quarter = Period::last_quarter(day(today));
            assert_eq!((quarter.id().as_str(), quarter.last()), (id, day(last)), "{today}");
            assert_eq!(Period::quarter(id), Some(quarter));
        }
        assert_eq!(Period::month("2024-02").map(Period::last), Some(day("2024-02-29")));
        // The last years of the calendar, and what lies behind it.
        for wrong in ["", "2026-Q0", "2026-Q5", "2026-13", "x-Q1", "262142-Q4", "262142-12", "262143-Q4", "-262143-Q1", "99999999999-Q1"] {
            assert!(Period::quarter(wrong).or_else(|| Period::month(wrong)).is_none(), "{wrong}");
        }
    }
}
