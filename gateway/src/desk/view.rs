//! Records in words, for a list and in full.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use directory::answer::{Card, What};
use directory::code::Code;
use directory::dialogue::{self, Hit, Manner, Setting, Whole};
use directory::language::Language;
use directory::query::Wanted;
use directory::record::{Content, Cost, Kind, NeedOrigin, Record, Shown, Status};
use printer::phrases::SlipWords as Full;
use printer::slip_language::SlipLanguage;

use super::Desk;
use super::page::Page;
use application::say::Words;

/// What a list says of a record.
pub(super) struct Row {
    pub(super) code: Code,
    pub(super) name: String,
    pub(super) coming: String,
    pub(super) practical: String,
    pub(super) what: String,
    pub(super) freshness: String,
    pub(super) is_doubtful: bool,
    pub(super) is_demo: bool,
}

/// A need of a record.
pub(super) struct NeedRow {
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    /// Who says it, with the words that did.
    pub(super) why: String,
    pub(super) is_beside: bool,
}

/// The needs of what a record says, in the mediator's language, those first that it is there for.
pub(super) fn need_rows(content: &Content, kind: Kind, page: &Page) -> Vec<NeedRow> {
    let why = |origin: &NeedOrigin, term: Option<&str>| match (origin, term) {
        (NeedOrigin::Source, _) => page.say("need-source"),
        (NeedOrigin::Mapped, Some(term)) => page.with("need-mapped", "what", term),
        (NeedOrigin::Mapped, None) => page.say("need-by-terms"),
        (NeedOrigin::Inferred(because), _) => page.with("need-because", "words", content.as_written(because)),
        (NeedOrigin::Mediator, _) => page.say("need-by-hand"),
    };
    let rows = content.told_needs(kind).into_iter().map(|told| {
        let why = why(&told.origin, content.term_of(told.need));
        let why = if told.is_beside { format!("{} · {why}", page.say("need-beside")) } else { why };
        NeedRow { id: told.need.id(), label: told.need.long(page.language), why, is_beside: told.is_beside }
    });
    rows.collect()
}

/// A record in full, one idea a line.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) coming: String,
    pub(super) what: Option<String>,
    pub(super) short: Option<String>,
    pub(super) hours: Vec<String>,
    pub(super) address: String,
    pub(super) phone: Option<(String, String)>,
    pub(super) cost: Option<String>,
    /// Whom alone it is for, and how one gets in.
    pub(super) restriction: Option<String>,
    pub(super) conditions: Option<String>,
    pub(super) hint: Option<String>,
    pub(super) freshness: String,
    pub(super) themes: Vec<String>,
    pub(super) is_demo: bool,
    pub(super) status: Status,
}

impl Desk {
    pub(super) fn local(&self) -> DateTime<Tz> {
        self.now().with_timezone(&self.engine.zone)
    }

    pub(super) fn setting(&self, now: DateTime<Tz>) -> Setting<'_> {
        let engine = &self.engine;
        Setting { vocabulary: &engine.vocabulary, now, desk: engine.desk.as_ref(), calls_back: false, home: engine.home.as_ref(), manner: Manner::default() }
    }

    pub(super) fn words(&self, language: Language, today: NaiveDate) -> Words<'_> {
        Words { catalogue: &self.engine.catalogue, language, today }
    }

    fn full(&self, language: Language, today: NaiveDate) -> Full<'_> {
        Full { phrases: &self.slips, language: SlipLanguage::from(language), today }
    }

    /// A record in a list.
    pub(super) fn row(&self, hit: &Hit, wanted: &Wanted, setting: &Setting<'_>, language: Language) -> Row {
        let brief = &hit.brief;
        let words = self.words(language, setting.now.date_naive());
        let coming = dialogue::coming(hit, wanted, setting);
        let distance = hit.distance_km.and_then(|distance| self.full(language, words.today).distance(distance));
        let place = [brief.site.street.clone(), brief.site.postal_code.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        // In full words: no letter of a text message has to be saved here.
        let full = self.full(language, words.today);
        let cost = full.cost(&Cost { kind: brief.cost, cents: brief.cents, ..Cost::default() });
        let place = Some(place).filter(|place| !place.is_empty());
        let practical = [place, distance, cost, full.only_for(&brief.only_for()), full.way_in(brief.way_in)];
        let what = hit.is_a(wanted).or_else(|| brief.themes.first().copied().map(What::Theme));
        let shown = brief.shown_freshness(words.today);
        Row {
            code: brief.code,
            name: brief.name(language).to_owned(),
            coming: words.coming(&coming),
            practical: practical.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            what: what.map(|what| full.what_short(what, &self.engine.vocabulary)).unwrap_or_default(),
            freshness: words.freshness(shown),
            is_doubtful: matches!(shown, Shown::Doubtful | Shown::Stale(_) | Shown::Unverified),
            is_demo: brief.demo,
        }
    }

    /// A record in full.
    pub(super) fn sheet(&self, record: &Arc<Record>, language: Language) -> Sheet {
        let now = self.local();
        let setting = self.setting(now);
        let here = self.engine.home.as_ref().and_then(|home| self.engine.vocabulary.territory().point(home.country, home.postal_codes.first()?));
        let Whole { hit, record } = Whole::of(Arc::clone(record), here, now.naive_local());
        let Card { entry, short, street, locality, hint, hours, conditions, phone, .. } = dialogue::card(&hit, &record, &setting, language);
        let words = self.full(language, now.date_naive());
        let only_for = hit.brief.only_for();
        let restriction = [words.only_for(&only_for), words.way_in(entry.way_in)];
        let how = record.trust.how.as_deref().filter(|_| matches!(entry.shown, Shown::Verified(_)));
        Sheet {
            name: entry.name.clone(),
            coming: self.words(language, now.date_naive()).coming(&entry.coming),
            what: entry.what.map(|what| words.what(what, &self.engine.vocabulary)),
            short,
            hours: words.hours(&hours),
            address: [street, locality].into_iter().flatten().collect::<Vec<_>>().join(", "),
            phone: phone.map(|phone| (phone.as_str().to_owned(), phone.national())),
            cost: words.cost(&entry.cost),
            restriction: restriction.into_iter().flatten().reduce(|who, how| format!("{who} · {how}")),
            conditions,
            hint,
            freshness: words.freshness(entry.shown, how),
            themes: record.content.themes.iter().map(|theme| self.engine.vocabulary.label(*theme, language).to_owned()).collect(),
            is_demo: record.demo,
            status: record.status,
        }
    }
}
