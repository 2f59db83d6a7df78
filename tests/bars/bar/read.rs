//! How long it takes to understand a message: mean time a message, without a comparator.

use std::hint::black_box;
use std::time::Instant;

use directory::clock::{Clock, SystemClock};
use directory::intent::{self, Input};
use directory::locality::MOST_CODES;
use directory::phone::Country;
use directory::session::Session;
use directory::vocabulary::Vocabulary;

use crate::stats::float;

/// Made-up questions, and how often everything is read: once to warm up, then the best of the others
/// counts, which is the one with the least of other work in it.
const QUESTIONS: u64 = 2_000;
const TIMES: usize = 9;

/// Prints the mean microseconds of understanding made-up questions and the messages of the test set, of
/// finding what is around a place, and of making the vocabulary ready.
pub fn read() -> anyhow::Result<()> {
    let made_up = gateway::synth::questions(1, QUESTIONS)?;
    let messages = std::fs::read_to_string(harness::repository().join("tests/understanding/messages.jsonl"))?;
    let messages = messages.lines().map(|line| Ok(serde_json::from_str::<serde_json::Value>(line)?["text"].as_str().unwrap_or_default().to_owned()));
    let messages = messages.collect::<anyhow::Result<Vec<String>>>()?;
    println!("vocabulary       {:8.2} µs", mean(&[()], |()| drop(black_box(Vocabulary::shipped()))));
    let vocabulary = Vocabulary::shipped()?;
    let (session, now) = (Session::default(), SystemClock.now().with_timezone(&chrono_tz::Europe::Brussels));
    for (name, texts) in [("made-up questions", made_up), ("test messages", messages)] {
        let inputs: Vec<Input> = texts.into_iter().map(Input::Text).collect();
        println!("{name:<17}{:8.2} µs, mean of {}", mean(&inputs, |input| drop(black_box(intent::read(input, &session, &vocabulary, now)))), inputs.len());
    }
    let territory = vocabulary.territory();
    let codes: Vec<String> = territory.areas().map(|area| area.postal_code.to_owned()).collect();
    println!(
        "around a place   {:8.2} µs, mean of {}",
        mean(&codes, |code| drop(black_box(territory.around(Country::Be, code, 20.0, MOST_CODES)))),
        codes.len()
    );
    Ok(())
}

fn mean<T>(all: &[T], work: impl Fn(&T)) -> f64 {
    let once = || {
        let begun = Instant::now();
        all.iter().for_each(&work);
        begun.elapsed().as_secs_f64() * 1e6 / float(all.len())
    };
    once();
    (0..TIMES).map(|_| once()).fold(f64::INFINITY, f64::min)
}
