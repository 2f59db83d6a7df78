//! Answers for the screen, in words.

use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime};
use chrono_tz::Tz;
use db::{Store, StoreError};
use directory::answer::{Coming, Off, What};
use directory::code::Code;
use directory::dialogue::{Found, Hit, Query, Setting, Whole, card, coming};
use directory::locality::{Locality, Point};
use directory::query::{Days, Wanted};
use directory::record::{AccessMode, Brief, Cost, Kind, Precision, Record, Scope, Shown};
use directory::vocabulary::Vocabulary;
use printer::phrases::{SlipPhrase, SlipWords};
use printer::slip_language::SlipLanguage;

use crate::app::{Behind, Detail, DirectoryAnswer, DirectoryQuery, Item};
use crate::phrases::KioskPhrases;

/// Minutes for a kilometre on foot, streets being longer than straight lines.
const MINUTES_A_KILOMETRE: f64 = 16.0;

/// Further than this nobody walks.
const FARTHEST_WALK: f64 = 30.0;

/// What answering needs.
#[derive(Debug)]
pub(super) struct Queries {
    pub(super) store: Arc<Store>,
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) phrases: Arc<KioskPhrases>,
    pub(super) home: Locality,
    /// Where the kiosk stands, where the settings say it: only then it speaks of minutes.
    pub(super) here: Option<Point>,
    pub(super) zone: Tz,
    /// The name of the kiosk's place.
    pub(super) place: String,
}

impl Queries {
    /// What a place says of itself, at this moment.
    pub(super) fn setting(&self, now: DateTime<Tz>) -> Setting<'_> {
        Setting { vocabulary: &self.vocabulary, now, desk: None, calls_back: false, home: Some(&self.home), manner: directory::dialogue::Manner::default() }
    }

    /// Answers a question.
    pub(super) async fn answer(&self, query: DirectoryQuery, language: SlipLanguage, now: DateTime<Tz>) -> Result<DirectoryAnswer, StoreError> {
        match query {
            DirectoryQuery::Card(code) => self.card(code, language, now).await,
            DirectoryQuery::Door { door, part, open_only } => {
                let themes = self.vocabulary.doors().get(door).map(|door| door.themes.clone()).unwrap_or_default();
                let wanted = Wanted { themes, open_now: open_only, ..Wanted::default() };
                match part {
                    Behind::First if !open_only => self.door(wanted, language, now).await,
                    Behind::First | Behind::Everything => self.list(wanted, language, now).await,
                    Behind::Need(need) => self.list(wanted.for_need(need), language, now).await,
                }
            }
            DirectoryQuery::Day(day) => {
                let wanted = Wanted { kinds: vec![Kind::Event], when: Some(Days { from: day, to: day }), ..Wanted::default() };
                self.list(wanted, language, now).await
            }
            DirectoryQuery::Near => self.list(Wanted { open_now: true, ..Wanted::default() }, language, now).await,
        }
    }

    /// The entries behind a door or, where they are many, the needs that they are there for.
    async fn door(&self, wanted: Wanted, language: SlipLanguage, now: DateTime<Tz>) -> Result<DirectoryAnswer, StoreError> {
        let query = self.query(wanted);
        let found = self.store.behind_door(&query, None, Scope::Kiosk, now.naive_local()).await?;
        Ok(if found.needs.is_empty() { self.items(&found, &query.wanted, language, now) } else { DirectoryAnswer::Needs(found.needs) })
    }

    async fn list(&self, wanted: Wanted, language: SlipLanguage, now: DateTime<Tz>) -> Result<DirectoryAnswer, StoreError> {
        let query = self.query(wanted);
        let found = self.store.search(&query, None, Scope::Kiosk, now.naive_local()).await?;
        Ok(self.items(&found, &query.wanted, language, now))
    }

    fn items(&self, found: &Found, wanted: &Wanted, language: SlipLanguage, now: DateTime<Tz>) -> DirectoryAnswer {
        let setting = self.setting(now);
        DirectoryAnswer::List(found.hits.iter().map(|hit| self.item(hit, wanted, language, &setting)).collect())
    }

    /// What is looked for around the kiosk.
    fn query(&self, wanted: Wanted) -> Query {
        let wanted = Wanted { locality: Some(self.home.clone()), ..wanted };
        let centre = || self.vocabulary.territory().point(self.home.country, self.home.postal_codes.first()?);
        let around = self.home.postal_codes.first().map(|code| self.vocabulary.territory().around(self.home.country, code, 10.0, 20)).unwrap_or_default();
        let mut postal_codes = self.home.postal_codes.clone();
        postal_codes.extend(around.iter().filter(|code| !self.home.postal_codes.contains(code)).cloned());
        Query {
            postal_codes,
            country: self.home.country,
            here: self.here.or_else(centre),
            around: around.into(),
            areas: Arc::default(),
            reach_km: 10.0,
            is_placed: true,
            wanted,
        }
    }

    fn item(&self, hit: &Hit, wanted: &Wanted, language: SlipLanguage, setting: &Setting<'_>) -> Item {
        let brief = &hit.brief;
        let words = self.words(language, setting.now.naive_local());
        let minutes = self.minutes(hit);
        let way = minutes.map(|minutes| self.phrases.with(language, "on-foot", &[("minutes", &minutes.to_string())]));
        let place = [brief.site.street.clone(), brief.site.postal_code.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let cost = words.cost(&Cost { kind: brief.cost, cents: brief.cents, ..Cost::default() });
        let practical = [way, Some(place).filter(|place| !place.is_empty()), cost].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let only_for = if brief.is_sensitive() { Vec::new() } else { brief.only_for() };
        // What is invented says so wherever it is shown.
        let demo = if brief.demo { format!("{} ", words.say(SlipPhrase::Demo)) } else { String::new() };
        Item {
            code: brief.code,
            name: format!("{demo}{}", brief.name(language.record_language())),
            // The heading says it of what was chosen.
            what: what(hit, wanted, language, setting)
                .filter(|what| !wanted.needs.iter().any(|need| *what == What::Need(*need)))
                .map(|what| words.what_short(what, setting.vocabulary)),
            restriction: [words.only_for(&only_for), words.way_in(brief.way_in)].into_iter().flatten().reduce(|who, how| format!("{who} · {how}")),
            status: self.status(coming(hit, wanted, setting), &words),
            practical,
            picture: brief.themes.first().and_then(|theme| super::drawing(theme.id())),
            minutes,
        }
    }

    fn words(&self, language: SlipLanguage, now: NaiveDateTime) -> SlipWords<'_> {
        SlipWords { phrases: self.phrases.slips(), language, today: now.date() }
    }

    fn minutes(&self, hit: &Hit) -> Option<u16> {
        self.here?;
        let is_exact = !matches!(hit.brief.site.precision, None | Some(Precision::Locality | Precision::Area));
        let minutes = (hit.distance_km.filter(|_| is_exact)? * MINUTES_A_KILOMETRE).ceil();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nought and thirty")]
        (0.0..=FARTHEST_WALK).contains(&minutes).then_some(minutes as u16)
    }

    /// When one can come.
    fn status(&self, coming: Coming, words: &SlipWords<'_>) -> String {
        let language = words.language;
        let say = |key| self.phrases.say(language, key);
        match coming {
            Coming::OpenUntil(Some(end)) => self.phrases.with(language, "open-until", &[("hour", &words.until(end))]),
            Coming::OpenUntil(None) => say("open"),
            Coming::Opens(start) => {
                let hour = words.hour(start.time(), false);
                let when = match (start.date() - words.today).num_days() {
                    0 => self.phrases.with(language, "today-at", &[("hour", &hour)]),
                    1 => self.phrases.with(language, "tomorrow-at", &[("hour", &hour)]),
                    _ => self.phrases.with(language, "day-at", &[("day", &words.weekday_and_day(start.date(), false)), ("hour", &hour)]),
                };
                self.phrases.with(language, "opens", &[("when", &when)])
            }
            Coming::Closed => say("closed"),
            Coming::At { start, all_day } => words.moment(start, all_day),
            Coming::Off(off) => words.say(match off {
                Off::Cancelled => SlipPhrase::Cancelled,
                Off::Postponed => SlipPhrase::Postponed,
                Off::Full => SlipPhrase::Full,
                Off::NotForVisitors => SlipPhrase::PhoneFirst,
            }),
            Coming::AskByPhone => words.say(SlipPhrase::HoursByPhone),
            Coming::Unknown => words.say(SlipPhrase::HoursUnknown),
        }
    }

    async fn card(&self, code: Code, language: SlipLanguage, now: DateTime<Tz>) -> Result<DirectoryAnswer, StoreError> {
        let Some(record) = self.store.record(code).await? else { return Ok(DirectoryAnswer::Trouble) };
        if !Brief::from(record.as_ref()).may_be_shown(Scope::Kiosk, now.date_naive()) {
            return Ok(DirectoryAnswer::Trouble);
        }
        let setting = self.setting(now);
        let Whole { hit, record } = Whole::of(record, self.here, now.naive_local());
        let item = self.item(&hit, &Wanted::default(), language, &setting);
        let lines = self.lines(&hit, &record, language, &setting);
        Ok(DirectoryAnswer::Card(Box::new(Detail { item, lines })))
    }

    /// One idea a line, what matters most first.
    fn lines(&self, hit: &Hit, record: &Record, language: SlipLanguage, setting: &Setting<'_>) -> Vec<String> {
        let words = self.words(language, setting.now.naive_local());
        let card = card(hit, record, setting, language.record_language());
        let address = [card.street.clone(), card.locality.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let walks_in = || record.content.access.modes.contains(&AccessMode::WalkIn).then(|| words.say(SlipPhrase::WalkIn));
        let access = words.way_in(card.entry.way_in).or_else(walks_in);
        let how = record.trust.how.as_deref().filter(|_| matches!(card.entry.shown, Shown::Verified(_)));
        let what = what(hit, &Wanted::default(), language, setting).map(|what| words.what(what, setting.vocabulary));
        let mut lines: Vec<String> = what.into_iter().chain(words.hours(&card.hours)).collect();
        lines.push(address);
        lines.extend(card.phone.as_ref().map(|phone| words.one(SlipPhrase::Phone, "phone", &phone.national())));
        lines.extend(words.cost(&card.entry.cost));
        lines.extend(words.only_for(&card.entry.only_for));
        lines.extend(access);
        lines.extend(card.conditions.as_ref().map(|text| words.one(SlipPhrase::Conditions, "text", text)));
        lines.extend(card.hint.as_ref().map(|text| words.one(SlipPhrase::Way, "text", text)));
        lines.push(words.freshness(card.entry.shown, how));
        lines.extend(card.short);
        lines.retain(|line| !line.trim().is_empty());
        lines
    }
}

/// What it is, where its name does not say it: whoever reads Arabic does not read it in a French name.
fn what(hit: &Hit, wanted: &Wanted, language: SlipLanguage, setting: &Setting<'_>) -> Option<What> {
    if language == SlipLanguage::Ar { hit.is_a(wanted) } else { hit.what(wanted, setting.vocabulary, language.record_language()) }
}
