//! Why a message is understood as it is: for whoever adds words or examples.

use chrono::NaiveDate;
use serde::Serialize;

use super::act::Act;
use super::{Tokens, readable, resemble, scan};
use crate::danger;
use crate::query::Wanted;
use crate::session::Session;
use crate::vocabulary::{Meaning, Vocabulary};

/// What speaks for a need, a theme, an act or a danger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// What it speaks for: `need:hot-meal`, `theme:food`, `act:offer`, `danger:fire`.
    pub of: String,
    /// The words that say it, folded.
    pub words: String,
    /// How likely the examples make it, between 0 and 1; `None` where words name it, and of danger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likely: Option<f64>,
}

impl Reason {
    fn named(of: String, words: &str) -> Self {
        Self { of, words: words.to_owned(), likely: None }
    }

    fn resembled(of: String, words: &[&str], likely: f32) -> Self {
        // Two digits tell enough.
        Self { of, words: words.join(" "), likely: Some((f64::from(likely) * 100.0).round() / 100.0) }
    }
}

/// What lists of words and examples say of a text that was understood as looking for this. What a conversation makes
/// likelier counts as far as `session` says.
pub fn because(text: &str, wanted: Option<&Wanted>, session: &Session, vocabulary: &Vocabulary, today: NaiveDate) -> Vec<Reason> {
    let text = readable(text);
    let tokens = Tokens::read(text, vocabulary, today);
    let message = scan::scan(&tokens, vocabulary, session.language);
    let folded = words::fold(text);
    let resembled = resemble::Resembled::new(&folded, session);
    let mut reasons: Vec<Reason> = Vec::new();
    if let Some(danger) = danger::hear(text).danger {
        reasons.push(Reason::named(format!("danger:{}", danger.kind.id()), &danger.because));
    }
    let guessed = wanted.iter().flat_map(|wanted| &wanted.needs).filter(|need| !message.needs.iter().any(|heard| heard.need == **need));
    for need in guessed {
        let likely = resembled.needs_of(need.theme()).into_iter().find(|(known, _)| known == need).map_or(0.0, |(_, likely)| likely);
        reasons.push(Reason::resembled(format!("need:{}", need.id()), &[], likely));
    }
    for heard in &message.needs {
        reasons.push(Reason::named(format!("need:{}", heard.need.id()), message.text.get(heard.start..heard.end).unwrap_or_default()));
    }
    for span in message.spans.iter().filter(|span| span.is_theme()) {
        let themes = span.senses().iter().filter(|sense| sense.languages.contains(message.language));
        reasons.extend(themes.filter_map(|sense| match sense.meaning {
            Meaning::Theme { theme, .. } => Some(Reason::named(format!("theme:{}", theme.id()), span.text)),
            _ => None,
        }));
    }
    for theme in wanted.map(|wanted| wanted.themes.as_slice()).unwrap_or_default() {
        reasons.push(Reason::resembled(format!("theme:{}", theme.id()), &resembled.reasons_of_theme(*theme), resembled.likely_about(*theme)));
    }
    let (act, likely) = resembled.act();
    let words = if act == Act::Search { Vec::new() } else { resembled.reasons_of_act(act) };
    reasons.push(Reason::resembled(format!("act:{}", act.label()), &words, likely));
    reasons
}
