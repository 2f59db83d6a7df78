//! A house or a service near by for who is in danger: named after the numbers, where it is open.

use super::{Found, Hit, Lookup, Setting, listing, query};
use crate::answer::{Coming, Sentence};
use crate::danger::DangerKind;
use crate::language::Language;
use crate::need::Need;
use crate::query::Wanted;
use crate::session::Session;

/// The needs that such a house or service answers, by the kind of danger; none where only an ambulance or firemen help.
fn needs(kind: Option<DangerKind>) -> Vec<Need> {
    let ids: &[&str] = match kind {
        Some(DangerKind::ViolenceHome | DangerKind::Stalking | DangerKind::ForcedMarriage) => &["women-refuge", "violence-home"],
        Some(DangerKind::SexualViolence) => &["sexual-violence"],
        Some(DangerKind::Suicide) => &["crisis-mental"],
        Some(DangerKind::ChildAbuse) => &["child-abuse"],
        Some(DangerKind::Runaway) => &["youth-shelter"],
        Some(DangerKind::Trafficking) => &["trafficking"],
        Some(DangerKind::Cold) => &["night-shelter", "warm-place"],
        Some(DangerKind::Fire | DangerKind::Gas | DangerKind::Poisoning | DangerKind::Medical | DangerKind::Violence) | None => &[],
    };
    ids.iter().copied().filter_map(Need::from_id).collect()
}

/// What is looked up for a message in danger. Where somebody else reads along, nothing beside the numbers is named.
pub(super) fn lookup(wanted: &Wanted, session: &Session, setting: &Setting<'_>) -> Lookup {
    let needs = needs(wanted.danger);
    if needs.is_empty() || wanted.asks_silence {
        return Lookup::None;
    }
    let (locality, guesses_place) = (wanted.locality.clone(), wanted.guesses_place);
    let themes = needs.first().map(|need| need.theme()).into_iter().collect();
    query(&Wanted { themes, needs, locality, guesses_place, ..Wanted::default() }, session, setting, false)
}

/// The nearest of what was found that is there for this danger and open now.
pub(super) fn nearest(wanted: &Wanted, found: &Found, setting: &Setting<'_>, language: Language) -> Option<Sentence> {
    let needs = needs(wanted.danger);
    let is_open = |hit: &&Hit| matches!(listing::coming(hit, &Wanted::default(), setting), Coming::OpenUntil(_));
    let helps = |hit: &&Hit| needs.iter().any(|need| hit.brief.needs.contains(need));
    let hit = found.hits.iter().filter(helps).find(is_open).filter(|_| !wanted.asks_silence)?;
    Some(Sentence::Refuge { name: hit.brief.name(language).to_owned(), code: hit.brief.code })
}
