//! Compares a message with examples: how likely each kind of danger is, by the pieces that examples of it are made of.
//! The program's build learns from `config/danger/examples`; what it learnt is always the same, and asks for no network.

use super::pieces::{self, CLASSES};
use super::table::DangerKind;
use super::{Danger, HeardBy};
use crate::words;

/// What the build learnt: a scale, then for each piece a weight by class, none first.
const LEARNT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/danger-examples.table"));

/// From here on it is danger where nothing else is understood.
const LIKELY: f32 = 0.6;

/// A story of so many words that is so likely danger is danger, whatever else is named in it.
const STORY: usize = 8;
const LIKELIER: f32 = 0.85;

/// Fewer words are read by the lists alone: so many may be a name.
const FEWEST: usize = 7;

/// At most so many words are named as a reason.
const MOST_REASONS: usize = 3;

/// The danger that a message is likely to say.
pub(super) fn judge(text: &str) -> Option<Danger> {
    let folded = words::fold(text);
    let words = pieces::words_of(&folded);
    if words.len() < FEWEST {
        return None;
    }
    let likely = likelihoods(&pieces::of(&folded));
    let danger = 1.0 - likely.first()?;
    if danger < LIKELY {
        return None;
    }
    let (kind, class) =
        DangerKind::ALL.iter().copied().zip(1..).max_by(|(_, one), (_, other)| of_class(&likely, *one).total_cmp(&of_class(&likely, *other)))?;
    let heard_by = if words.len() >= STORY && danger >= LIKELIER { HeardBy::Sure } else { HeardBy::Examples };
    Some(Danger { kind, heard_by, because: reasons(&words, class).join(" "), languages: Vec::new() })
}

/// The words that speak most for a class.
fn reasons<'w>(words: &[&'w str], class: usize) -> Vec<&'w str> {
    let gain = |word: &str| weights(pieces::of_word(word)).map_or(0, |weights| at(weights, class) - at(weights, 0));
    let speaking: Vec<(&str, i32)> = words.iter().map(|word| (*word, gain(word))).filter(|(_, gain)| *gain > 0).collect();
    let mut gains: Vec<i32> = speaking.iter().map(|(_, gain)| *gain).collect();
    gains.sort_unstable_by(|one, other| other.cmp(one));
    let least = gains.get(MOST_REASONS - 1).copied().unwrap_or_default();
    speaking.into_iter().filter(|(_, gain)| *gain >= least).map(|(word, _)| word).collect()
}

fn of_class(likely: &[f32; CLASSES], class: usize) -> f32 {
    likely.get(class).copied().unwrap_or_default()
}

/// The weights of a piece, by class.
fn weights(piece: u16) -> Option<&'static [u8]> {
    let start = size_of::<f32>() + usize::from(piece) * CLASSES;
    LEARNT.get(start..start + CLASSES)
}

fn at(weights: &[u8], class: usize) -> i32 {
    weights.get(class).map_or(0, |weight| i32::from(weight.cast_signed()))
}

/// How likely each class is, together 1.
fn likelihoods(found: &[u16]) -> [f32; CLASSES] {
    let mut sums = [0_i32; CLASSES];
    for weights in found.iter().filter_map(|piece| weights(*piece)) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += i32::from(weight.cast_signed());
        }
    }
    let scale = LEARNT.first_chunk().map_or(0.0, |scale| f32::from_le_bytes(*scale));
    let length = pieces::length(found);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred weights of 8 bits")]
    pieces::likelihoods(sums.map(|sum| sum as f32 * scale / length))
}
