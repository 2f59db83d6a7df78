//! Compares a message with examples: how likely each kind of danger is, as the program's build learnt from
//! `config/danger/examples`.

use super::table::DangerKind;
use super::{Danger, HeardBy};
use words::learnt::{Learnt, pieces};

/// What the build learnt of the kinds, none first.
const LEARNT: Learnt = Learnt(include_bytes!(concat!(env!("OUT_DIR"), "/danger-examples.table")));

/// So likely, it is danger where nothing else is understood, or may be.
const LIKELY: f32 = 0.25;
const PERHAPS: f32 = 0.1;

/// So likely, a story of so many words is danger where it names no need, or whatever it names; and so likely fewer words are,
/// where they name none.
const STORY: usize = 8;
const LIKELIER: f32 = 0.5;
const LIKELIEST: f32 = 0.85;
const LIKELIER_SHORT: f32 = 0.75;

/// What only the lists hear in a story, and examples so hardly, may be none.
const HARDLY: f32 = 0.02;

/// Fewer words are read by the lists alone: so many may be a name.
const FEWEST: usize = 4;

/// The danger that a message is likely to say.
pub(super) fn judge(text: &str) -> Option<Danger> {
    let folded = words::fold(text);
    let words = pieces::words_of(&folded);
    if words.len() < FEWEST {
        return None;
    }
    let likely = LEARNT.likelihoods(&pieces::of(&folded));
    let danger = 1.0 - of_class(&likely, 0);
    let heard_by = match danger {
        LIKELIEST.. if words.len() >= STORY => HeardBy::Sure,
        LIKELIER.. if words.len() >= STORY => HeardBy::Likely,
        LIKELIER_SHORT.. => HeardBy::Likely,
        LIKELY.. => HeardBy::Examples,
        PERHAPS.. => HeardBy::Doubt,
        _ => return None,
    };
    let (kind, class) =
        DangerKind::ALL.iter().copied().zip(1..).max_by(|(_, one), (_, other)| of_class(&likely, *one).total_cmp(&of_class(&likely, *other)))?;
    Some(Danger { kind, heard_by, because: LEARNT.reasons(&words, class).join(" "), languages: Vec::new() })
}

/// What the lists hear, doubted where it is a story that hardly resembles any danger.
pub(super) fn doubted(danger: Danger, text: &str) -> Danger {
    let folded = words::fold(text);
    let is_hardly = || 1.0 - of_class(&LEARNT.likelihoods(&pieces::of(&folded)), 0) < HARDLY;
    let is_doubted = pieces::words_of(&folded).len() >= STORY && is_hardly();
    if is_doubted { Danger { heard_by: HeardBy::Doubt, ..danger } } else { danger }
}

/// The likeliest of these kinds for a message; the first where examples know nothing of it.
pub(super) fn likeliest(text: &str, kinds: &[DangerKind]) -> Option<DangerKind> {
    let (first, others) = kinds.split_first()?;
    if others.iter().all(|other| other == first) {
        return Some(*first);
    }
    let likely = LEARNT.likelihoods(&pieces::of(&words::fold(text)));
    let of_kind = |kind: DangerKind| of_class(&likely, 1 + kind as usize);
    let mut best = *first;
    for kind in others {
        if of_kind(*kind) > of_kind(best) {
            best = *kind;
        }
    }
    Some(best)
}

fn of_class(likely: &[f32], class: usize) -> f32 {
    likely.get(class).copied().unwrap_or_default()
}
