//! One record of a slip.

use directory::answer::{Card, Coming, Off, What};
use directory::dialogue::{Whole, card};
use directory::query::Wanted;
use directory::record::{AccessMode, Shown};

use super::Block;
use super::page::SlipPage;
use crate::phrases::SlipPhrase;
use crate::slip_language::SlipLanguage;
use crate::wrap::inseparable;

pub(super) fn write(number: u8, whole: &Whole, block: &Block<'_>, page: &mut SlipPage) {
    let words = &block.words;
    let Whole { hit, record } = whole;
    let card = card(hit, record, block.setting, words.language.record_language());
    if let Some(theme) = record.main_theme().filter(|_| block.is_first && !block.is_discreet) {
        page.picture(theme, words.phrases.label(words.language, theme, block.setting.vocabulary).into_owned());
    }
    // What is invented says so wherever it is shown.
    let name = if record.demo { format!("{} {}", words.say(SlipPhrase::Demo), card.entry.name) } else { card.entry.name.clone() };
    page.high(&format!("{number}. {name}"));
    if let Some(what) = what(whole, &card, block) {
        page.say(&capital(&words.what(what, block.setting.vocabulary)));
    }
    where_it_is(&card, page);
    if let Coming::Off(off) = card.entry.coming {
        page.say(&words.say(match off {
            Off::Cancelled => SlipPhrase::Cancelled,
            Off::Postponed => SlipPhrase::Postponed,
            Off::Full => SlipPhrase::Full,
            Off::NotForVisitors => SlipPhrase::PhoneFirst,
        }));
    }
    for hours in words.hours(&card.hours) {
        page.say(&capital(&hours));
    }
    let walks_in = || record.content.access.modes.contains(&AccessMode::WalkIn).then(|| words.say(SlipPhrase::WalkIn));
    let access = words.way_in(card.entry.way_in).or_else(walks_in);
    let terms = card.entry.cost.text.best(words.language.record_language()).map(str::to_owned);
    page.facts([words.cost(&card.entry.cost), terms, words.only_for(&card.entry.only_for), access].into_iter().flatten());
    if let Some(conditions) = &card.conditions {
        page.say(&words.one(SlipPhrase::Conditions, "text", conditions));
    }
    if let Some(phone) = &card.phone {
        let phone = inseparable(&phone.national());
        // Where the text runs the other way the number has a line of its own, in the printer's own letters: anybody
        // can read it.
        if page.is_mirrored() {
            page.say(&words.one(SlipPhrase::Phone, "phone", ""));
            page.high(&phone);
        } else {
            page.high(&words.one(SlipPhrase::Phone, "phone", &phone));
        }
    }
    if let Some(hint) = &card.hint {
        page.say(&words.one(SlipPhrase::Way, "text", hint));
    }
    let how = record.trust.how.as_deref().filter(|_| matches!(card.entry.shown, Shown::Verified(_)));
    let distance = card.entry.distance_km.and_then(|distance| words.distance(distance));
    // The code is the same in every language.
    let code = block.is_first.then(|| words.one(SlipPhrase::Code, "code", card.entry.code.as_str()));
    page.facts([Some(words.freshness(card.entry.shown, how)), distance, code].into_iter().flatten());
}

/// What it is, where the name does not say it and no picture does.
fn what(whole: &Whole, card: &Card, block: &Block<'_>) -> Option<What> {
    // Whoever reads Arabic does not read it in a French name.
    let what = if block.words.language == SlipLanguage::Ar { whole.hit.is_a(&Wanted::default()) } else { card.entry.what };
    let is_pictured = |what: &What| block.is_first && matches!(what, What::Theme(theme) if whole.record.main_theme() == Some(*theme));
    what.filter(|what| !block.is_discreet && !is_pictured(what))
}

/// The address as on an envelope, which a postman anywhere can read.
fn where_it_is(card: &Card, page: &mut SlipPage) {
    match (&card.street, &card.locality) {
        (Some(street), Some(locality)) => page.say(&format!("{street}, {locality}")),
        (Some(place), None) | (None, Some(place)) => page.say(place),
        (None, None) => {}
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
