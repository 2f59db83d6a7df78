//! What somebody at the desk is at: the slip being made, and what the visit will be filled in with. It leaves with them.

use chrono::{DateTime, Duration, Utc};
use directory::code::Code;
use directory::record::Record;
use directory::theme::Theme;
use directory::visit::Minutes;
use serde::{Deserialize, Serialize};

use super::guard::Who;
use super::{Desk, Trouble};

/// Themes of one visit.
const MOST_THEMES: usize = 3;

/// Records on a slip being made.
pub(super) const MOST_RECORDS: usize = 5;

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
}

impl Work {
    /// What that person is at.
    pub(super) fn of(who: &Who) -> Self {
        serde_json::from_str(&who.session.work).unwrap_or_default()
    }

    /// Keeps it.
    pub(super) async fn keep(&self, desk: &Desk, who: &Who) -> Result<(), Trouble> {
        let text = serde_json::to_string(self).unwrap_or_default();
        Ok(desk.engine.store.keep_work(&who.token, &text).await?)
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
