use std::path::Path;
use std::sync::Arc;

use directory::language::{Language, Localized};
use directory::theme::Theme;
use directory::vocabulary::Vocabulary;

use super::*;

const NOW: &str = "2026-11-23T10:00:00Z";

fn draft(id: &str, name: &str, code: &str) -> Draft {
    let mut content =
        Content { name: Localized::new(Language::Fr, name), themes: vec![Theme::Food], ..Content::default() };
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
        let source = Source::new("carte", "gogocarto");
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
    let three =
        || feed(vec![draft("a", "Le Panier", "1080"), draft("b", "La Soupe", "1030"), draft("c", "Le Frigo", "1050")]);
    assert_eq!(counts(&bench.import(three(), true, false).await.unwrap()), [3, 0, 0, 0]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 0);
    assert_eq!(counts(&bench.import(three(), false, false).await.unwrap()), [3, 0, 0, 0]);
    assert_eq!(counts(&bench.import(three(), false, false).await.unwrap()), [0, 0, 3, 0]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 3);
}

#[tokio::test]
async fn a_feed_that_lost_a_third_stops_unless_told_to_go_on() {
    let bench = Bench::new().await;
    bench
        .import(
            feed(vec![draft("a", "Le Panier", "1080"), draft("b", "La Soupe", "1030"), draft("c", "Le Frigo", "1050")]),
            false,
            false,
        )
        .await
        .unwrap();
    let shrunk = || feed(vec![draft("a", "Le Panier", "1080"), draft("b", "La Soupe", "1030")]);
    let error = bench.import(shrunk(), false, false).await.unwrap_err();
    assert!(matches!(error, ImportError::TooMuchGone { gone: 1, known: 3, .. }), "{error}");
    assert_eq!(bench.store.count_shown().await.unwrap(), 3);
    assert_eq!(counts(&bench.import(shrunk(), false, true).await.unwrap()), [0, 0, 2, 1]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 2);
    assert!(matches!(bench.import(Feed::default(), false, true).await, Err(ImportError::NothingUsable(0))));
    // What comes back is the same record again.
    let back = bench
        .import(
            feed(vec![draft("a", "Le Panier", "1080"), draft("b", "La Soupe", "1030"), draft("c", "Le Frigo", "1050")]),
            false,
            false,
        )
        .await
        .unwrap();
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
    assert_eq!(
        counts(&bench.import(feed(vec![draft("groupe-b-1", "La Soupe", "1030")]), false, false).await.unwrap()),
        [0, 1, 0, 0]
    );
    let mut after = Vec::new();
    bench.store.each_record(|record| after.push(record.code)).await.unwrap();
    assert_eq!(codes, after);
}

#[tokio::test]
async fn what_is_over_does_not_hide_what_is_to_come() {
    use directory::dialogue::Query;
    use directory::query::Wanted;
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
        wanted: Wanted {
            kinds: vec![Kind::Event],
            locality: bench.vocabulary.territory().postal_code("4960"),
            ..Wanted::default()
        },
        postal_codes: vec!["4960".to_owned()],
        country: directory::phone::Country::Be,
        here: None,
        around: Arc::default(),
        areas: Arc::default(),
        reach_km: 20.0,
        is_placed: true,
    };
    let found = bench.store.search(&query, None, Scope::Sms, later.naive_utc()).await.unwrap();
    assert!(found.hits.len() >= 10, "{} concerts to come", found.hits.len());
}

#[tokio::test]
async fn every_one_of_several_with_the_same_name_is_counted() {
    let bench = Bench::new().await;
    let lockers = |ids: &[&str]| {
        feed(ids.iter().map(|id| draft(id, "Casiers", "1000")).chain([draft("z", "La Soupe", "1030")]).collect())
    };
    assert_eq!(counts(&bench.import(lockers(&["a", "b", "c", "d", "e"]), false, false).await.unwrap()), [6, 0, 0, 0]);
    assert_eq!(counts(&bench.import(lockers(&["a"]), false, true).await.unwrap()), [0, 0, 2, 4]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 2);
}

#[tokio::test]
async fn what_another_program_imports_is_found_by_the_next_question() {
    let bench = Bench::new().await;
    let wanted = directory::query::Wanted { themes: vec![Theme::Food], ..directory::query::Wanted::default() };
    let country = directory::phone::Country::Be;
    let query = directory::dialogue::Query {
        wanted,
        postal_codes: vec!["1080".to_owned()],
        country,
        here: None,
        around: Arc::default(),
        areas: Arc::default(),
        reach_km: 20.0,
        is_placed: true,
    };
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
    bench
        .import(feed(vec![draft("a", "La Louche", "1080"), draft("b", "Le Frigo", "1080")]), false, false)
        .await
        .unwrap();
    let mut found = ask().await;
    found.sort();
    assert_eq!(found, ["La Louche", "Le Frigo"]);
}

#[tokio::test]
async fn what_another_program_laid_out_otherwise_is_made_again() {
    let bench = Bench::new().await;
    bench
        .import(
            feed((0..700).map(|id| draft(&id.to_string(), &format!("Panier {id}"), "1080")).collect()),
            false,
            false,
        )
        .await
        .unwrap();
    let mut codes = Vec::new();
    bench.store.each_record(|record| codes.push(record.code)).await.unwrap();
    let before = bench.store.briefs(&codes).await.unwrap();
    assert_eq!(before.len(), 700);
    for change in
        ["UPDATE counter SET value = value + 1 WHERE name = 'layout'", "DELETE FROM counter WHERE name = 'layout'"]
    {
        on!(bench.store, db => {
            sqlx::query("UPDATE brief SET packed = x'00' WHERE rank % 3 = 0")
                .execute(db.write().await.unwrap().connection().unwrap())
                .await
                .unwrap();
            sqlx::query(change).execute(db.write().await.unwrap().connection().unwrap()).await.unwrap();
        });
        assert!(bench.store.briefs(&codes).await.is_err());
        on!(bench.store, db => {
            sqlx::query("DELETE FROM word WHERE rowid IN (SELECT rank FROM record)")
                .execute(db.write().await.unwrap().connection().unwrap())
                .await
                .unwrap();
        });
        let renewed = bench.another().await;
        assert_eq!(renewed.briefs(&codes).await.unwrap(), before);
        let wanted =
            directory::query::Wanted { words: vec!["panier 7".to_owned()], ..directory::query::Wanted::default() };
        let country = directory::phone::Country::Be;
        let query = directory::dialogue::Query {
            wanted,
            postal_codes: vec!["1080".to_owned()],
            country,
            here: None,
            around: Arc::default(),
            areas: Arc::default(),
            reach_km: 20.0,
            is_placed: true,
        };
        let found = renewed
            .search(&query, None, directory::record::Scope::Sms, "2026-11-23T10:00:00".parse().unwrap())
            .await
            .unwrap();
        assert!(found.hits.iter().any(|hit| hit.by_word), "no word is found");
    }
}

#[tokio::test]
async fn an_index_in_pieces_becomes_one_that_finds_the_same() {
    let bench = Bench::new().await;
    for number in 0..3 {
        let name = format!("La Soupe {number}");
        let source = Source::new(format!("source {number}"), "gogocarto");
        let options = Options { dry_run: false, allow_drop: false, now: NOW.parse().unwrap() };
        bench
            .store
            .import(&source, feed(vec![draft("a", &name, "1080")]), bench.vocabulary.territory(), options, |_, _| ())
            .await
            .unwrap();
    }
    let Engine::Sqlite(file) = &bench.store.engine else { panic!("a file") };
    let pieces = async || {
        let row = sqlx::query("SELECT count(DISTINCT segid) FROM word_idx")
            .fetch_one(&mut *file.read().await.unwrap())
            .await
            .unwrap();
        sqlx::Row::get::<i64, _>(&row, 0)
    };
    let found = async || {
        let row = sqlx::query("SELECT group_concat(rowid) FROM word WHERE word MATCH '1080zsoupe'")
            .fetch_one(&mut *file.read().await.unwrap())
            .await
            .unwrap();
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

/// A shelter as a partner's table could say it.
fn shelter(id: &str, street: &str) -> Draft {
    let mut draft = draft(id, "Refuge Sud", "1030");
    draft.content.themes = vec![Theme::Safety];
    draft.content.address.street = Some(street.to_owned());
    draft
}

impl Bench {
    async fn only(&self) -> directory::record::Record {
        let mut all = Vec::new();
        self.store.each_record(|record| all.push(record)).await.unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    async fn say(&self, yes: bool) -> WordSettled {
        let (waiting, _) = self.store.waiting(10).await.unwrap();
        let word = waiting.first().expect("something waits");
        let change = crate::history::Change {
            at: NOW.parse().unwrap(),
            mediator: "Ana".to_owned(),
            field: "waiting".to_owned(),
            before: String::new(),
            after: String::new(),
        };
        self.store.settle_waiting(word.code, &word.seal, yes, &change, self.vocabulary.territory()).await.unwrap()
    }

    async fn take(&self, drafts: Vec<Draft>) -> Report {
        self.import(feed(drafts), false, true).await.unwrap()
    }
}

#[tokio::test]
async fn what_a_source_says_of_a_shelter_waits_for_a_person() {
    let bench = Bench::new().await;
    assert_eq!(bench.take(vec![shelter("a", "Rue Haute")]).await.waiting, 1);
    assert_eq!(bench.only().await.status, Status::Draft);
    // Before anybody looked it may change and go and come back: it stays a draft.
    for drafts in
        [vec![shelter("a", "Rue Basse")], vec![shelter("other", "Rue Neuve")], vec![shelter("a", "Rue Basse")]]
    {
        bench.take(drafts).await;
        let mut shown = 0;
        bench.store.each_record(|record| shown += usize::from(record.status.is_shown())).await.unwrap();
        assert_eq!(shown, 0);
    }
    let bench = Bench::new().await;
    bench.take(vec![shelter("a", "Rue Haute")]).await;
    assert_eq!(bench.say(true).await, WordSettled::Kept);
    assert_eq!(bench.only().await.status, Status::Published);

    // Another door is not shown until somebody says yes; the one before is.
    let report = bench.take(vec![shelter("a", "Rue Basse")]).await;
    assert_eq!((counts(&report), report.waiting), ([0, 1, 0, 0], 1));
    let street = async || bench.only().await.content.address.street;
    assert_eq!((street().await.as_deref(), bench.only().await.status), (Some("Rue Haute"), Status::Published));
    assert_eq!(bench.take(vec![shelter("a", "Rue Basse")]).await.unchanged, 1);
    assert_eq!(bench.say(false).await, WordSettled::Kept);
    assert_eq!(bench.take(vec![shelter("a", "Rue Basse")]).await.unchanged, 1, "it was refused");
    assert_eq!(bench.store.waiting(10).await.unwrap().1, 0);
    bench.take(vec![shelter("a", "Rue Neuve")]).await;
    assert_eq!(bench.say(true).await, WordSettled::Kept);
    assert_eq!(street().await.as_deref(), Some("Rue Neuve"));

    // What leads nowhere else is taken at once, and what comes back as it was.
    let mut dearer = shelter("a", "Rue Neuve");
    dearer.content.cost.cents = Some(500);
    assert_eq!(bench.take(vec![dearer.clone()]).await.waiting, 0);
    assert_eq!(bench.only().await.content.cost.cents, Some(500));
    bench.take(vec![draft("z", "La Soupe", "1030")]).await;
    assert_eq!(bench.take(vec![dearer, draft("z", "La Soupe", "1030")]).await.waiting, 0);

    // Nor does an entry of another theme become a shelter by itself.
    let mut soup = draft("z", "La Soupe", "1030");
    soup.content.themes = vec![Theme::Food, Theme::Safety];
    assert_eq!(bench.take(vec![soup]).await.waiting, 1);
}

#[tokio::test]
async fn a_source_is_trusted_as_its_operator_says_and_verifies_nothing() {
    let bench = Bench::new().await;
    let boasts = |days: i64| {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let evidence = EVIDENCE.map(ToOwned::to_owned).into_iter().chain(["label".to_owned()]).collect();
        let confirmed_on = Some(now.date_naive() + chrono::Duration::days(days));
        Draft { trust: 3, confirmed_on, evidence, ..draft("a", "Le Panier", "1080") }
    };
    bench.take(vec![boasts(0)]).await;
    let record = bench.only().await;
    assert_eq!((record.trust.level, record.trust.evidence.as_slice()), (0, ["label".to_owned()].as_slice()));
    let today = NOW.parse::<DateTime<Utc>>().unwrap().date_naive();
    let shown = directory::record::Brief::from(&record).shown_freshness(today);
    assert_eq!(shown, directory::record::Shown::SourceOf(today));
    let report = bench.take(vec![boasts(40)]).await;
    assert_eq!((report.warnings.len(), report.warnings[0].field.as_str()), (1, "confirmed_on"));
    assert_eq!(bench.only().await.freshness.confirmed_on, None);

    let trusted = Source { trust: 9, ..Source::new("carte", "gogocarto") };
    let options = Options { dry_run: false, allow_drop: true, now: NOW.parse().unwrap() };
    bench
        .store
        .import(&trusted, feed(vec![boasts(0)]), bench.vocabulary.territory(), options, |_, _| ())
        .await
        .unwrap();
    assert_eq!(bench.only().await.trust.level, MOST_OF_A_SOURCE);
    let own = Source::new(OWN_SOURCE, "csv");
    let refused =
        bench.store.import(&own, feed(vec![boasts(0)]), bench.vocabulary.territory(), options, |_, _| ()).await;
    assert!(matches!(refused, Err(ImportError::OwnName)));
}

#[tokio::test]
async fn a_source_that_drops_an_entry_does_not_show_again_what_a_person_hid() {
    let bench = Bench::new().await;
    let window = |drafts: Vec<Draft>| Feed { coverage: Coverage::Window, ..feed(drafts) };
    bench.import(window(vec![draft("a", "Le Panier", "1080")]), false, false).await.unwrap();
    let record = bench.only().await;
    let (mut hidden, version) = bench.store.record_to_change(record.code).await.unwrap().unwrap();
    let now = NOW.parse().unwrap();
    assert!(hidden.correct(
        directory::record::STATUS,
        serde_json::json!("suspended"),
        &record.content,
        "mediator",
        now
    ));
    bench.store.correct(&hidden, version, &[], bench.vocabulary.territory(), now).await.unwrap();
    bench.import(window(vec![draft("b", "La Soupe", "1030")]), false, true).await.unwrap();
    assert_eq!(bench.store.record(record.code).await.unwrap().unwrap().status, Status::Suspended);
    assert_eq!(bench.store.count_shown().await.unwrap(), 1);
}

#[tokio::test]
async fn what_a_person_changes_while_a_source_is_written_is_theirs() {
    let bench = Bench::new().await;
    let three = |street: &str| {
        let here = |id| {
            let mut draft = draft(id, &format!("Panier {id}"), "1080");
            draft.content.address.street = Some(street.to_owned());
            draft
        };
        feed(["a", "b", "c"].map(here).into())
    };
    bench.import(three("Rue Haute"), false, false).await.unwrap();
    let mut first = Vec::new();
    bench.store.each_record(|record| first.push(record)).await.unwrap();
    let (code, word) = (first[0].code, first[0].content.clone());
    let (store, vocabulary) = (bench.another().await, Vocabulary::shipped().unwrap());
    let now: DateTime<Utc> = NOW.parse().unwrap();
    // Told when everything is written aside, a person changes one entry: it takes no lock to do so.
    let correct = || {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
                    let (mut record, version) = store.record_to_change(code).await.unwrap().unwrap();
                    assert!(record.correct(
                        "name",
                        serde_json::json!({ "fr": "Panier d'Ana" }),
                        &word,
                        "mediator",
                        now
                    ));
                    assert_eq!(
                        store.correct(&record, version, &[], vocabulary.territory(), now).await.unwrap(),
                        crate::correction::Corrected::Kept
                    );
                });
            });
        });
    };
    let source = Source::new("carte", "gogocarto");
    let options = Options { dry_run: false, allow_drop: false, now };
    let report = bench
        .store
        .import(&source, three("Rue Basse"), bench.vocabulary.territory(), options, |_, _| correct())
        .await
        .unwrap();
    assert_eq!(report.warnings.len(), 1, "{report:?}");
    let record = bench.store.record(code).await.unwrap().unwrap();
    assert_eq!(
        (record.name(Language::Fr), record.content.address.street.as_deref()),
        ("Panier d'Ana", Some("Rue Haute"))
    );
    // The next reading takes what is left.
    assert_eq!(counts(&bench.import(three("Rue Basse"), false, false).await.unwrap()), [0, 1, 2, 0]);
    let record = bench.store.record(code).await.unwrap().unwrap();
    assert_eq!(
        (record.name(Language::Fr), record.content.address.street.as_deref()),
        ("Panier d'Ana", Some("Rue Basse"))
    );
    assert!(bench.store.check().await.unwrap().is_empty());
}
