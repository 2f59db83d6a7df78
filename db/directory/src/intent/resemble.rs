//! Compares a message with examples of what people want and what it is about (`config/examples`): where the lists are silent
//! or unsure, what it resembles decides.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::LazyLock;

use words::learnt::{Learnt, pieces};

use super::act::Act;
use super::{follow, refusal};
use crate::need::Need;
use crate::session::{Session, Step};
use crate::theme::Theme;

const ACTS: Learnt = Learnt(include_bytes!(concat!(env!("OUT_DIR"), "/act-examples.table")));

/// None of the themes first.
const THEMES: Learnt = Learnt(include_bytes!(concat!(env!("OUT_DIR"), "/theme-examples.table")));

/// The needs of each theme, among themselves.
const NEEDS: [Learnt; Theme::ALL.len()] = include!(concat!(env!("OUT_DIR"), "/need_examples.rs"));

/// The needs that examples are labelled with, by theme, in the order of their classes.
static LABELLED: LazyLock<Vec<Vec<Option<Need>>>> = LazyLock::new(|| {
    let themes = include_str!(concat!(env!("OUT_DIR"), "/need-examples.ids")).lines();
    themes.map(|ids| ids.split(' ').map(Need::from_id).collect()).collect()
});

/// So many times likelier than among the examples, something is said of what is shown; and where nothing is.
const SHOWN: f32 = 3.0;
const NOT_SHOWN: f32 = 0.2;

/// A message that can be compared: only what is asked is reckoned, and once.
#[derive(Debug)]
pub(super) struct Resembled<'a> {
    folded: &'a str,
    /// A list or an entry is before whoever wrote it.
    is_shown: bool,
    /// An entry alone.
    is_card: bool,
    pieces: OnceCell<Vec<u32>>,
    wished: OnceCell<Vec<u32>>,
    acts: OnceCell<Vec<f32>>,
    themes: OnceCell<Vec<f32>>,
}

impl<'a> Resembled<'a> {
    pub(super) fn new(folded: &'a str, session: &Session) -> Self {
        let (is_shown, is_card) = (follow::is_shown(session), matches!(session.step, Step::Card(_)));
        Self { folded, is_shown, is_card, pieces: OnceCell::new(), wished: OnceCell::new(), acts: OnceCell::new(), themes: OnceCell::new() }
    }

    fn pieces(&self) -> &[u32] {
        self.pieces.get_or_init(|| pieces::of(self.folded))
    }

    /// The pieces without what is refused.
    fn wished(&self) -> &[u32] {
        match refusal::wished(self.folded) {
            Cow::Borrowed(_) => self.pieces(),
            Cow::Owned(wished) => self.wished.get_or_init(|| pieces::of(&wished)),
        }
    }

    fn acts(&self) -> &[f32] {
        self.acts.get_or_init(|| {
            let mut likely = ACTS.likelihoods(self.pieces());
            // Complaints are of one entry.
            let shown = |is_shown: bool| if is_shown { SHOWN } else { NOT_SHOWN };
            for (act, times) in [(Act::Again, shown(self.is_shown)), (Act::Report, shown(self.is_card))] {
                if let Some(likely) = likely.get_mut(act as usize) {
                    *likely *= times;
                }
            }
            let all: f32 = likely.iter().sum();
            for likely in &mut likely {
                *likely /= all;
            }
            likely
        })
    }

    fn themes(&self) -> &[f32] {
        self.themes.get_or_init(|| THEMES.likelihoods(self.wished()))
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

    /// How likely it looks for nothing.
    pub(super) fn likely_about_nothing(&self) -> f32 {
        self.themes().first().copied().unwrap_or_default()
    }

    /// How likely it is about a theme.
    pub(super) fn likely_about(&self, theme: Theme) -> f32 {
        self.themes().get(1 + theme as usize).copied().unwrap_or_default()
    }

    /// The words that speak most for an act rather than for a search.
    pub(super) fn reasons_of_act(&self, act: Act) -> Vec<&str> {
        ACTS.reasons(&pieces::words_of(self.folded), act as usize)
    }

    /// The words that speak most for a theme.
    pub(super) fn reasons_of_theme(&self, theme: Theme) -> Vec<&str> {
        THEMES.reasons(&pieces::words_of(self.folded), 1 + theme as usize)
    }

    /// How likely each need of a theme is where that theme is meant. Reckoned each time: it is asked once, and seldom.
    pub(super) fn needs_of(&self, theme: Theme) -> Vec<(Need, f32)> {
        let (Some(learnt), Some(labelled)) = (NEEDS.get(theme as usize), LABELLED.get(theme as usize)) else { return Vec::new() };
        let likely = labelled.iter().zip(learnt.likelihoods(self.wished()));
        likely.filter_map(|(need, likely)| need.map(|need| (need, likely))).collect()
    }

    /// The need of a theme that is likeliest where that theme is meant.
    pub(super) fn need_of(&self, theme: Theme) -> Option<(Need, f32)> {
        self.needs_of(theme).into_iter().max_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}
