//! Compares a message with examples of what people want and what it is about (`config/examples`): where the lists are silent
//! or unsure, what it resembles decides.

use std::sync::LazyLock;

use super::act::{Act, LABELS};
use crate::learnt::{Learnt, pieces};
use crate::theme::Theme;

const ACTS: Learnt<{ LABELS.len() }> = Learnt(include_bytes!(concat!(env!("OUT_DIR"), "/act-examples.table")));

/// None of the themes first.
const THEMES: Learnt<{ Theme::ALL.len() + 1 }> = Learnt(include_bytes!(concat!(env!("OUT_DIR"), "/theme-examples.table")));

/// A message that can be compared: only what is asked is reckoned.
#[derive(Debug)]
pub(super) struct Resembled<'a> {
    pieces: LazyLock<Vec<u16>, Box<dyn FnOnce() -> Vec<u16> + 'a>>,
}

impl<'a> Resembled<'a> {
    pub(super) fn new(folded: &'a str) -> Self {
        Self { pieces: LazyLock::new(Box::new(move || pieces::of(folded))) }
    }

    /// How likely somebody wants this with it.
    pub(super) fn likely(&self, act: Act) -> f32 {
        ACTS.likelihoods(&self.pieces).get(act as usize).copied().unwrap_or_default()
    }

    /// What somebody wants with it most likely, and how likely.
    pub(super) fn act(&self) -> (Act, f32) {
        let likely = ACTS.likelihoods(&self.pieces);
        let best = Act::ALL.into_iter().zip(likely).max_by(|(_, one), (_, other)| one.total_cmp(other));
        best.unwrap_or((Act::Search, 0.0))
    }

    /// Its theme most likely, and how likely that is; `None` where it looks for nothing.
    pub(super) fn theme(&self) -> (Option<Theme>, f32) {
        let likely = THEMES.likelihoods(&self.pieces);
        let classes = std::iter::once(None).chain(Theme::ALL.iter().copied().map(Some));
        classes.zip(likely).max_by(|(_, one), (_, other)| one.total_cmp(other)).unwrap_or_default()
    }

    /// How likely it is about a theme.
    pub(super) fn likely_about(&self, theme: Theme) -> f32 {
        THEMES.likelihoods(&self.pieces).get(1 + theme as usize).copied().unwrap_or_default()
    }
}
