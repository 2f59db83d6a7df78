//! Growth: what a turn costs as the directory grows.

use super::search::{ask_us, questions};
use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::stats::percentile;
use directory::vocabulary::Vocabulary;

/// A turn of a word and a place at each size, over one connection; the largest against the smallest.
///
/// A turn over one connection holds a commit, which costs the same at any size and would hide what
/// grows. So the search alone is told beside it, by the same questions.
pub fn growth(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let sizes = &bench.plan.sizes;
    let vocabulary = Vocabulary::shipped()?;
    let asked = questions(bench, &vocabulary)?;
    let copies = sizes.iter().map(|size| bench.territory.copy(*size, &format!("growth-{size}"))).collect::<anyhow::Result<Vec<_>>>()?;
    let rounds = bench.rounds("growth", bench.plan.control, |_| {
        copies
            .iter()
            .map(|copy| {
                let gateway = bench.serve(&copy.path().display().to_string())?;
                let turns = bench.ask(gateway.address, &bench.turns(4_000), 1)?;
                drop(gateway);
                let search = ask_us(copy.path(), &asked)?;
                Ok([turns.percentile(50), turns.percentile(99), percentile(&search, 50), percentile(&search, 99)])
            })
            .collect::<anyhow::Result<Vec<_>>>()
    })?;
    let figure = |size: usize, which: usize| middle(&rounds, |(_, sizes)| sizes[size][which]);
    let mut said: Vec<Said> = sizes
        .iter()
        .enumerate()
        .map(|(place, size)| {
            let [p50, p99, search, search_p99] = [0, 1, 2, 3].map(|which| figure(place, which));
            Said::Told(format!(
                "growth: {}: turn p50 {p50:.3} ms, p99 {p99:.3} ms; search alone p50 {search:.3} ms, p99 {search_p99:.3} ms",
                bench.territory.name(*size)
            ))
        })
        .collect();
    let (first, last) = (0, sizes.len() - 1);
    let name = format!("growth to {}", sizes[last]);
    said.push(bench.line(&name, Figure::Millis(figure(last, 0)), ("smallest size", Figure::Millis(figure(first, 0))), Bar::AtMost(3.0)));
    Ok(said)
}
