//! Compares a message with examples of what people want and what it is about (`config/examples`): where the lists are silent
//! or unsure, what it resembles decides.

use std::cell::OnceCell;

use words::learnt::{Learnt, pieces};

use super::act::{Act, LABELS};
use crate::theme::Theme;

const ACTS: Learnt<{ LABELS.len() }> = Learnt(include_bytes!(concat!(env!("OUT_DIR"), "/act-examples.table")));

/// None of the themes first.
const THEMES: Learnt<{ Theme::ALL.len() + 1 }> = Learnt(include_bytes!(concat!(env!("OUT_DIR"), "/theme-examples.table")));

/// A message that can be compared: only what is asked is reckoned, and once.
#[derive(Debug)]
pub(super) struct Resembled<'a> {
    folded: &'a str,
    pieces: OnceCell<Vec<u16>>,
    acts: OnceCell<[f32; LABELS.len()]>,
    themes: OnceCell<[f32; Theme::ALL.len() + 1]>,
}

impl<'a> Resembled<'a> {
    pub(super) fn new(folded: &'a str) -> Self {
        Self { folded, pieces: OnceCell::new(), acts: OnceCell::new(), themes: OnceCell::new() }
    }

    fn pieces(&self) -> &[u16] {
        self.pieces.get_or_init(|| pieces::of(self.folded))
    }

    fn acts(&self) -> &[f32] {
        self.acts.get_or_init(|| ACTS.likelihoods(self.pieces()))
    }

    fn themes(&self) -> &[f32] {
        self.themes.get_or_init(|| THEMES.likelihoods(self.pieces()))
    }

    /// How likely somebody wants this with it.
    pub(super) fn likely(&self, act: Act) -> f32 {
        self.acts().get(act as usize).copied().unwrap_or_default()
    }

    /// What somebody wants with it most likely, and how likely.
    pub(super) fn act(&self) -> (Act, f32) {
        let likely = Act::ALL.into_iter().zip(self.acts().iter().copied());
        likely.max_by(|(_, one), (_, other)| one.total_cmp(other)).unwrap_or((Act::Search, 0.0))
    }

    /// Its theme most likely, and how likely that is; `None` where it looks for nothing.
    pub(super) fn theme(&self) -> (Option<Theme>, f32) {
        let classes = std::iter::once(None).chain(Theme::ALL.iter().copied().map(Some));
        classes.zip(self.themes().iter().copied()).max_by(|(_, one), (_, other)| one.total_cmp(other)).unwrap_or_default()
    }

    /// How likely it is about a theme.
    pub(super) fn likely_about(&self, theme: Theme) -> f32 {
        self.themes().get(1 + theme as usize).copied().unwrap_or_default()
    }
}
