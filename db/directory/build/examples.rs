//! Reads the examples from which the build learns.

use super::Made;
use words::learnt::pieces;

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
