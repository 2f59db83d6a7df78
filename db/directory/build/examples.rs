//! Learns from examples how likely a message is of each class: multinomial logistic regression over its pieces, by the
//! adaptive gradient method (Duchi, Hazan and Singer 2011). The same examples give the same bytes.

use super::Made;
use crate::learnt::pieces::{self, PIECES};
use crate::words;

/// How often all examples are gone through.
const ROUNDS: usize = 8;

/// How far one example moves what is known.
const STEP: f32 = 0.5;

/// Where the squares of the steps of a weight begin.
const BEGIN: f32 = 0.01;

/// Examples: the class of each by its place among the labels, and its pieces.
pub(crate) type Examples = Vec<(usize, Vec<u16>)>;

/// Adds the examples of a file. A line is one of the labels, a tab and a text.
pub(crate) fn read(file: &str, text: &str, labels: &[&str], examples: &mut Examples) -> Made<()> {
    for (line, example) in (1..).zip(text.lines()) {
        let wrong = |problem: &str| format!("config/{file}:{line}: {problem}");
        let (label, said) = example.split_once('\t').ok_or_else(|| wrong("a label, a tab and a text are wanted"))?;
        let class = labels.iter().position(|known| *known == label);
        let class = class.ok_or_else(|| wrong(&format!("\"{label}\" is none of {}", labels.join(", "))))?;
        let found = pieces::of(&words::fold(said));
        if found.is_empty() {
            return Err(wrong("nothing is said").into());
        }
        examples.push((class, found));
    }
    Ok(())
}

/// The pieces of the phrases of a file of `config/needs`, which other tests hold to its shape.
pub(crate) fn asking(text: &str) -> Made<Vec<Vec<u16>>> {
    let file: toml::Table = toml::from_str(text)?;
    let needs = file.get("need").and_then(toml::Value::as_array).into_iter().flatten();
    let words = needs.filter_map(|need| need.get("words")?.as_table()).flat_map(toml::Table::values);
    let phrases = words.filter_map(toml::Value::as_array).flatten().filter_map(toml::Value::as_str);
    Ok(phrases.map(|phrase| pieces::of(&words::fold(phrase))).collect())
}

/// One of so many of what is asked, as examples of a class.
pub(crate) fn some(asked: &[Vec<u16>], every: usize, class: usize) -> impl Iterator<Item = (usize, Vec<u16>)> {
    asked.iter().step_by(every).filter(|pieces| !pieces.is_empty()).map(move |pieces| (class, pieces.clone()))
}

/// What is learnt of so many classes, as `directory::learnt` reads it.
pub(crate) fn learn<const N: usize>(examples: &[(usize, Vec<u16>)]) -> Vec<u8> {
    let mut weights = vec![[0.0_f32; N]; PIECES];
    let mut squares = vec![[BEGIN; N]; PIECES];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut chance: u64 = 1;
    for _ in 0..ROUNDS {
        shuffle(&mut order, &mut chance);
        for (class, example) in order.iter().filter_map(|place| examples.get(*place)) {
            go_through(*class, example, &mut weights, &mut squares);
        }
    }
    let most = weights.iter().flatten().fold(0.0_f32, |most, weight| most.max(weight.abs())).max(f32::MIN_POSITIVE);
    let scale = most / 127.0;
    scale.to_le_bytes().into_iter().chain(weights.iter().flatten().map(|weight| rounded(weight / scale))).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
fn rounded(weight: f32) -> u8 {
    (weight.round() as i8).cast_unsigned()
}

/// One example: every class gets nearer to what it should have said.
fn go_through<const N: usize>(class: usize, example: &[u16], weights: &mut [[f32; N]], squares: &mut [[f32; N]]) {
    let length = 1.0 / pieces::length(example);
    let mut said = [0.0_f32; N];
    for known in example.iter().filter_map(|piece| weights.get(usize::from(*piece))) {
        for (said, weight) in said.iter_mut().zip(known) {
            *said += weight * length;
        }
    }
    let mut steps = pieces::likelihoods(said);
    if let Some(right) = steps.get_mut(class) {
        *right -= 1.0;
    }
    let steps = steps.map(|step| step * length);
    for piece in example {
        let place = usize::from(*piece);
        let (Some(weights), Some(squares)) = (weights.get_mut(place), squares.get_mut(place)) else { continue };
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
