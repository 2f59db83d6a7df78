//! Which theme is meant, and how sure that is: what the words of a message name weighs together with what the whole of it
//! resembles.
//!
//! The weights are those of a multinomial logistic regression over the themes, fitted to the open messages of
//! `tests/understanding/everyday.jsonl` and to examples that were not learnt from: of five parts, each read with the
//! weights of the four others, 90 % are right, where what is named alone has 84 % and what is resembled 82 %.

use super::resemble::Resembled;
use super::scan::Message;
use super::subject::{self, put_first};
use crate::need::Need;
use crate::query::Wanted;
use crate::theme::Theme;
use crate::vocabulary::Meaning;

/// What a theme's likeness weighs, by its logarithm.
const LIKENESS: f32 = 0.86;
const LEAST_LIKENESS: f32 = 1e-4;

/// What it weighs that words name a theme first, alone in a short message, or behind others.
const FIRST: f32 = 1.54;
const FIRST_ALONE: f32 = 1.5;
const BEHIND: f32 = 0.2;

/// What it weighs that a need of the theme is named first, or at all, or that words only point to one.
const NEED: f32 = 0.14;
const NAMED: f32 = 1.1;
const WEAK: f32 = 0.3;

/// What a strong word of the theme weighs.
const STRONG: f32 = 0.4;

/// What weighs for nothing being looked for.
const NOTHING: f32 = 0.03;

/// In a story, words that name something weigh less, by so much each.
const TOLD_FIRST: f32 = 1.2;
const TOLD_NEED: f32 = 0.45;
const TOLD_STRONG: f32 = 0.35;
const TOLD_NOTHING: f32 = 0.26;

/// A message of so many words tells a story; one of so many says just what is wanted.
const STORY: usize = 9;
const JUST: usize = 3;

/// From here on a theme that no word names is meant.
const LIKELY: f32 = 0.4;

/// So unlikely, what is named beside the first theme is not looked for too.
const UNLIKELY: f32 = 0.06;

/// So unlikely, what few words name first is not what is meant.
const HARDLY: f32 = 0.1;

/// So unsure, the first theme is asked for; shorter messages are answered.
const DOUBTFUL: f32 = 0.3;
const TOLD: usize = 5;

/// At most so many needs are asked about.
const MOST_ASKED: usize = 3;

/// A need of a theme that is so likely is the one.
const LIKELY_NEED: f32 = 0.5;

/// How likely each theme is, together with none of them 1.
#[derive(Debug)]
struct Weighed {
    none: f32,
    themes: Vec<(Theme, f32)>,
}

impl Weighed {
    fn new(message: &Message<'_>, resembled: &Resembled<'_>, wanted: &Wanted) -> Self {
        let told = if message.words() >= STORY { 1.0 } else { 0.0 };
        let likeness = |likely: f32| LIKENESS * likely.max(LEAST_LIKENESS).ln();
        let named: Vec<Theme> = message.needs.iter().filter(|heard| heard.is_named()).map(|heard| heard.need.theme()).collect();
        let strong = strong_themes(message);
        let when = |is: bool, weight: f32| if is { weight } else { 0.0 };
        let weigh = |theme: Theme| {
            let is_first = wanted.themes.first() == Some(&theme);
            let is_needed = named.first() == Some(&theme);
            likeness(resembled.likely_about(theme))
                + when(is_first, FIRST - told * TOLD_FIRST)
                + when(is_first && wanted.themes.len() == 1 && message.words() <= JUST, FIRST_ALONE)
                + when(wanted.themes.iter().skip(1).any(|other| *other == theme), BEHIND)
                + when(is_needed, NEED - told * TOLD_NEED)
                + when(named.contains(&theme), NAMED)
                + when(message.needs.iter().any(|heard| heard.is_weak && heard.need.theme() == theme), WEAK)
                + when(strong.contains(&theme), STRONG - told * TOLD_STRONG)
        };
        let mut likely: Vec<f32> = Theme::ALL.iter().map(|theme| weigh(*theme)).collect();
        likely.push(likeness(resembled.likely_about_nothing()) + NOTHING - told * TOLD_NOTHING);
        words::learnt::pieces::make_likelihoods(&mut likely);
        Self { none: likely.pop().unwrap_or_default(), themes: Theme::ALL.iter().copied().zip(likely).collect() }
    }

    fn of(&self, theme: Theme) -> f32 {
        self.themes.iter().find(|(known, _)| *known == theme).map_or(0.0, |(_, likely)| *likely)
    }

    fn first(&self) -> Option<(Theme, f32)> {
        self.themes.iter().copied().max_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}

/// The themes that strong words name in the language of the message.
fn strong_themes(message: &Message<'_>) -> Vec<Theme> {
    let senses = message.spans.iter().flat_map(super::scan::Span::senses).filter(|sense| sense.languages.contains(message.language));
    let themes = senses.filter_map(|sense| match sense.meaning {
        Meaning::Theme { theme, weak: false } => Some(theme),
        _ => None,
    });
    themes.collect()
}

/// Puts first what is meant, drops what is hardly meant too, and takes the need that a story resembles where its words name
/// none. The needs to ask about where all of that is a guess: then `wanted` stays as it was.
pub(super) fn settle(message: &Message<'_>, resembled: &Resembled<'_>, wanted: &mut Wanted) -> Vec<Need> {
    if message.words() == 0 {
        return Vec::new();
    }
    let weighed = Weighed::new(message, resembled, wanted);
    let Some((theme, likely)) = weighed.first() else { return Vec::new() };
    let is_told = message.words() >= TOLD;
    // What is on at the weekend is more than outings; who says for whom alone is shown what there is for them.
    let says_enough = || (!wanted.kinds.is_empty() && theme == Theme::Social) || (!wanted.audiences.is_empty() && !is_told);
    let is_meant = if wanted.themes.is_empty() { likely >= LIKELY && (is_told || wanted.kinds.is_empty()) && !says_enough() } else { likely >= weighed.none };
    if !is_meant {
        return Vec::new();
    }
    if !wanted.themes.is_empty() && is_told && likely < DOUBTFUL {
        return asked(&weighed, resembled);
    }
    // Few words mean what they say, unless that is hardly likely; a word or two always do, and those that name a need.
    let means_it = |named: Theme| !is_told && (weighed.of(named) >= HARDLY || message.words() <= JUST || message.names_need());
    if wanted.themes.first().is_none_or(|named| *named != theme && !means_it(*named)) {
        turn_to(message, theme, wanted);
    }
    let theme = wanted.themes.first().copied().unwrap_or(theme);
    let is_hardly_meant = |other: Theme| other != theme && message.words() >= JUST && resembled.likely_about(other) < UNLIKELY;
    let dropped: Vec<Theme> = wanted.themes.iter().copied().filter(|other| is_hardly_meant(*other)).collect();
    wanted.themes.retain(|other| !dropped.contains(other));
    wanted.needs.retain(|need| !dropped.contains(&need.theme()));
    // What is meant first is looked for first.
    if wanted.needs.iter().any(|need| need.theme() == theme) {
        wanted.needs.sort_by_key(|need| need.theme() != theme);
    } else if wanted.needs.is_empty() && is_told && wanted.kinds.is_empty() {
        wanted.needs.extend(likely_need(resembled, theme));
    }
    Vec::new()
}

/// What is looked for under another theme than what the words name first: needs of it, where any is heard.
fn turn_to(message: &Message<'_>, theme: Theme, wanted: &mut Wanted) {
    put_first(theme, wanted);
    let is_named = message.needs.iter().any(|heard| heard.is_named() && heard.need.theme() == theme);
    if !is_named {
        wanted.words.clear();
    }
    subject::read_needs(message, wanted);
    put_first(theme, wanted);
    wanted.needs.retain(|need| wanted.themes.contains(&need.theme()));
}

/// The need of a theme that a message resembles, where it is likelier than all others of the theme together.
fn likely_need(resembled: &Resembled<'_>, theme: Theme) -> Option<Need> {
    resembled.need_of(theme).filter(|(_, likely)| *likely >= LIKELY_NEED).map(|(need, _)| need)
}

/// The needs to ask about: the likeliest of each of the likeliest themes.
fn asked(weighed: &Weighed, resembled: &Resembled<'_>) -> Vec<Need> {
    let mut themes = weighed.themes.clone();
    themes.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    themes.into_iter().filter_map(|(theme, _)| resembled.need_of(theme)).map(|(need, _)| need).take(MOST_ASKED).collect()
}
