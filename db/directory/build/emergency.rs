//! Reads `config/emergency.toml`, and refuses what could mislead somebody in danger.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Made;
use crate::country::Country;
use crate::emergency::number::{EUROPEAN, EmergencyNumber, LABELS};

/// `config/emergency.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    number: Vec<EmergencyNumber>,
}

/// The numbers of the file, in its order.
pub(crate) fn read(file: &str) -> Made<Vec<EmergencyNumber>> {
    let File { number: numbers } = toml::from_str(file).map_err(|error| format!("config/emergency.toml: {error}"))?;
    let mut seen: BTreeMap<(Country, String), usize> = BTreeMap::new();
    for number in &numbers {
        let wrong = |problem: &str| format!("config/emergency.toml: {} {}: {problem}", number.country.code(), number.number);
        let digits = EmergencyNumber::digits(&number.number);
        if digits.len() < 2 || !number.number.chars().all(|letter| letter.is_ascii_digit() || letter == ' ') {
            return Err(wrong("a number is digits, with spaces between them").into());
        }
        *seen.entry((number.country, digits)).or_default() += 1;
        if let Some(missing) = LABELS.iter().find(|language| number.label.get(**language).is_none_or(|label| label.trim().is_empty())) {
            return Err(wrong(&format!("its label in {missing} is missing")).into());
        }
        if let Some(unknown) = number.label.keys().find(|language| !LABELS.contains(&language.as_str())) {
            return Err(wrong(&format!("nothing is labelled in {unknown}")).into());
        }
        if number.serves.is_empty() || number.languages.is_empty() {
            return Err(wrong("what it serves and the languages spoken there are missing").into());
        }
        if number.verified_on.is_some() {
            return Err(wrong("what ships is verified by nobody: the day belongs into an operator's settings").into());
        }
    }
    if let Some(((country, digits), _)) = seen.iter().find(|(_, count)| **count > 1) {
        return Err(format!("config/emergency.toml: {} {digits} stands there twice", country.code()).into());
    }
    for country in [Country::Be, Country::Fr] {
        if !seen.contains_key(&(country, EUROPEAN.to_owned())) {
            return Err(format!("config/emergency.toml: {} has no {EUROPEAN}", country.code()).into());
        }
    }
    Ok(numbers)
}
