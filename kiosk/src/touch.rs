//! When a finger counts as a touch. Pure; one rule for every source of touches.
//!
//! A touch counts when it ends where it began (WCAG 2.5.2). The same target is not touched twice within half a second
//! (EN 301 549, 5.8), and nothing is touched just after the page has changed: the hand is still on its way.

use std::time::Duration;

use crate::page::Key;

/// The same target again within this is one touch.
pub const STRIKE: Duration = Duration::from_millis(500);

/// After another page is shown nothing is touched within this.
pub const SETTLE: Duration = Duration::from_millis(400);

/// What a source of touches tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finger {
    /// Put down on a cell.
    Down(u16, u16),
    /// Lifted from a cell.
    Up(u16, u16),
}

/// When a touch counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActOn {
    /// When the finger is lifted from the same target.
    #[default]
    Release,
    /// When it is put down: for terminals that tell nothing more.
    Press,
}

/// Follows one finger.
#[derive(Debug, Clone, Copy, Default)]
pub struct Touch {
    act_on: ActOn,
    held: Option<Key>,
    last: Option<(Key, Duration)>,
    changed: Option<Duration>,
}

impl Touch {
    /// Follows a finger under that rule.
    pub fn new(act_on: ActOn) -> Self {
        Self { act_on, ..Self::default() }
    }

    /// Another page is shown.
    pub fn page_changed(&mut self, at: Duration) {
        self.changed = Some(at);
        self.held = None;
    }

    /// The target under the finger: shown as pressed.
    pub fn held(&self) -> Option<Key> {
        self.held
    }

    /// Takes what the finger does; `target` says what lies under a cell. The key that was touched.
    pub fn take(&mut self, finger: Finger, at: Duration, target: impl Fn(u16, u16) -> Option<Key>) -> Option<Key> {
        match finger {
            Finger::Down(column, row) => {
                self.held = target(column, row).filter(|key| self.counts(*key, at));
                if self.act_on == ActOn::Press { self.touched(at) } else { None }
            }
            Finger::Up(column, row) => {
                let is_same = self.held.is_some() && self.held == target(column, row);
                if is_same { self.touched(at) } else { self.held.take().and(None) }
            }
        }
    }

    fn counts(&self, key: Key, at: Duration) -> bool {
        let is_settled = self.changed.is_none_or(|changed| at >= changed + SETTLE);
        let is_struck = self.last.is_some_and(|(last, when)| last == key && at < when + STRIKE);
        is_settled && !is_struck
    }

    fn touched(&mut self, at: Duration) -> Option<Key> {
        let key = self.held.take()?;
        self.last = Some((key, at));
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Key = Key::Digit(1);
    const TWO: Key = Key::Digit(2);

    fn target(column: u16, _: u16) -> Option<Key> {
        [Some(ONE), Some(TWO), None].get(usize::from(column / 10)).copied().flatten()
    }

    fn play(touch: &mut Touch, moves: &[(u64, Finger)]) -> Vec<Key> {
        moves.iter().filter_map(|(at, finger)| touch.take(*finger, Duration::from_millis(*at), target)).collect()
    }

    #[test]
    fn a_touch_ends_where_it_began() {
        use Finger::{Down, Up};
        let mut touch = Touch::default();
        assert_eq!(play(&mut touch, &[(0, Down(1, 1)), (80, Up(3, 2))]), [ONE]);
        assert_eq!(play(&mut touch, &[(1_000, Down(1, 1)), (1_080, Up(13, 2))]), []);
        assert_eq!(play(&mut touch, &[(2_000, Down(25, 1)), (2_080, Up(13, 2))]), []);
        assert_eq!(play(&mut touch, &[(3_000, Up(13, 2))]), []);
    }

    #[test]
    fn trembling_hands_touch_once() {
        use Finger::{Down, Up};
        let mut touch = Touch::default();
        let trembling = [(0, Down(1, 1)), (50, Up(1, 1)), (120, Down(1, 1)), (160, Up(1, 1)), (499, Down(1, 1)), (510, Up(1, 1))];
        assert_eq!(play(&mut touch, &trembling), [ONE]);
        assert_eq!(play(&mut touch, &[(700, Down(1, 1)), (720, Up(1, 1))]), [ONE]);
        assert_eq!(play(&mut touch, &[(730, Down(11, 1)), (750, Up(11, 1))]), [TWO]);
    }

    #[test]
    fn a_page_that_has_just_changed_is_not_touched() {
        use Finger::{Down, Up};
        let mut touch = Touch::default();
        touch.page_changed(Duration::from_millis(100));
        assert_eq!(play(&mut touch, &[(300, Down(1, 1)), (600, Up(1, 1))]), []);
        assert_eq!(play(&mut touch, &[(650, Down(1, 1)), (700, Up(1, 1))]), [ONE]);
    }

    #[test]
    fn a_terminal_that_tells_no_release_acts_on_press() {
        let mut touch = Touch::new(ActOn::Press);
        assert_eq!(play(&mut touch, &[(0, Finger::Down(1, 1)), (900, Finger::Down(1, 1))]), [ONE, ONE]);
    }
}
