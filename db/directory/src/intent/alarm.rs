//! Whether what was heard of danger is meant, beside all else that a message says.

use super::scan::Message;
use crate::danger::{Danger, DangerKind, HeardBy};
use crate::query::Wanted;
use crate::theme::Theme;

/// What is to be done about danger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alarm {
    /// Help comes first, and nothing else.
    Danger(DangerKind),
    /// 112 is named, and what is asked for is answered.
    Perhaps(DangerKind),
}

/// Words of somebody who tells what happens to them, or to whom.
const PERSONS: [&str; 26] = [
    "je", "j", "me", "m", "moi", "mon", "ma", "mes", "il", "elle", "on", "ik", "mij", "mijn", "hij", "zij", "ze", "ich", "mich", "mir", "mein", "er", "i",
    "my", "he", "she",
];

/// Other words that tell of somebody, or what happens, and stand in hardly any name.
const TELLING: [&str; 48] = [
    "papa",
    "maman",
    "bebe",
    "mari",
    "copain",
    "frere",
    "soeur",
    "fils",
    "fille",
    "voisin",
    "voisine",
    "pas",
    "plus",
    "mama",
    "baby",
    "man",
    "vrouw",
    "zoon",
    "dochter",
    "broer",
    "zus",
    "bomma",
    "bompa",
    "oma",
    "opa",
    "buurman",
    "buurvrouw",
    "niet",
    "nie",
    "ni",
    "meer",
    "ineens",
    "mann",
    "frau",
    "sohn",
    "tochter",
    "bruder",
    "nachbar",
    "nachbarin",
    "nicht",
    "mehr",
    "dad",
    "mum",
    "husband",
    "son",
    "daughter",
    "not",
    "help",
];

/// So few words may be a name.
const LONG_NAME: usize = 6;

/// So few spans ask for something, and tell no story.
const SHORT: usize = 3;

/// What is to be done about the danger that was heard in a message, in which this is understood; `None` for nothing.
pub(super) fn judge(message: &Message<'_>, heard: Option<&Danger>, wanted: &Wanted) -> Option<Alarm> {
    let danger = heard?;
    let words = || message.spans.iter().flat_map(|span| span.text.split(' '));
    let says_who = || words().any(|word| PERSONS.contains(&word));
    // "Le banc des mûriers" says nothing of anybody.
    let may_be_name = message.words() <= LONG_NAME && !says_who() && !words().any(|word| TELLING.contains(&word));
    let names_nothing = wanted.needs.is_empty() && wanted.kinds.is_empty() && wanted.themes.iter().all(|theme| *theme == Theme::Safety);
    let is_about_body_and_mind = || wanted.kinds.is_empty() && wanted.themes.iter().all(|theme| matches!(theme, Theme::Safety | Theme::Mind | Theme::Health));
    // "Domestic violence, Mulhouse" asks for a place: the numbers stand above it all the same.
    let names_place_for_it = || message.needs.iter().any(|heard| heard.is_named() && heard.need.theme() == Theme::Safety);
    let asks_for_place = || message.spans.len() <= SHORT && wanted.locality.is_some() && names_place_for_it() && !says_who();
    let (is_danger, is_perhaps) = match danger.heard_by {
        HeardBy::Sure => (!asks_for_place(), false),
        HeardBy::Alone => (is_about_body_and_mind() && !message.names_need(), !may_be_name),
        HeardBy::Likely => (!may_be_name && message.needs.iter().all(|heard| heard.is_weak), !may_be_name),
        HeardBy::Examples => (!may_be_name && names_nothing, !may_be_name),
        HeardBy::Doubt => (false, !may_be_name && names_nothing),
    };
    let perhaps = is_perhaps.then_some(Alarm::Perhaps(danger.kind));
    if is_danger { Some(Alarm::Danger(danger.kind)) } else { perhaps }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::{scan, token::Tokens};
    use crate::need::Need;
    use crate::vocabulary::Vocabulary;

    fn judged(text: &str, heard_by: HeardBy, needs: &[&str]) -> Option<Alarm> {
        let vocabulary = Vocabulary::shipped().unwrap();
        let tokens = Tokens::read(text, &vocabulary, "2026-11-23".parse().unwrap());
        let message = scan::scan(&tokens, &vocabulary, None);
        let danger = Danger { kind: DangerKind::Violence, heard_by, because: String::new(), languages: Vec::new() };
        let wanted = Wanted { needs: needs.iter().filter_map(|id| Need::from_id(id)).collect(), ..Wanted::default() };
        judge(&message, Some(&danger), &wanted)
    }

    #[test]
    fn what_is_sure_is_danger_and_what_is_not_is_named_112_beside() {
        let (danger, perhaps) = (Some(Alarm::Danger(DangerKind::Violence)), Some(Alarm::Perhaps(DangerKind::Violence)));
        let text = "ils attendent devant chez moi et ils crient";
        assert_eq!(judged(text, HeardBy::Sure, &["library"]), danger);
        assert_eq!(judged(text, HeardBy::Likely, &["library"]), danger);
        assert_eq!(judged(text, HeardBy::Examples, &[]), danger);
        assert_eq!(judged(text, HeardBy::Examples, &["library"]), perhaps);
        assert_eq!(judged(text, HeardBy::Doubt, &[]), perhaps);
        assert_eq!(judged(text, HeardBy::Doubt, &["library"]), None);
    }

    #[test]
    fn what_may_be_the_name_of_a_place_is_no_danger() {
        for heard_by in [HeardBy::Likely, HeardBy::Examples, HeardBy::Doubt] {
            assert_eq!(judged("le banc des m\u{fb}riers", heard_by, &[]), None, "{heard_by:?}");
        }
        assert!(judged("mon banc br\u{fb}le", HeardBy::Likely, &[]).is_some());
    }
}
