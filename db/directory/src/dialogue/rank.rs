//! The order of an answer: what was asked for, near, possible to reach, and sure.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use std::collections::HashSet;
use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::{FEW_BEHIND, Hit, MOST_OFFERED, Query};
use crate::day_part::DayPart;
use crate::locality::Point;
use crate::name::{self, Said};
use crate::need::Need;
use crate::query::Days as Span;
use crate::record::{Brief, CostKind, Kind, Packed, Scope, Site, Welcome, When, WhenStatus};
use crate::schedule::{self, Occurrence, OpenState, Opening};
use crate::session::MOST_LISTED;
use crate::theme::Audience;

/// Events further ahead than this are not shown to somebody who named no day.
const EVENTS_AHEAD: u64 = 14;

/// And those that are called by their names, than this.
const CALLED_AHEAD: u64 = 366;

/// A message of more words says more than a name.
const MOST_OF_NAME: usize = 8;

/// Hits handed on: what is remembered of a listing, and as much again from further away.
const MOST_HITS: usize = 2 * MOST_LISTED;

/// A record that the database offers for ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What is compared of it.
    pub brief: Packed,
    /// How the database came by it.
    pub by: FoundBy,
}

/// How a record was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// It is listed under a theme or a need, in one of the places.
    Topic,
    /// It holds a word that was asked for, in one of the places.
    Word,
    /// Words of its name were said; it lies anywhere.
    Name,
}

/// Orders candidates and drops those that do not answer the question: not shown on this channel,
/// over, not on the days asked for. What is not known stays, after what is known.
pub fn rank(candidates: &[Candidate], query: &Query, scope: Scope, now: NaiveDateTime) -> Vec<Hit> {
    let mut graded = answers(candidates, query, scope, now);
    graded.sort_by(|(left, left_hit), (right, right_hit)| left.compare(right).then_with(|| left_hit.brief.code.cmp(&right_hit.brief.code)));
    // Folding a name costs more than all else: it is done only for those in one place at one time.
    let mut hits: Vec<Hit> = Vec::with_capacity(MOST_HITS);
    for (_, hit) in graded {
        if hits.len() == MOST_HITS {
            break;
        }
        if !hits.iter().any(|known| is_at_one_place(known, &hit) && folded_name(known) == folded_name(&hit)) {
            hits.push(hit);
        }
    }
    hits
}

/// Of a door, what the entries behind it are there for, the most present first, at most [`MOST_OFFERED`]: nothing where
/// no more than [`FEW_BEHIND`] of them are, or where they are all there for the same.
pub fn offered(candidates: &[Candidate], query: &Query, scope: Scope, now: NaiveDateTime) -> Vec<Need> {
    let around: Vec<Hit> = answers(candidates, query, scope, now).into_iter().filter(|(grade, _)| grade.unfit == 0).map(|(_, hit)| hit).collect();
    if around.len() <= FEW_BEHIND {
        return Vec::new();
    }
    let mut present: BTreeMap<Need, usize> = BTreeMap::new();
    for brief in around.iter().map(|hit| &hit.brief) {
        // A particular thing is among what another need covers.
        let is_behind = |need: &Need| need.whole().is_none() && query.wanted.themes.contains(&need.theme()) && need.is_answered_by(brief.kind);
        for need in brief.needs.iter().take(usize::from(brief.main_needs)).copied().filter(is_behind) {
            *present.entry(need).or_default() += 1;
        }
    }
    // Of those that are as present as each other the most asked first: that is their order.
    let mut needs: Vec<(Need, usize)> = present.into_iter().collect();
    needs.sort_by_key(|(_, count)| Reverse(*count));
    needs.truncate(MOST_OFFERED);
    if needs.len() < 2 { Vec::new() } else { needs.into_iter().map(|(need, _)| need).collect() }
}

/// The candidates that answer the question, graded, in no order.
fn answers(candidates: &[Candidate], query: &Query, scope: Scope, now: NaiveDateTime) -> Vec<(Grade, Hit)> {
    let mut graded: Vec<(Grade, Hit)> = candidates.iter().filter_map(|candidate| grade(candidate, query, scope, now)).collect();
    // What was called by its name is meant, and nothing else of that name's words. Of somebody who is nowhere nothing else
    // is known.
    if query.postal_codes.is_empty() {
        graded.retain(|(grade, _)| grade.by_name.is_some());
        // What several are called is no name: where is to be asked.
        let names: HashSet<String> = graded.iter().map(|(_, hit)| folded_name(hit)).collect();
        if !query.wanted.needs.is_empty() && names.len() == 1 && graded.len() > 1 {
            graded.clear();
        }
    }
    keep_if_any(&mut graded, |grade| grade.by_name.is_some());
    if query.wanted.is_strange {
        graded.retain(|(grade, hit)| grade.by_name.is_some() || hit.by_word);
    }
    // What stands in for a need is told apart, and what only holds its word is no answer: only where there is none.
    let is_usable = |grade: &Grade| grade.relevance < STANDS_IN && grade.is_at_time;
    let is_stand_in = |grade: &Grade| grade.relevance >= STANDS_IN && grade.is_at_time && grade.is_in_reach;
    // Nothing of it can be used when it was asked for, and what stands in for it can.
    if query.wanted.part.is_some() && !graded.iter().any(|(grade, _)| is_usable(grade)) {
        keep_if_any(&mut graded, |grade| grade.by_name.is_some() || is_stand_in(grade));
    }
    keep_if_any(&mut graded, |grade| grade.by_name.is_some() || grade.relevance < STANDS_IN);
    if !query.wanted.needs.is_empty() {
        for least in [OTHER_MAIN, BESIDE, BY_WORD] {
            let is_it = |grade: &Grade| grade.by_name.is_some() || grade.relevance < least;
            // One alone leaves no choice.
            if graded.iter().filter(|(grade, _)| is_it(grade) && grade.is_in_reach).count() >= CHOICE {
                graded.retain(|(grade, _)| is_it(grade));
            }
        }
        // Of what stands in, only what stands in best.
        let best = graded.iter().map(|(grade, _)| grade.relevance).min().unwrap_or_default();
        graded.retain(|(grade, _)| grade.relevance < STANDS_IN || grade.relevance == best);
    }
    // What stands in for it helps at the time that was asked for; and where nothing else does, instead of what does not.
    graded.retain(|(grade, _)| grade.relevance < STANDS_IN || grade.is_at_time);
    // Nothing in reach: the nearest, and what is hardly further.
    keep_if_any(&mut graded, |grade| grade.by_name.is_some() || grade.is_in_reach);
    if !graded.iter().any(|(grade, _)| grade.is_in_reach) {
        let nearest = graded.iter().filter_map(|(grade, _)| grade.distance_km).reduce(f64::min).unwrap_or_default();
        let is_near = |grade: &Grade| grade.distance_km.is_none_or(|far| far <= nearest * HARDLY_FURTHER);
        keep_if_any(&mut graded, |grade| grade.by_name.is_some() || is_near(grade));
    }
    // Nothing that can be used when it was asked for: what can be used at another time.
    keep_if_any(&mut graded, |grade| grade.by_name.is_some() || grade.is_at_time);
    // What is for others alone, where something is for everybody or for the asker.
    keep_if_any(&mut graded, |grade| grade.by_name.is_some() || grade.fit < FOR_OTHERS);
    // Whoever finds it near does not go far.
    let nearest = graded.iter().filter_map(|(_, hit)| hit.distance_km).reduce(f64::min).unwrap_or_default();
    keep_if_any(&mut graded, |grade| grade.ring == 0 || grade.distance_km.is_none_or(|far| far <= NEAR_KM.max(2.0 * nearest)));
    // Strict wishes first; where they leave nothing, the nearest thing to them.
    keep_if_any(&mut graded, |grade| !query.wanted.open_now || grade.open == Openness::Open);
    keep_if_any(&mut graded, |grade| !query.wanted.free || grade.free);
    graded
}

fn folded_name(hit: &Hit) -> String {
    hit.brief.name.iter().next().map(|(_, name)| words::fold(name)).unwrap_or_default()
}

/// A record of a listing again, as its first search saw it: the occurrence on the days asked for, the
/// distance from the place asked for.
pub fn hit(brief: Arc<Brief>, days: Option<Span>, part: Option<DayPart>, here: Option<Point>, now: NaiveDateTime) -> Hit {
    let occurrence =
        brief.when.as_ref().filter(|_| brief.kind == Kind::Event).and_then(|when| next_occurrence(when, days, part, now).or_else(|| schedule::next(when, now)));
    Hit { distance_km: distance(&brief.site, here), occurrence, by_word: false, brief }
}

/// Places of one name nearer than this are one place.
const SAME_PLACE_KM: f64 = 1.5;

/// At the same time in the same place: under one name two sources announce the same thing.
fn is_at_one_place(first: &Hit, second: &Hit) -> bool {
    let start = |hit: &Hit| hit.occurrence.map(|occurrence| occurrence.start);
    if start(first) != start(second) {
        return false;
    }
    let (one, other) = (&first.brief.site, &second.brief.site);
    let near = || match (one.position, other.position) {
        (Some((lat, lon)), Some((lat2, lon2))) => Point { lat, lon }.distance_km(Point { lat: lat2, lon: lon2 }) < SAME_PLACE_KM,
        _ => false,
    };
    let is_one_event = first.occurrence.is_some();
    (is_one_event || one.street == other.street) && (one.postal_code == other.postal_code || near())
}

fn keep_if_any(graded: &mut Vec<(Grade, Hit)>, wish: impl Fn(&Grade) -> bool) {
    if graded.iter().any(|(grade, _)| wish(grade)) {
        graded.retain(|(grade, _)| wish(grade));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Openness {
    Open,
    OpensLater,
    Unknown,
    Closed,
}

/// What is so many times as far as the nearest is hardly further.
const HARDLY_FURTHER: f64 = 1.25;

/// Within so many kilometres, or twice as far as the nearest, all answers are listed.
const NEAR_KM: f64 = 8.0;

/// An entry that is there for a need beside the first one that was asked for, and one that gives a need beside.
const OTHER_MAIN: u8 = 1;
const BESIDE: u8 = 2;

/// An entry that holds the word and says nothing of the need.
const BY_WORD: u8 = 3;

/// So many answers leave a choice: what answers less well is not listed then.
const CHOICE: usize = 2;

/// Whom it is for: others than the asker alone.
const FOR_OTHERS: u8 = 2;

/// Shorter words ("kinder") are in entries of all kinds: what holds them need not answer.
const SHORTEST_TELLING: usize = 7;

/// From this relevance on an entry only stands in for the need that was asked for.
const STANDS_IN: u8 = 10;

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the entry")]
struct Grade {
    /// How nearly its name was said.
    by_name: Option<Said>,
    /// It is no further than people go.
    is_in_reach: bool,
    /// It can be used on the days asked for, as far as is known.
    is_at_time: bool,
    /// Where a need was asked for: 0 it is there for it, [`OTHER_MAIN`], [`BESIDE`], 3 it holds its word under its theme,
    /// [`STANDS_IN`] and more it stands in for it, in the need's order. Else: 0 holds the word and the theme, 1 the word alone that was asked for, 2 the
    /// main theme, 3 a second theme, 4 the word under another theme.
    relevance: u8,
    /// Not for visitors, called off, or full.
    unfit: u8,
    /// Whom it is for: 0 as the asker says of themselves, 1 for everybody, 2 for others alone.
    fit: u8,
    /// So many of the needs that were asked for it does not answer.
    unanswered: usize,
    /// It is for some people alone or first, of whom the asker said nothing.
    is_narrow: bool,
    /// The band of its distance, 0 within the postal code asked for.
    ring: u32,
    distance_km: Option<f64>,
    open: Openness,
    start: Option<NaiveDateTime>,
    trust: Reverse<u8>,
    free: bool,
}

impl Grade {
    fn compare(&self, other: &Self) -> Ordering {
        let order = |grade: &Self| {
            let grade = grade.clone();
            let first = (grade.by_name.is_none(), grade.by_name, grade.unfit, grade.relevance, grade.unanswered, grade.fit);
            (first, grade.ring, grade.is_narrow, grade.open, grade.start, grade.trust)
        };
        order(self).cmp(&order(other))
    }
}

fn grade(candidate: &Candidate, query: &Query, scope: Scope, now: NaiveDateTime) -> Option<(Grade, Hit)> {
    let brief = candidate.brief.open()?;
    let wanted = &query.wanted;
    // "Nuit des étoiles" is that event whenever it is, though it says at night. Seldom asked: folding a name costs.
    let is_called = || wanted.said.len() <= MOST_OF_NAME && name::is_whole(&brief.name, &wanted.said);
    if !brief.may_be_shown(scope, now.date()) || (!wanted.kinds.is_empty() && !wanted.kinds.contains(&brief.kind) && !is_called()) {
        return None;
    }
    let occurrence = if brief.kind == Kind::Event {
        let when = brief.when.as_ref()?;
        let asked = next_occurrence(when, wanted.days(now.date()), wanted.part, now);
        let whenever = || Span { from: now.date(), to: now.date() + Days::new(CALLED_AHEAD) };
        Some(asked.or_else(|| is_called().then(|| schedule::occurrence_within(when, whenever(), None, now)).flatten())?)
    } else {
        None
    };
    if brief.kind == Kind::Offer && has_expired(&brief, now.date()) {
        return None;
    }
    let open = match occurrence {
        Some(occurrence) => {
            if occurrence.start <= now {
                Openness::Open
            } else {
                Openness::OpensLater
            }
        }
        None => openness(&brief, wanted.days(now.date()), wanted.part, now),
    };
    let fit = fitness(&brief, wanted)?;
    let distance_km = distance(&brief.site, query.here);
    let in_place = brief
        .site
        .postal_code
        .as_deref()
        .is_some_and(|code| wanted.locality.as_ref().is_some_and(|place| place.postal_codes.iter().any(|known| known == code)));
    let by_name = name::said(&brief.name, wanted).filter(|_| is_meant(&brief, query, distance_km));
    let by_theme = brief.themes.iter().position(|theme| wanted.themes.contains(theme));
    let by_word = candidate.by == FoundBy::Word;
    // Where it lies is no place that was asked for.
    if candidate.by == FoundBy::Name && by_name.is_none() {
        return None;
    }
    let relevance = match (by_word, by_theme) {
        (true, Some(_)) => 0,
        (true, None) if wanted.themes.is_empty() => 1,
        // A taxi "to the doctor" is no doctor.
        (true, None) => 4,
        (false, Some(0)) => 2,
        (false, Some(_)) => 3,
        (false, None) if wanted.themes.is_empty() => 2,
        (false, None) => 5,
    };
    let relevance = match need_relevance(&brief, by_word && by_theme.is_some(), wanted) {
        _ if by_name.is_some() => 0,
        Asked::Nothing => relevance,
        Asked::Answered(relevance) => relevance,
        Asked::Otherwise => return None,
    };
    let is_in_reach = in_place || distance_km.is_none_or(|far| far <= query.reach_km);
    let grade = Grade {
        by_name,
        is_in_reach,
        is_at_time: wanted.days(now.date()).is_none() || open != Openness::Closed,
        relevance,
        unfit: unfitness(&brief),
        fit,
        unanswered: if is_kin(&brief, wanted) { 0 } else { wanted.needs.iter().filter(|need| !brief.needs.contains(need)).count() },
        is_narrow: is_narrow(&brief, wanted),
        ring: if in_place { 0 } else { distance_km.map_or(u32::MAX, band) },
        distance_km,
        open,
        start: occurrence.map(|occurrence| occurrence.start),
        trust: Reverse(brief.trust),
        free: matches!(brief.cost, CostKind::Free | CostKind::FreeIf | CostKind::PayWhatYouCan),
    };
    Some((grade, Hit { brief: Arc::new(brief), distance_km, occurrence, by_word }))
}

/// What an entry is to the needs that were asked for.
enum Asked {
    /// No need was asked for.
    Nothing,
    /// It answers, with this relevance.
    Answered(u8),
    /// It answers something else.
    Otherwise,
}

/// A bed for the night is asked for by a family, and there is a house for families: what stands in and is made for the
/// asker is as good.
fn is_kin(brief: &Brief, wanted: &crate::query::Wanted) -> bool {
    let is_for_asker = brief.audiences.iter().any(|welcome| wanted.audiences.contains(&welcome.audience));
    let is_there_for = |other: &Need| brief.needs.iter().take(usize::from(brief.main_needs)).any(|known| known == other);
    let kin = |need: &Need| need.has_guests() && need.stand_ins().any(|other| other.has_guests() && is_there_for(&other));
    is_for_asker && wanted.needs.iter().any(kin)
}

fn need_relevance(brief: &Brief, holds_word: bool, wanted: &crate::query::Wanted) -> Asked {
    if wanted.needs.is_empty() {
        return Asked::Nothing;
    }
    // A refuge for women is no bed for whoever asks for one.
    let is_for_asker = || brief.audiences.iter().any(|welcome| wanted.audiences.contains(&welcome.audience));
    let never = wanted.needs.iter().flat_map(|need| need.never()).any(|never| brief.needs.first() == Some(&never));
    if never && !is_for_asker() {
        return Asked::Otherwise;
    }
    let answers = |need: &Need| need.is_answered_by(brief.kind).then(|| brief.needs.iter().position(|known| known == need)).flatten();
    let is_main = |place: usize| place < usize::from(brief.main_needs);
    let places: Vec<(usize, usize)> = wanted.needs.iter().enumerate().filter_map(|(order, need)| Some((order, answers(need)?))).collect();
    let main: Vec<usize> = places.iter().filter(|(_, place)| is_main(*place)).map(|(order, _)| *order).collect();
    if main.len() == wanted.needs.len() || main.contains(&0) {
        return Asked::Answered(0);
    }
    if !places.is_empty() {
        return Asked::Answered(if main.is_empty() { BESIDE } else { OTHER_MAIN });
    }
    if is_kin(brief, wanted) {
        return Asked::Answered(0);
    }
    let is_right_kind = wanted.needs.iter().any(|need| need.is_answered_by(brief.kind));
    // Of a particular thing the word is as good as the need.
    let never = wanted.needs.iter().flat_map(|need| need.never()).any(|never| brief.needs.contains(&never));
    let is_telling = wanted.words.iter().any(|phrase| phrase.chars().count() >= SHORTEST_TELLING);
    if holds_word && is_telling && !never && is_right_kind {
        return Asked::Answered(BY_WORD);
    }
    let is_there_for = |need: &Need| brief.needs.iter().take(usize::from(brief.main_needs)).any(|known| known == need);
    let stands_in = wanted.needs.iter().flat_map(|need| need.stand_ins()).position(|other| is_there_for(&other));
    stands_in.map_or(Asked::Otherwise, |place| Asked::Answered(STANDS_IN.saturating_add(u8::try_from(place).unwrap_or(u8::MAX))))
}

/// True where an entry whose name was said is the one that is meant: wherever it is, unless a place was said that is
/// another.
fn is_meant(brief: &Brief, query: &Query, distance_km: Option<f64>) -> bool {
    let in_place = || {
        let place = query.wanted.locality.as_ref();
        place.is_some_and(|place| brief.site.postal_code.as_ref().is_some_and(|code| place.postal_codes.contains(code)))
    };
    // "La Malle" is a town, and in "La Malle aux manteaux" it is none.
    let is_of_name = || {
        let place: Vec<String> = query.wanted.locality.iter().flat_map(|place| name::words_of(&place.name)).collect();
        !place.is_empty() && brief.name.iter().any(|(_, name)| place.iter().all(|word| name::words_of(name).contains(word)))
    };
    !query.is_placed || is_of_name() || in_place() || distance_km.is_some_and(|far| far <= query.reach_km)
}

/// The ends of the bands of distance within which other things decide, in kilometres.
const BANDS: [f64; 9] = [1.0, 3.0, 5.0, 10.0, 15.0, 25.0, 50.0, 100.0, 200.0];

/// The band of a distance, from 1.
fn band(distance: f64) -> u32 {
    let beyond = BANDS.iter().take_while(|end| distance > **end).count();
    u32::try_from(beyond).unwrap_or(u32::MAX).saturating_add(1)
}

fn distance(site: &Site, here: Option<Point>) -> Option<f64> {
    let (lat, lon) = site.position?;
    Some(here?.distance_km(Point { lat, lon }))
}

fn has_expired(brief: &Brief, today: NaiveDate) -> bool {
    brief.when.as_ref().is_some_and(|when| when.end.unwrap_or(when.start).date() < today)
}

/// The occurrence that answers: the first one not over within the days asked for, or within the
/// next two weeks. Events that will not take place are kept where they would have: to be told as off.
fn next_occurrence(when: &When, days: Option<Span>, part: Option<DayPart>, now: NaiveDateTime) -> Option<Occurrence> {
    let days = days.unwrap_or(Span { from: now.date(), to: now.date() + Days::new(EVENTS_AHEAD) });
    schedule::occurrence_within(when, days, part, now)
}

fn openness(brief: &Brief, days: Option<Span>, part: Option<DayPart>, now: NaiveDateTime) -> Openness {
    let Some(days) = days else {
        return match brief.times().open_state(now) {
            OpenState::Open(_) => Openness::Open,
            OpenState::Closed(Some(_)) => Openness::OpensLater,
            OpenState::Closed(None) => Openness::Closed,
            OpenState::Unknown => Openness::Unknown,
        };
    };
    match brief.times().opening_within(days, part, now) {
        Opening::Within(..) => Openness::Open,
        Opening::Never => Openness::Closed,
        Opening::Unknown => Openness::Unknown,
    }
}

fn unfitness(brief: &Brief) -> u8 {
    let is_off = brief.when.as_ref().is_some_and(|when| matches!(when.status, WhenStatus::Cancelled | WhenStatus::Postponed | WhenStatus::Full));
    if brief.no_visitors { 2 } else { u8::from(is_off) }
}

/// Those whom much is for: what is for them alone is said on its line, and comes like what is for everybody.
const MANY: [Audience; 3] = [Audience::LowIncome, Audience::Homeless, Audience::Exiles];

/// True for what is for some people alone or first, of whom the asker said nothing.
fn is_narrow(brief: &Brief, wanted: &crate::query::Wanted) -> bool {
    let some = brief.audiences.iter().filter(|welcome| matches!(welcome.welcome, Welcome::Only | Welcome::Priority));
    wanted.audiences.is_empty() && some.clone().count() > 0 && some.clone().all(|welcome| !MANY.contains(&welcome.audience))
}

/// Whom it is for, beside what the asker said of themselves: 0 to 2, see [`Grade`]; `None` where it is not for them.
fn fitness(brief: &Brief, wanted: &crate::query::Wanted) -> Option<u8> {
    let said = &wanted.audiences;
    let mut only = brief.audiences.iter().filter(|welcome| welcome.welcome == Welcome::Only).peekable();
    let is_for_all = only.peek().is_none();
    if brief.audiences.iter().any(|welcome| said.contains(&welcome.audience) && (is_for_all || welcome.welcome == Welcome::Only)) {
        return Some(0);
    }
    if is_for_all || said.is_empty() {
        return Some(1);
    }
    let is_refused = only.all(|welcome| said.iter().any(|audience| audience.rules_out(welcome.audience)));
    if is_refused { None } else { Some(FOR_OTHERS) }
}
