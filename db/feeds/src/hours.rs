//! Opening hours in French, Dutch, German or English prose, to OSM `opening_hours` syntax.
//!
//! Only what is wholly understood is turned into an expression; one word too many ("sauf vacances
//! scolaires", "sur rendez-vous") and the answer is `None`, so that the source's own words are shown
//! instead. Every expression made here parses with [`directory::schedule::Timetable`].

mod token;

use directory::phone::Country;
use directory::schedule::Timetable;

use token::{Token, tokens};

/// Longer texts are a description, not hours.
const LONGEST: usize = 600;

/// An open interval in minutes from midnight; the end is past 24:00 for a night.
pub type Interval = (u16, u16);

/// The names of the days in OSM syntax, Monday first.
pub const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What one day's cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Closed, in so many words.
    Closed,
    /// Open at these times.
    Open(Vec<Interval>),
}

/// A text that names days, or is OSM syntax already, to OSM syntax.
///
/// `"Les mardi et jeudi de 15h00 à 19h00"` gives `Tu,Th 15:00-19:00`, `"2e samedi du mois 10h-13h"`
/// gives `Sa[2] 10:00-13:00`. Times without a day give `None`: they may mean any day.
pub fn osm(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    // A bare number or month is valid OSM syntax too ("2026"), but no opening hours.
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let names_days = says(&DAYS) || says(&["PH "]) || says(&MONTHS);
    let names_times = text.contains(':') || says(&["sunrise", "sunset", "dawn", "dusk"]);
    if (text == "24/7" || (names_days && names_times)) && is_valid(text) {
        return Some(text.to_owned());
    }
    let made = Prose { tokens: &tokens(text)? }.read()?;
    is_valid(&made).then_some(made)
}

/// One day's cell: `"8h30-12h"`, `"9h-12h et 14h-17h"`, `"09:30-12:00,14:00-17:00"`, `"fermé"`.
pub fn cell(text: &str) -> Option<Cell> {
    if text.len() > LONGEST {
        return None;
    }
    let tokens = tokens(text)?;
    let mut prose = Prose { tokens: &tokens };
    let cell = prose.times()?;
    prose.tokens.is_empty().then_some(cell)
}

/// The times of one day, `08:30-12:00,14:00-17:00` or `off`; `None` when not wholly understood.
pub fn times(text: &str) -> Option<String> {
    cell(text).map(|cell| match cell {
        Cell::Closed => "off".to_owned(),
        Cell::Open(intervals) => write_intervals(&intervals),
    })
}

/// A week, Monday first, to OSM syntax; days with the same hours are put together. `None` when no
/// day is open or intervals of a day overlap.
pub fn week(days: &[Vec<Interval>; 7]) -> Option<String> {
    let mut groups: Vec<(Vec<usize>, Vec<Interval>)> = Vec::new();
    for (day, intervals) in days.iter().enumerate() {
        let mut intervals = intervals.clone();
        intervals.sort_unstable();
        intervals.dedup();
        if intervals.iter().zip(intervals.iter().skip(1)).any(|(one, next)| next.0 < one.1) {
            return None;
        }
        if intervals.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(_, known)| *known == intervals) {
            Some((days, _)) => days.push(day),
            None => groups.push((vec![day], intervals)),
        }
    }
    let rules: Vec<String> = groups.iter().map(|(days, intervals)| format!("{} {}", write_days(days), write_intervals(intervals))).collect();
    let made = rules.join("; ");
    is_valid(&made).then_some(made)
}

fn is_valid(expression: &str) -> bool {
    !expression.is_empty() && Timetable::parse(expression, Country::Be).is_ok()
}

fn write_intervals(intervals: &[Interval]) -> String {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let night = |end: u16| if end > 24 * 60 { end - 24 * 60 } else { end };
    intervals.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(night(*to)))).collect::<Vec<_>>().join(",")
}

/// Three days in a row or more become a range.
fn write_days(days: &[usize]) -> String {
    let name = |day: usize| DAYS.get(day).copied().unwrap_or_default();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *day => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let write = |(first, last): (usize, usize)| match last - first {
        0 => name(first).to_owned(),
        1 => format!("{},{}", name(first), name(last)),
        _ => format!("{}-{}", name(first), name(last)),
    };
    runs.into_iter().map(write).collect::<Vec<_>>().join(",")
}

/// The days a clause is about: weekdays, each with the weeks of the month (`[2]`), none for all.
struct Days {
    weekdays: Vec<usize>,
    weeks: Vec<i8>,
}

struct Prose<'t> {
    tokens: &'t [Token],
}

impl Prose<'_> {
    fn read(mut self) -> Option<String> {
        if self.tokens == [Token::Always] {
            return Some("24/7".to_owned());
        }
        let mut week: [Vec<Interval>; 7] = Default::default();
        let mut named = [false; 7];
        let mut monthly: Vec<(Days, Vec<Interval>)> = Vec::new();
        while !self.tokens.is_empty() {
            let clause = self.days()?;
            let intervals = match self.times()? {
                Cell::Closed => Vec::new(),
                Cell::Open(intervals) => intervals,
            };
            if clause.weeks.is_empty() {
                for weekday in clause.weekdays {
                    let (open, known) = (week.get_mut(weekday)?, named.get_mut(weekday)?);
                    // "lundi au vendredi 9h-17h, mercredi fermé": which one holds is a guess.
                    if *known && (open.is_empty() || intervals.is_empty()) {
                        return None;
                    }
                    *known = true;
                    open.extend(&intervals);
                }
            } else if intervals.is_empty() {
                return None;
            } else {
                monthly.push((clause, intervals));
            }
            while matches!(self.tokens.first(), Some(Token::And | Token::Comma | Token::Break)) {
                self.skip();
            }
        }
        let mut rules: Vec<String> = Vec::new();
        if week.iter().any(|open| !open.is_empty()) {
            rules.push(self::week(&week)?);
        }
        for (clause, intervals) in monthly {
            // Whether a second Saturday adds to every Saturday or replaces it, nobody says.
            if clause.weekdays.iter().any(|weekday| named.get(*weekday).copied().unwrap_or(true)) {
                return None;
            }
            let ordinals = clause.weeks.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let dated = clause.weekdays.iter().filter_map(|weekday| DAYS.get(*weekday)).map(|day| format!("{day}[{ordinals}]")).collect::<Vec<_>>();
            rules.push(format!("{} {}", dated.join(","), write_intervals(&intervals)));
        }
        (!rules.is_empty()).then(|| rules.join("; "))
    }

    fn skip(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.tokens.first() == Some(wanted);
        if found {
            self.skip();
        }
        found
    }

    fn skip_noise(&mut self) {
        while matches!(self.tokens.first(), Some(Token::Noise | Token::Every)) {
            self.skip();
        }
    }

    /// `lundi`, `mardi et jeudi`, `du lundi au vendredi`, `tous les jours`, `1er et 3e samedis du mois`.
    fn days(&mut self) -> Option<Days> {
        let mut days = Days { weekdays: Vec::new(), weeks: Vec::new() };
        loop {
            self.skip_noise();
            while let Some(Token::Week(week)) = self.tokens.first() {
                days.weeks.push(*week);
                self.skip();
                while matches!(self.tokens.first(), Some(Token::And | Token::Comma | Token::Noise))
                    && self
                        .tokens
                        .get(1..)
                        .unwrap_or_default()
                        .iter()
                        .find(|token| **token != Token::Noise)
                        .is_some_and(|token| matches!(token, Token::Week(_) | Token::Day(_)))
                {
                    self.skip();
                }
            }
            match self.tokens.first()? {
                Token::AllDays => {
                    self.skip();
                    days.weekdays.extend(0..7);
                }
                Token::Day(first) => {
                    self.skip();
                    days.weekdays.push(*first);
                    if matches!(self.tokens, [Token::Dash | Token::To, Token::Day(_), ..] | [Token::Dash | Token::To, Token::Noise, Token::Day(_), ..]) {
                        self.skip();
                        self.skip_noise();
                        let Some(Token::Day(last)) = self.tokens.first() else { return None };
                        self.skip();
                        if last <= first {
                            return None;
                        }
                        days.weekdays.extend(first + 1..=*last);
                    }
                }
                _ => return None,
            }
            self.take(&Token::OfTheMonth);
            self.take(&Token::Colon);
            let mut ahead = self.tokens.iter().skip_while(|token| matches!(token, Token::And | Token::Comma | Token::Noise | Token::Every));
            let joins = matches!(self.tokens.first(), Some(Token::And | Token::Comma));
            if !(joins && matches!(ahead.next(), Some(Token::Day(_) | Token::Week(_)))) {
                break;
            }
            if !days.weeks.is_empty() && self.tokens.iter().any(|token| matches!(token, Token::Week(_))) {
                // "1er samedi et 3e dimanche": one list of weeks cannot say it.
                return None;
            }
            self.skip();
        }
        self.take(&Token::Comma);
        let mut seen = [false; 7];
        for weekday in &days.weekdays {
            if std::mem::replace(seen.get_mut(*weekday)?, true) {
                return None;
            }
        }
        days.weekdays.sort_unstable();
        Some(days)
    }

    /// `de 9h à 12h et de 14h à 17h`, `fermé`; stops before what is not a time.
    fn times(&mut self) -> Option<Cell> {
        if self.take(&Token::Closed) {
            return Some(Cell::Closed);
        }
        let mut intervals: Vec<Interval> = Vec::new();
        loop {
            self.skip_noise();
            let (Some(Token::Time(from)), Some(Token::Dash | Token::To), Some(Token::Time(to))) = (self.tokens.first(), self.tokens.get(1), self.tokens.get(2))
            else {
                return None;
            };
            self.tokens = self.tokens.get(3..).unwrap_or_default();
            let (from, mut to) = (*from, *to);
            if to <= from {
                // Only an evening that ends at night goes past midnight; "14h-12h" is a slip.
                if from < 12 * 60 || to > 8 * 60 {
                    return None;
                }
                to += 24 * 60;
            }
            if intervals.last().is_some_and(|last| from < last.1) {
                return None;
            }
            intervals.push((from, to));
            let mut ahead = self.tokens.iter().skip_while(|token| matches!(token, Token::And | Token::Comma | Token::Dash | Token::Noise));
            let joins = matches!(self.tokens.first(), Some(Token::And | Token::Comma | Token::Dash));
            if !(joins && matches!(ahead.next(), Some(Token::Time(_)))) {
                return Some(Cell::Open(intervals));
            }
            self.skip();
            self.skip_noise();
        }
    }
}

#[cfg(test)]
mod tests;
