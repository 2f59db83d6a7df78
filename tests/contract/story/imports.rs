//! Imports: new, changed, unchanged, moved, gone, stopped, interrupted.

use chrono::NaiveDateTime;
use db::history::Change;
use db::import::{ImportError, Options, Report, Source};
use directory::draft::{Coverage, Draft, Feed};
use directory::language::{Language, Localized};
use directory::phone::{Country, Phone};
use directory::record::{Contact, Content, For, Kind, Welcome, When, WhenStatus};
use directory::theme::{Audience, Theme};
use directory::vocabulary::Vocabulary;

use super::Story;

/// Names that two engines could cut or fold differently.
pub const NAMES: [&str; 16] = [
    "L'Îlot Vert – n°5",
    "حمّام السوق 24",
    "C++ für Anfänger",
    "ΖΩΗ ζωής οδός",
    "Ⓐ Ⓚüche ﬁn ½ №7",
    "İstanbul ıŞık",
    "Straße STRASSE œuvre",
    "สวนครัว ข้าวต้ม",
    "图书馆 学校",
    "𝔖uppe 𐐀𐐨 🙂",
    "µ-Café ſoupe Ωhm",
    "aa_bb-cc.dd/e\\f\"g'hh",
    "3D 2e 1er 007 ٣٤",
    "& | ! :* <-> AND OR NOT NEAR",
    "Բարև ქართული ᲥᲐᲠ Ꭰꭰ",
    "zz1030 ttfood",
];

pub async fn import_all(story: &mut Story) {
    let all = || (0..NAMES.len()).map(entry).collect::<Vec<_>>();
    import(story, "dry run", Run { dry: true, ..Run::of(all()) }).await;
    import(story, "new", Run::of(all())).await;
    story.look("after the first import").await;
    import(story, "unchanged", Run::of(all())).await;
    import(story, "changed", Run::of(all().into_iter().map(|draft| Draft { trust: 2, confirmed_on: Some(story.now.date_naive()), ..draft }).collect())).await;
    let moved = |draft: Draft| Draft { source_id: format!("moved-{}", draft.source_id), ..draft };
    import(story, "moved to other identifiers", Run::of(all().into_iter().map(moved).collect())).await;
    import(story, "too much gone", Run::of(all().into_iter().take(4).map(moved).collect())).await;
    import(story, "told to go on", Run { drop: true, ..Run::of(all().into_iter().take(14).map(moved).collect()) }).await;
    import(story, "come back", Run::of(all().into_iter().map(moved).collect())).await;
    import(story, "nothing usable", Run::of(Vec::new())).await;
    let window = |drafts: Vec<Draft>| Run { source: "agenda", coverage: Coverage::Window, drop: true, ..Run::of(drafts) };
    import(story, "a window", window((1..=12).map(event).collect())).await;
    import(story, "a window moves on", window((3..=14).map(event).collect())).await;
    import(story, "edges", Run { source: "edges", licence: Some("CC\0 0"), ..Run::of(edges()) }).await;
    import(story, "edges again", Run { source: "edges", licence: Some("CC\0 0"), ..Run::of(edges()) }).await;
    story.look("after the imports").await;
    story.note("index merged", story.store.merge_index().await);
    story.look("after the index was merged").await;

    waiting(story).await;
    let many: Vec<Draft> = (0..1_200).map(|number| draft(&format!("m{number}"), &format!("Atelier {number}"), "4570", Theme::Learn)).collect();
    interrupted(story, Feed { drafts: many.clone(), ..Feed::default() }).await;
    story.note("shown after the interruption", story.store.count_shown().await);
    import(story, "done after the interruption", Run { source: "many", ..Run::of(many) }).await;
    story.note("shown", story.store.count_shown().await);
    story.note("invented", story.store.has_demo().await);
}

/// What sources say of shelters waits until somebody has looked at it.
async fn waiting(story: &mut Story) {
    let shelter = |id: &str, phone: &str| {
        let mut draft = draft(id, &format!("Refuge {id}"), "1030", Theme::Safety);
        draft.content.contacts.extend(Phone::parse(phone, Country::Be).map(Contact::phone));
        draft
    };
    let shelters = |phone: &str| Run { source: "refuges", drop: true, ..Run::of(["a", "b", "c"].into_iter().map(|id| shelter(id, phone)).collect()) };
    let change = Change { at: story.now, mediator: "Ana".to_owned(), field: "waiting".to_owned(), before: String::new(), after: "yes".to_owned() };
    let says = async |story: &mut Story, number: usize, yes: bool| {
        let (waiting, count) = story.store.waiting(50).await.unwrap();
        story.note("waiting", (&waiting, count));
        if let Some(word) = waiting.get(number) {
            let territory = story.vocabulary.territory();
            let other = story.store.settle_waiting(word.code, "0", yes, &change, territory).await;
            let said = story.store.settle_waiting(word.code, &word.seal, yes, &change, territory).await;
            story.note("said", (other, said));
        }
    };
    import(story, "shelters", shelters("02 555 01 10")).await;
    says(story, 0, true).await;
    says(story, 0, true).await;
    import(story, "shelters elsewhere", shelters("02 555 01 11")).await;
    says(story, 0, true).await;
    says(story, 0, false).await;
    says(story, 0, true).await;
    import(story, "shelters again", shelters("02 555 01 11")).await;
    import(story, "shelters gone", Run { source: "refuges", drop: true, ..Run::of(vec![shelter("d", "02 555 01 12")]) }).await;
    import(story, "shelters back", shelters("02 555 01 11")).await;
    says(story, 9, true).await;
    story.look("after the shelters").await;
}

struct Run {
    source: &'static str,
    drafts: Vec<Draft>,
    coverage: Coverage,
    licence: Option<&'static str>,
    dry: bool,
    drop: bool,
}

impl Run {
    fn of(drafts: Vec<Draft>) -> Self {
        Self { source: "carte", drafts, coverage: Coverage::Whole, licence: None, dry: false, drop: false }
    }
}

async fn import(story: &mut Story, step: &str, run: Run) {
    let feed = Feed { drafts: run.drafts, coverage: run.coverage, licence: run.licence.map(ToOwned::to_owned), ..Feed::default() };
    let source = Source::new(run.source, "csv");
    let options = Options { dry_run: run.dry, allow_drop: run.drop, now: story.now };
    let done: Result<Report, ImportError> = story.store.import(&source, feed, story.vocabulary.territory(), options, |_, _| ()).await;
    match &done {
        Ok(_) => {}
        Err(error) => assert!(!matches!(error, ImportError::Store(_)), "{}: {step}: {error}", story.place.engine()),
    }
    story.note(step, done);
}

/// Drops an import in the middle of its transaction.
async fn interrupted(story: &mut Story, feed: Feed) {
    let (place, now) = (std::sync::Arc::clone(&story.store), story.now);
    // It dies at a place of its own choice: somebody who only stops waiting for it may come when all is committed.
    let import = tokio::spawn(async move {
        let (source, vocabulary) = (Source::new("many", "csv"), Vocabulary::shipped().unwrap());
        let options = Options { dry_run: false, allow_drop: false, now };
        place.import(&source, feed, vocabulary.territory(), options, |_, _| panic!("interrupted, as the story wants it")).await
    });
    assert!(import.await.is_err_and(|error| error.is_panic()), "not interrupted");
}

pub fn draft(id: &str, name: &str, code: &str, theme: Theme) -> Draft {
    let mut content = Content { name: Localized::new(Language::Fr, name), themes: vec![theme], ..Content::default() };
    content.address.postal_code = Some(code.to_owned());
    Draft::new(id, Kind::Organisation, content)
}

fn entry(number: usize) -> Draft {
    let codes = ["1000", "1030", "4560", "5590"];
    let mut draft = draft(&format!("e{number}"), NAMES[number], codes[number % codes.len()], Theme::ALL[number % Theme::ALL.len()]);
    draft.kind = [Kind::Organisation, Kind::Place, Kind::Service, Kind::Resource][number % 4];
    if number.is_multiple_of(3) {
        draft.content.audiences = vec![For { audience: Audience::Women, welcome: Welcome::Priority }];
    }
    if number.is_multiple_of(5) {
        draft.content.address.area = vec!["be".to_owned()];
    }
    if number.is_multiple_of(7) {
        draft.content.terms = vec!["yoga".to_owned(), "Kleiderkammer".to_owned()];
    }
    draft
}

fn event(day: u32) -> Draft {
    let mut draft = draft(&format!("v{day}"), &format!("Concert du jour {day}"), "1030", Theme::Social);
    draft.kind = Kind::Event;
    let start: NaiveDateTime = format!("2026-11-{:02}T20:00:00", 15 + day).parse().unwrap();
    draft.content.when = Some(When {
        start,
        end: None,
        all_day: false,
        zone: "Europe/Brussels".to_owned(),
        rrule: None,
        rdate: Vec::new(),
        exdate: Vec::new(),
        status: WhenStatus::Scheduled,
    });
    draft
}

/// What no honest feed holds: NUL, endless identifiers and words, no place, no theme, an empty name.
fn edges() -> Vec<Draft> {
    let mut placeless = draft("placeless", "Nulle part", "1030", Theme::Food);
    placeless.content.address.postal_code = None;
    let mut themeless = draft("themeless", "Sans thème", "1030", Theme::Food);
    themeless.content.themes = Vec::new();
    let mut long_text = draft("long-text", "Long", "1030", Theme::Food);
    long_text.content.short = Localized::new(Language::Fr, (0..2_000).map(|number| format!("mot{number}")).collect::<Vec<_>>().join(" "));
    vec![
        draft("nul\0in the identifier", "Un\0deux", "1030", Theme::Food),
        draft(&random_letters(5_000), "Identifiant sans fin", "1030", Theme::Food),
        draft("long-word", &format!("Sans{} fin", random_letters(5_000)), "1030", Theme::Food),
        draft("long-arabic", &"ح".repeat(3_000), "1030", Theme::Food),
        draft("long-code", "Code", &"1030".repeat(2_000), Theme::Food),
        draft("odd-code", "Code étrange", "B-1030\0 É", Theme::Food),
        draft("", "", "1030", Theme::Food),
        placeless,
        themeless,
        long_text,
    ]
}

/// Letters that no compression makes short.
fn random_letters(count: usize) -> String {
    let mut state: u32 = 7;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + u8::try_from((state >> 16) % 26).unwrap())
    };
    (0..count).map(|_| next()).collect()
}
