//! What somebody at the desk is at: the slip being made, and what the visit will be filled in with. It leaves with them.

use chrono::{DateTime, Duration, Utc};
use directory::code::Code;
use directory::record::Record;
use directory::theme::Theme;
use directory::visit::Minutes;
use serde::{Deserialize, Serialize};

use super::guard::Who;
use super::{Desk, PageError};

/// Themes of one visit.
const MOST_THEMES: usize = 3;

/// Records on a slip being made.
pub(super) const MOST_RECORDS: usize = 5;

/// Searches to which one can go back.
const MOST_SEARCHES: usize = 20;

/// Calls that one person has taken.
const MOST_CALLS: usize = 20;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Work {
    /// The records of the slip, in its order.
    pub(super) basket: Vec<Code>,
    /// What was looked at for this visitor, the last theme first.
    pub(super) themes: Vec<Theme>,
    /// A slip went out to them.
    pub(super) has_slip: bool,
    /// When the first thing was looked at for them, in seconds UTC.
    pub(super) begun_at: Option<i64>,
    /// Lines that were searched for them, each with its number: no address says them.
    searches: Vec<(u32, String)>,
    /// What was done last with the slip, with its number: a sentence's key and the value in it.
    said: Option<(u32, String, String)>,
    /// The last of these numbers.
    last_number: u32,
    /// Call-backs that this person took, and until when (seconds UTC): whose numbers they see.
    calling: Vec<(i64, i64)>,
    /// A secret of one-time codes, whose first code was not typed yet.
    pub(super) proposed: Option<String>,
}

impl Work {
    /// What that person is at.
    pub(super) fn of(who: &Who) -> Self {
        serde_json::from_str(&who.session.work).unwrap_or_default()
    }

    /// Keeps it, sealed: lines that were searched are in it.
    pub(super) async fn keep(&self, desk: &Desk, who: &Who) -> Result<(), PageError> {
        let text = serde_json::to_string(self).unwrap_or_default();
        let sealed = desk.engine.keys.seal_work(&who.token, &text)?;
        Ok(desk.engine.store.keep_work(&who.token, &sealed).await?)
    }

    /// Makes it what that person is at, for the page that is being written.
    pub(super) fn set(&self, who: &mut Who) {
        who.session.work = serde_json::to_string(self).unwrap_or_default();
    }

    /// What is left for the next visitor: nothing of this one.
    pub(super) fn for_the_next(self) -> Self {
        let Self { last_number, calling, proposed, .. } = self;
        Self { last_number, calling, proposed, ..Self::default() }
    }

    /// The number under which a line is found again.
    pub(super) fn search(&mut self, line: &str) -> u32 {
        if let Some((number, known)) = self.searches.last()
            && known == line
        {
            return *number;
        }
        let number = self.next_number();
        self.searches.push((number, line.to_owned()));
        let over = self.searches.len().saturating_sub(MOST_SEARCHES);
        self.searches.drain(..over);
        number
    }

    /// The line with the number in an address, if it is still known.
    pub(super) fn searched(&self, typed: &str) -> Option<(u32, &str)> {
        let number: u32 = typed.parse().ok()?;
        self.searches.iter().find(|(known, _)| *known == number).map(|(number, line)| (*number, line.as_str()))
    }

    /// Notes what was done, to be said on the next page: its number there.
    pub(super) fn say(&mut self, key: &str, value: String) -> u32 {
        let number = self.next_number();
        self.said = Some((number, key.to_owned(), value));
        number
    }

    /// What was noted under the number in an address: a sentence's key and the value in it.
    pub(super) fn said(&self, typed: &str) -> Option<(&str, &str)> {
        let number: u32 = typed.parse().ok()?;
        self.said.as_ref().filter(|(known, ..)| *known == number).map(|(_, key, value)| (key.as_str(), value.as_str()))
    }

    /// Notes that this person calls somebody.
    pub(super) fn call(&mut self, id: i64, until: DateTime<Utc>) {
        self.calling.retain(|(known, _)| *known != id);
        self.calling.push((id, until.timestamp()));
        let over = self.calling.len().saturating_sub(MOST_CALLS);
        self.calling.drain(..over);
    }

    /// That call is over.
    pub(super) fn hang_up(&mut self, id: i64) {
        self.calling.retain(|(known, _)| *known != id);
    }

    /// True while this person is the one who calls them.
    pub(super) fn is_calling(&self, id: i64, now: DateTime<Utc>) -> bool {
        self.calling.iter().any(|(known, until)| *known == id && now.timestamp() < *until)
    }

    fn next_number(&mut self) -> u32 {
        self.last_number = self.last_number.wrapping_add(1);
        self.last_number
    }

    /// Takes note that a record was looked at; true where that changes anything.
    pub(super) fn look_at(&mut self, record: &Record, now: DateTime<Utc>) -> bool {
        let before = self.clone();
        self.begun_at.get_or_insert(now.timestamp());
        if let Some(theme) = record.main_theme().filter(|theme| !self.themes.contains(theme)) {
            self.themes.insert(0, theme);
            self.themes.truncate(MOST_THEMES);
        }
        *self != before
    }

    /// How long the visit has taken; a desk at which nobody began, or that was left for hours, knows nothing.
    pub(super) fn minutes(&self, now: DateTime<Utc>) -> Minutes {
        let taken = self.begun_at.and_then(|begun| DateTime::from_timestamp(begun, 0)).map_or(Duration::zero(), |begun| now - begun);
        match taken.num_minutes() {
            5..15 => Minutes::UpTo15,
            15..30 => Minutes::UpTo30,
            30..120 => Minutes::Longer,
            _ => Minutes::UpTo5,
        }
    }
}
