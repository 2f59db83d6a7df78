//! Learns from examples how likely a message is of each class: multinomial logistic regression over its pieces, by the
//! adaptive gradient method (Duchi, Hazan and Singer 2011), where each time only a part of an example's pieces is seen
//! (dropout, Wager, Wang and Liang 2013), so that a class leans on no single word. The same examples give the same bytes.

use std::collections::HashMap;

use super::pieces;

/// How far one example moves what is known.
const STEP: f32 = 0.5;

/// Where the squares of the steps of a weight begin.
const BEGIN: f32 = 0.01;

/// How much of a weight each step that touches it takes away.
const DECAY: f32 = 3e-4;

/// One of so many pieces of an example is seen each time.
const EVERY_SEEN: usize = 2;

/// Pieces are found by at most so many of their first bits.
const MOST_BITS: u32 = 16;

/// What is learnt: how many classes, how often all examples are gone through, how many pieces are kept, and in how many
/// examples a piece must stand to be looked at.
#[derive(Debug, Clone, Copy)]
pub struct Lesson {
    /// The classes, numbered from 0.
    pub classes: usize,
    /// How often all examples are gone through.
    pub rounds: usize,
    /// At most so many pieces are kept, those that tell the classes apart best.
    pub kept: usize,
    /// Pieces of fewer examples are left out.
    pub least: usize,
}

/// What is learnt from examples, each its class and its pieces: the bytes that [`super::Learnt`] reads.
pub fn learn(lesson: Lesson, examples: &[(usize, Vec<u32>)]) -> Vec<u8> {
    let known = Known::new(lesson, examples);
    let mut weights = vec![0.0_f32; known.pieces.len() * lesson.classes];
    let mut squares = vec![BEGIN; weights.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut chance = Chance(1);
    let mut seen = Vec::new();
    for _ in 0..lesson.rounds {
        shuffle(&mut order, &mut chance);
        for (class, places) in order.iter().filter_map(|place| known.examples.get(*place)) {
            seen.clear();
            seen.extend(places.iter().filter(|_| chance.below(EVERY_SEEN) == 0));
            go_through(*class, lesson.classes, &seen, &mut weights, &mut squares);
        }
    }
    written(lesson, &known.pieces, &weights)
}

/// The pieces that are looked at, and the examples by the places of theirs among them.
struct Known {
    pieces: Vec<u32>,
    examples: Vec<(usize, Vec<usize>)>,
}

impl Known {
    fn new(lesson: Lesson, examples: &[(usize, Vec<u32>)]) -> Self {
        let mut counts: HashMap<u32, usize> = HashMap::new();
        for piece in examples.iter().flat_map(|(_, pieces)| pieces) {
            *counts.entry(*piece).or_default() += 1;
        }
        let mut known: Vec<u32> = counts.into_iter().filter(|(_, count)| *count >= lesson.least).map(|(piece, _)| piece).collect();
        known.sort_unstable();
        let places = |pieces: &[u32]| pieces.iter().filter_map(|piece| known.binary_search(piece).ok()).collect();
        let examples = examples.iter().map(|(class, pieces)| (*class, places(pieces))).collect();
        Self { pieces: known, examples }
    }
}

/// One example: every class gets nearer to what it should have said.
fn go_through(class: usize, classes: usize, seen: &[usize], weights: &mut [f32], squares: &mut [f32]) {
    let length = 1.0 / pieces::length(seen.len());
    let of = |place: usize| place * classes..(place + 1) * classes;
    let mut steps = vec![0.0_f32; classes];
    for known in seen.iter().filter_map(|place| weights.get(of(*place))) {
        for (said, weight) in steps.iter_mut().zip(known) {
            *said += weight * length;
        }
    }
    pieces::make_likelihoods(&mut steps);
    if let Some(right) = steps.get_mut(class) {
        *right -= 1.0;
    }
    for step in &mut steps {
        *step *= length;
    }
    for place in seen {
        let (Some(weights), Some(squares)) = (weights.get_mut(of(*place)), squares.get_mut(of(*place))) else { continue };
        for ((weight, square), step) in weights.iter_mut().zip(squares).zip(&steps) {
            let step = step + DECAY * *weight;
            *square += step * step;
            *weight -= STEP * step / square.sqrt();
        }
    }
}

/// The bytes of what was learnt: the classes, the scale of the weights and the number of bits by which pieces are found,
/// where the pieces of each beginning start, the pieces in order, and their weights by class.
fn written(lesson: Lesson, known: &[u32], weights: &[f32]) -> Vec<u8> {
    let rows: Vec<&[f32]> = weights.chunks_exact(lesson.classes.max(1)).collect();
    let mut telling: Vec<(f32, usize)> = rows.iter().map(|row| spread(row)).zip(0..).collect();
    telling.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let mut kept: Vec<usize> = telling.into_iter().take(lesson.kept).map(|(_, place)| place).collect();
    kept.sort_unstable();
    let kept: Vec<(u32, &[f32])> = kept.into_iter().filter_map(|place| Some((*known.get(place)?, *rows.get(place)?))).collect();
    let most = kept.iter().flat_map(|(_, row)| *row).fold(f32::MIN_POSITIVE, |most, weight| most.max(weight.abs()));
    let scale = most / 127.0;
    let mut bytes = Vec::new();
    let mut add = |number: u32| bytes.extend(number.to_le_bytes());
    add(number(lesson.classes));
    add(scale.to_bits());
    let bits = kept.len().max(2).ilog2().min(MOST_BITS);
    add(bits);
    for beginning in 0..=(1_u32 << bits) {
        add(number(kept.partition_point(|(piece, _)| piece >> (u32::BITS - bits) < beginning)));
    }
    for (piece, _) in &kept {
        add(*piece);
    }
    bytes.extend(kept.iter().flat_map(|(_, row)| *row).map(|weight| rounded(weight / scale)));
    bytes
}

/// How much a piece tells the classes apart.
fn spread(row: &[f32]) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let mean = row.iter().sum::<f32>() / row.len().max(1) as f32;
    row.iter().map(|weight| (weight - mean).powi(2)).sum()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
fn rounded(weight: f32) -> u8 {
    (weight.round() as i8).cast_unsigned()
}

/// Numbers by chance, always the same ones (Knuth's generator of 64 bits).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % end
    }
}

/// Fisher and Yates.
fn shuffle(order: &mut [usize], chance: &mut Chance) {
    for place in (1..order.len()).rev() {
        order.swap(place, chance.below(place + 1));
    }
}
