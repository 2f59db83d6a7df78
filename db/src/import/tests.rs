use std::path::Path;
use std::sync::Arc;

use directory::language::{Language, Localized};
use directory::theme::Theme;
use directory::vocabulary::Vocabulary;

use super::*;

const NOW: &str = "2026-11-23T10:00:00Z";

fn draft(id: &str, name: &str, code: &str) -> Draft {
    let mut content = Content { name: Localized::new(Language::Fr, name), themes: vec![Theme::Food], ..Content::default() };
    content.address.postal_code = Some(code.to_owned());
    Draft::new(id, Kind::Organisation, content)
}

fn feed(drafts: Vec<Draft>) -> Feed {
    Feed { drafts, ..Feed::default() }
}

struct Bench {
    store: Store,
    vocabulary: Vocabulary,
    folder: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Path::new(folder.path()).join("t.sqlite")).await.unwrap();
        Self { store, vocabulary: Vocabulary::shipped().unwrap(), folder }
    }

    /// The same database, opened by another program.
    async fn another(&self) -> Store {
        Store::open(&Path::new(self.folder.path()).join("t.sqlite")).await.unwrap()
    }

    async fn import(&self, feed: Feed, dry_run: bool, allow_drop: bool) -> Result<Report, ImportError> {
        let source = Source { name: "carte".to_owned(), format: "gogocarto", demo: false };
        let options = Options { dry_run, allow_drop, now: NOW.parse().unwrap() };
        self.store.import(&source, feed, self.vocabulary.territory(), options, |_, _| ()).await
    }
}

fn counts(report: &Report) -> [usize; 4] {
    [report.new, report.changed, report.unchanged, report.gone]
}

#[tokio::test]
async fn importing_twice_changes_nothing_the_second_time() {
    let bench = Bench::new().await;
    let three = || feed(vec![draft("a", "Le Panier", "1080"), draft("b", "La Soupe", "1030"), draft("c", "Le Frigo", "1050")]);
    assert_eq!(counts(&bench.import(three(), true, false).await.unwrap()), [3, 0, 0, 0]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 0);
    assert_eq!(counts(&bench.import(three(), false, false).await.unwrap()), [3, 0, 0, 0]);
    assert_eq!(counts(&bench.import(three(), false, false).await.unwrap()), [0, 0, 3, 0]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 3);
}

#[tokio::test]
async fn a_feed_that_lost_a_third_stops_unless_told_to_go_on() {
    let bench = Bench::new().await;
    bench.import(feed(vec![draft("a", "Le Panier", "1080"), draft("b", "La Soupe", "1030"), draft("c", "Le Frigo", "1050")]), false, false).await.unwrap();
    let shrunk = || feed(vec![draft("a", "Le Panier", "1080"), draft("b", "La Soupe", "1030")]);
    let error = bench.import(shrunk(), false, false).await.unwrap_err();
    assert!(matches!(error, ImportError::TooMuchGone { gone: 1, known: 3, .. }), "{error}");
    assert_eq!(bench.store.count_shown().await.unwrap(), 3);
    assert_eq!(counts(&bench.import(shrunk(), false, true).await.unwrap()), [0, 0, 2, 1]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 2);
    assert!(matches!(bench.import(Feed::default(), false, true).await, Err(ImportError::NothingUsable(0))));
    // What comes back is the same record again.
    let back =
        bench.import(feed(vec![draft("a", "Le Panier", "1080"), draft("b", "La Soupe", "1030"), draft("c", "Le Frigo", "1050")]), false, false).await.unwrap();
    assert_eq!(counts(&back), [0, 1, 2, 0]);
}

#[tokio::test]
async fn entries_of_the_same_name_and_place_are_missed_one_by_one() {
    let bench = Bench::new().await;
    let all = || (0..10).map(|number| draft(&format!("frigo-{number}"), "Le Frigo", "1050")).collect::<Vec<_>>();
    bench.import(feed(all()), false, false).await.unwrap();
    let error = bench.import(feed(all().split_off(6)), false, false).await.unwrap_err();
    assert!(matches!(error, ImportError::TooMuchGone { gone: 6, known: 10, .. }), "{error}");
    assert_eq!(counts(&bench.import(feed(all().split_off(6)), false, true).await.unwrap()), [0, 0, 4, 6]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 4);
}

#[tokio::test]
async fn an_entry_whose_identifier_changed_keeps_its_code() {
    let bench = Bench::new().await;
    bench.import(feed(vec![draft("groupe-a-1", "La Soupe", "1030")]), false, false).await.unwrap();
    let mut codes = Vec::new();
    bench.store.each_record(|record| codes.push(record.code)).await.unwrap();
    assert_eq!(counts(&bench.import(feed(vec![draft("groupe-b-1", "La Soupe", "1030")]), false, false).await.unwrap()), [0, 1, 0, 0]);
    let mut after = Vec::new();
    bench.store.each_record(|record| after.push(record.code)).await.unwrap();
    assert_eq!(codes, after);
}

#[tokio::test]
async fn what_is_over_does_not_hide_what_is_to_come() {
    use directory::dialogue::Query;
    use directory::intent::Wanted;
    use directory::record::{Scope, When, WhenStatus};
    let bench = Bench::new().await;
    let concert = |day: u32| {
        let mut draft = draft(&format!("c{day}"), &format!("Concert {day}"), "4960");
        let start = "2026-11-24T20:00:00".parse::<chrono::NaiveDateTime>().unwrap() + chrono::Days::new(u64::from(day));
        draft.kind = Kind::Event;
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
    };
    bench.import(feed((0..80).map(concert).collect()), false, false).await.unwrap();
    let later: DateTime<Utc> = "2027-01-28T10:00:00Z".parse().unwrap();
    bench.store.purge(later).await.unwrap();
    let query = Query {
        wanted: Wanted { kinds: vec![Kind::Event], locality: bench.vocabulary.territory().postal_code("4960"), ..Wanted::default() },
        postal_codes: vec!["4960".to_owned()],
        country: directory::phone::Country::Be,
        here: None,
        around: Arc::default(),
    };
    let found = bench.store.search(&query, None, Scope::Sms, later.naive_utc()).await.unwrap();
    assert!(found.hits.len() >= 10, "{} concerts to come", found.hits.len());
}

#[tokio::test]
async fn every_one_of_several_with_the_same_name_is_counted() {
    let bench = Bench::new().await;
    let lockers = |ids: &[&str]| feed(ids.iter().map(|id| draft(id, "Casiers", "1000")).chain([draft("z", "La Soupe", "1030")]).collect());
    assert_eq!(counts(&bench.import(lockers(&["a", "b", "c", "d", "e"]), false, false).await.unwrap()), [6, 0, 0, 0]);
    assert_eq!(counts(&bench.import(lockers(&["a"]), false, true).await.unwrap()), [0, 0, 2, 4]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 2);
}

#[tokio::test]
async fn what_another_program_imports_is_found_by_the_next_question() {
    let bench = Bench::new().await;
    let wanted = directory::intent::Wanted { themes: vec![Theme::Food], ..directory::intent::Wanted::default() };
    let country = directory::phone::Country::Be;
    let query = directory::dialogue::Query { wanted, postal_codes: vec!["1080".to_owned()], country, here: None, around: Arc::default() };
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let ours = bench.another().await;
    let ask = async || {
        let (_, edition) = ours.conversation("sms", None, now).await.unwrap();
        let found = ours.search(&query, Some(edition), directory::record::Scope::Sms, now.naive_utc()).await.unwrap();
        found.hits.iter().map(|hit| hit.brief.name(Language::Fr).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ask().await, Vec::<String>::new());
    bench.import(feed(vec![draft("a", "Le Panier", "1080")]), false, false).await.unwrap();
    assert_eq!((ask().await, ask().await), (vec!["Le Panier".to_owned()], vec!["Le Panier".to_owned()]));
    bench.import(feed(vec![draft("a", "La Louche", "1080"), draft("b", "Le Frigo", "1080")]), false, false).await.unwrap();
    let mut found = ask().await;
    found.sort();
    assert_eq!(found, ["La Louche", "Le Frigo"]);
}

#[tokio::test]
async fn what_another_program_laid_out_otherwise_is_made_again() {
    let bench = Bench::new().await;
    bench.import(feed((0..700).map(|id| draft(&id.to_string(), &format!("Panier {id}"), "1080")).collect()), false, false).await.unwrap();
    let mut codes = Vec::new();
    bench.store.each_record(|record| codes.push(record.code)).await.unwrap();
    let before = bench.store.briefs(&codes).await.unwrap();
    assert_eq!(before.len(), 700);
    for change in ["UPDATE counter SET value = value + 1 WHERE name = 'layout'", "DELETE FROM counter WHERE name = 'layout'"] {
        on!(bench.store, db => {
            sqlx::query("UPDATE brief SET packed = x'00' WHERE rank % 3 = 0").execute(db.write().await.unwrap().connection().unwrap()).await.unwrap();
            sqlx::query(change).execute(db.write().await.unwrap().connection().unwrap()).await.unwrap();
        });
        assert!(bench.store.briefs(&codes).await.is_err());
        on!(bench.store, db => {
            sqlx::query("DELETE FROM word WHERE rowid IN (SELECT rank FROM record)").execute(db.write().await.unwrap().connection().unwrap()).await.unwrap();
        });
        let renewed = bench.another().await;
        assert_eq!(renewed.briefs(&codes).await.unwrap(), before);
        let wanted = directory::intent::Wanted { words: vec!["panier 7".to_owned()], ..directory::intent::Wanted::default() };
        let country = directory::phone::Country::Be;
        let query = directory::dialogue::Query { wanted, postal_codes: vec!["1080".to_owned()], country, here: None, around: Arc::default() };
        let found = renewed.search(&query, None, directory::record::Scope::Sms, "2026-11-23T10:00:00".parse().unwrap()).await.unwrap();
        assert!(found.hits.iter().any(|hit| hit.by_word), "no word is found");
    }
}

#[tokio::test]
async fn an_index_in_pieces_becomes_one_that_finds_the_same() {
    let bench = Bench::new().await;
    for number in 0..3 {
        let name = format!("La Soupe {number}");
        let source = Source { name: format!("source {number}"), format: "gogocarto", demo: false };
        let options = Options { dry_run: false, allow_drop: false, now: NOW.parse().unwrap() };
        bench.store.import(&source, feed(vec![draft("a", &name, "1080")]), bench.vocabulary.territory(), options, |_, _| ()).await.unwrap();
    }
    let Engine::Sqlite(file) = &bench.store.engine else { panic!("a file") };
    let pieces = async || {
        let row = sqlx::query("SELECT count(DISTINCT segid) FROM word_idx").fetch_one(&mut *file.read().await.unwrap()).await.unwrap();
        sqlx::Row::get::<i64, _>(&row, 0)
    };
    let found = async || {
        let row = sqlx::query("SELECT group_concat(rowid) FROM word WHERE word MATCH '1080zsoupe'").fetch_one(&mut *file.read().await.unwrap()).await.unwrap();
        sqlx::Row::get::<Option<String>, _>(&row, 0)
    };
    let (before, all) = (pieces().await, found().await);
    assert!(before > 1, "{before}");
    assert_eq!(all.as_deref().map(|all| all.split(',').count()), Some(3));
    bench.store.merge_index().await.unwrap();
    assert_eq!(pieces().await, 1);
    assert_eq!(found().await, all);
    assert!(bench.store.check().await.unwrap().is_empty());
}
