//! What is wrong with a mapping file, in words that help to mend it.

use directory::edit_distance::edits;
use directory::need::Need;
use directory::record::{AccessMode, CostKind, Kind, Mobilisable, Status, Welcome, WhenStatus};
use directory::theme::{Audience, Theme};

use super::super::hours::DAYS;
use super::{Choice, FeedError, Field, Mapping};

/// The word at fault, to find its line, and what to say about it.
type Fault = (String, String);

/// A TOML error with its line, and the nearest valid key where one is misspelt.
pub(super) fn explain(error: &toml::de::Error, text: &str) -> FeedError {
    let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    let message = error.message();
    // serde: unknown field `nmae`, expected one of `id`, `name`, …
    let mut quoted = message.split('`').skip(1).step_by(2);
    let reason = match (message.starts_with("unknown "), quoted.next()) {
        (true, Some(given)) => unknown(given, quoted),
        _ => message.replace('\n', ", "),
    };
    FeedError::Mapping { line, reason }
}

fn unknown<'v>(given: &str, valid: impl Iterator<Item = &'v str>) -> String {
    let valid: Vec<&str> = valid.collect();
    match nearest(given, &valid) {
        Some(near) => format!("{given:?} is no key here: did you mean {near:?}?"),
        None => format!("{given:?} is no key here: use one of {}", valid.join(", ")),
    }
}

fn nearest<'v>(given: &str, valid: &[&'v str]) -> Option<&'v str> {
    let scored = valid.iter().map(|word| (edits(given, word), *word));
    scored.min_by_key(|(distance, _)| *distance).filter(|(distance, word)| *distance <= word.len().max(given.len()) / 2).map(|(_, word)| word)
}

/// The line on which a word first stands.
pub(super) fn line_of(text: &str, word: &str) -> Option<usize> {
    text.lines().position(|line| !word.is_empty() && line.contains(word)).map(|place| place + 1)
}

/// What the types cannot say.
pub(super) fn check(mapping: &Mapping) -> Result<(), Fault> {
    for (field, key) in [(Field::Id, "id"), (Field::Name, "name")] {
        if mapping.rule(field).is_none() {
            return Err(("[fields]".to_owned(), format!("the field {key:?} is missing: without it no row can be taken")));
        }
    }
    for (field, rule) in &mapping.fields {
        if rule.columns.is_empty() && rule.constant.is_none() && rule.languages.is_empty() {
            return Err((String::new(), format!("the field {field:?} names neither a column nor a constant")));
        }
        if !field.is_localized() && !rule.languages.is_empty() {
            return Err((String::new(), format!("the field {field:?} is no text: it cannot be given by language")));
        }
    }
    if mapping.delimiter.is_some_and(|delimiter| !delimiter.is_ascii()) {
        return Err(("delimiter".to_owned(), "the delimiter must be one of , ; | or a tab".to_owned()));
    }
    for day in &mapping.days {
        one_of("day", &day.day, &DAYS)?;
    }
    let all = |list: &str, choices: &[Choice], valid: &[&str]| choices.iter().try_for_each(|choice| target(list, choice, valid));
    let ids = |lists: &[&[&'static str]]| lists.concat();
    all("kind", &mapping.kind, &Kind::ALL.iter().map(|kind| kind.id()).collect::<Vec<_>>())?;
    all(
        "status",
        &mapping.status,
        &ids(&[&Status::ALL.iter().map(|status| status.id()).collect::<Vec<_>>(), &WhenStatus::ALL.iter().map(|status| status.id()).collect::<Vec<_>>()]),
    )?;
    all("themes", &mapping.themes, &Theme::ALL.iter().map(|theme| theme.id()).collect::<Vec<_>>())?;
    all("needs", &mapping.needs, &Need::all().map(Need::id).collect::<Vec<_>>())?;
    let audiences: Vec<String> = Audience::ALL
        .iter()
        .flat_map(|audience| std::iter::once(audience.id().to_owned()).chain(Welcome::ALL.iter().map(|welcome| format!("{}:{}", audience.id(), welcome.id()))))
        .collect();
    all("audiences", &mapping.audiences, &audiences.iter().map(String::as_str).collect::<Vec<_>>())?;
    all(
        "access",
        &mapping.access,
        &ids(&[
            &AccessMode::ALL.iter().map(|mode| mode.id()).collect::<Vec<_>>(),
            &Mobilisable::ALL.iter().map(|by| by.id()).collect::<Vec<_>>(),
            &["no-public"],
        ]),
    )?;
    all("cost", &mapping.cost, &CostKind::ALL.iter().map(|kind| kind.id()).collect::<Vec<_>>())?;
    for choice in &mapping.languages {
        let is_code = choice.target.as_ref().is_none_or(|code| (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase()));
        if !is_code || choice.target.is_none() != choice.own {
            return Err(("languages".to_owned(), "each choice of languages needs a target such as \"fr\", or own = true".to_owned()));
        }
    }
    Ok(())
}

fn target(list: &str, choice: &Choice, valid: &[&str]) -> Result<(), Fault> {
    match (&choice.target, choice.own) {
        (Some(target), false) => one_of(list, target, valid),
        (None, true) if !choice.columns.is_empty() => Ok(()),
        _ => Err((format!("[{list}"), format!("each choice of {list:?} needs a target, or columns and own = true"))),
    }
}

fn one_of(list: &str, given: &str, valid: &[&str]) -> Result<(), Fault> {
    if valid.contains(&given) {
        return Ok(());
    }
    let hint = nearest(given, valid).map_or_else(|| format!("use one of {}", valid.join(", ")), |near| format!("did you mean {near:?}?"));
    Err((format!("\"{given}\""), format!("{given:?} is no {list}: {hint}")))
}
