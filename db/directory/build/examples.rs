//! Reads the examples from which the build learns.

use super::Made;
use words::learnt::pieces;

/// Examples: the class of each by its place among the labels, and its pieces.
pub(crate) type Examples = Vec<(usize, Vec<u32>)>;

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

/// A need of `config/needs`, and the pieces of each phrase by which it is asked for.
pub(crate) type Asked = (String, Vec<Vec<u32>>);

/// The needs of a file of `config/needs`, which other tests hold to its shape.
pub(crate) fn asking(text: &str) -> Made<Vec<Asked>> {
    let file: toml::Table = toml::from_str(text)?;
    let needs = file.get("need").and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_table);
    let asked = |need: &toml::Table| {
        let words = need.get("words").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values);
        let phrases = words.filter_map(toml::Value::as_array).flatten().filter_map(toml::Value::as_str);
        Some((need.get("id")?.as_str()?.to_owned(), phrases.map(|phrase| pieces::of(&words::fold(phrase))).collect()))
    };
    Ok(needs.filter_map(asked).collect())
}

/// One of so many of what is asked, as examples of a class.
pub(crate) fn some(asked: &[Asked], every: usize, class: usize) -> impl Iterator<Item = (usize, Vec<u32>)> {
    asked.iter().flat_map(|(_, phrases)| phrases).step_by(every).filter(|pieces| !pieces.is_empty()).map(move |pieces| (class, pieces.clone()))
}
