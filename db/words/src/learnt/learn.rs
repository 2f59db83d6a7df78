//! Learns from examples how likely a message is of each class: multinomial logistic regression over its pieces, by the
//! adaptive gradient method (Duchi, Hazan and Singer 2011). The same examples give the same bytes.

use super::pieces;

/// How far one example moves what is known.
const STEP: f32 = 0.5;

/// Where the squares of the steps of a weight begin.
const BEGIN: f32 = 0.01;

/// What is learnt of so many classes from examples, each its class and its pieces: the bytes that [`super::Learnt`] reads.
/// Pieces are told apart by their number modulo `apart`, at most [`pieces::PIECES`]: the fewer, the smaller the bytes. All examples
/// are gone through `rounds` times.
// How many is an argument and no parameter of the type: else it would be compiled, unoptimised, with whoever calls it.
pub fn learn(classes: usize, apart: usize, rounds: usize, examples: &[(usize, Vec<u16>)]) -> Vec<u8> {
    let apart = apart.max(1);
    let mut weights = vec![0.0_f32; apart * classes];
    let mut squares = vec![BEGIN; apart * classes];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut chance: u64 = 1;
    for _ in 0..rounds {
        shuffle(&mut order, &mut chance);
        for (class, example) in order.iter().filter_map(|place| examples.get(*place)) {
            go_through(*class, (classes, apart), example, &mut weights, &mut squares);
        }
    }
    let most = weights.iter().fold(0.0_f32, |most, weight| most.max(weight.abs())).max(f32::MIN_POSITIVE);
    let scale = most / 127.0;
    let count = u32::try_from(classes).unwrap_or_default();
    count.to_le_bytes().into_iter().chain(scale.to_le_bytes()).chain(weights.iter().map(|weight| rounded(weight / scale))).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
fn rounded(weight: f32) -> u8 {
    (weight.round() as i8).cast_unsigned()
}

/// One example: every class gets nearer to what it should have said.
fn go_through(class: usize, (classes, apart): (usize, usize), example: &[u16], weights: &mut [f32], squares: &mut [f32]) {
    let length = 1.0 / pieces::length(example);
    let of = |piece: u16| usize::from(piece) % apart * classes..(usize::from(piece) % apart + 1) * classes;
    let mut steps = vec![0.0_f32; classes];
    for known in example.iter().filter_map(|piece| weights.get(of(*piece))) {
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
    for piece in example {
        let (Some(weights), Some(squares)) = (weights.get_mut(of(*piece)), squares.get_mut(of(*piece))) else { continue };
        for ((weight, square), step) in weights.iter_mut().zip(squares).zip(&steps) {
            *square += step * step;
            *weight -= STEP * step / square.sqrt();
        }
    }
}

/// Puts them in an order that is always the same (Fisher-Yates, with Knuth's generator of 64 bits).
fn shuffle(order: &mut [usize], chance: &mut u64) {
    for place in (1..order.len()).rev() {
        *chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(*chance >> 33).unwrap_or_default() % (place + 1);
        order.swap(place, other);
    }
}
