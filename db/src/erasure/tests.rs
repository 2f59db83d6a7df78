use std::path::Path;

use directory::code::Code;
use directory::draft::{Draft, Feed};
use directory::language::{Language, Localized};
use directory::phone::{Country, Phone};
use directory::record::{Consent, Contact, Content, Kind as Of, Scope};
use directory::theme::Theme;
use directory::vocabulary::Vocabulary;

use super::*;
use crate::correction::Corrected;
use crate::import::{Options, Report, Source};

const NAMES: [&str; 4] = ["zorgvliet Ines qx", "Le Panier", "La Soupe", "Le Frigo"];

fn now() -> DateTime<Utc> {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn draft(id: &str, name: &str) -> Draft {
    let mut content =
        Content { name: Localized::new(Language::Fr, name), themes: vec![Theme::Food], ..Content::default() };
    content.address.postal_code = Some("1030".to_owned());
    content.contacts = vec![Contact::phone(Phone::parse("+32470123456", Country::Be).unwrap())];
    Draft::new(id, Of::Organisation, content)
}

fn drafts() -> Vec<Draft> {
    NAMES.iter().zip(["ines-1", "b", "c", "d"]).map(|(name, id)| draft(id, name)).collect()
}

struct Bench {
    store: Store,
    vocabulary: Vocabulary,
    folder: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("t.sqlite")).await.unwrap();
        Self { store, vocabulary: Vocabulary::shipped().unwrap(), folder }
    }

    async fn import(&self, drafts: Vec<Draft>) -> Report {
        let source = Source::new("carte", "csv");
        let options = Options { dry_run: false, allow_drop: true, now: now() };
        let report = self
            .store
            .import(&source, Feed { drafts, ..Feed::default() }, self.vocabulary.territory(), options, |_, _| ())
            .await;
        report.unwrap()
    }

    /// The code of the entry with that name.
    async fn code(&self, name: &str) -> Option<Code> {
        let mut found = None;
        self.store
            .each_record(|record| found = found.or((record.name(Language::Fr) == name).then_some(record.code)))
            .await
            .unwrap();
        found
    }
}

/// True where some file of the folder holds it.
fn is_on_disk(folder: &Path, needle: &str) -> bool {
    let holds = |file: &Path| std::fs::read(file).unwrap().windows(needle.len()).any(|part| part == needle.as_bytes());
    std::fs::read_dir(folder).unwrap().any(|file| holds(&file.unwrap().path()))
}

#[tokio::test]
async fn an_erased_entry_is_gone_from_the_disk_and_no_import_brings_it_back() {
    let bench = Bench::new().await;
    bench.import(drafts()).await;
    let code = bench.code(NAMES[0]).await.unwrap();
    let (record, version) = bench.store.record_to_change(code).await.unwrap().unwrap();
    let change = Change {
        at: now(),
        mediator: "Ana".to_owned(),
        field: "name".to_owned(),
        before: "zorgvliet before".to_owned(),
        after: "zorgvliet after".to_owned(),
    };
    assert_eq!(
        bench.store.correct(&record, version, &[change], bench.vocabulary.territory(), now()).await.unwrap(),
        Corrected::Kept
    );
    // Others have the same number: it is looked for in what was hers alone.
    let hers = ["zorgvliet", "orgvliet", "ines-1"];
    assert!(hers.iter().all(|needle| is_on_disk(bench.folder.path(), needle)));
    assert!(bench.store.erase_entry(&record.id, "Ana", now()).await.unwrap());
    assert!(!bench.store.erase_entry(&record.id, "Ana", now()).await.unwrap(), "once");
    for needle in hers {
        assert!(!is_on_disk(bench.folder.path(), needle), "{needle} is still on the disk");
    }
    let left = bench.store.record(code).await.unwrap().unwrap();
    assert_eq!((left.erased_on(), left.phone()), (Some(now().date_naive()), None));
    assert_eq!(bench.store.words_of_sources(code).await.unwrap(), []);
    let history: Vec<(String, String)> =
        bench.store.history(code).await.unwrap().into_iter().map(|change| (change.before, change.after)).collect();
    assert_eq!(history, [(String::new(), WITHDRAWN.to_owned()), (String::new(), String::new())]);
    assert_eq!(bench.store.count_shown().await.unwrap(), 3);

    // Its source lists it again: as it was, changed, and under another identifier.
    let mut again = drafts();
    again[0].content.short = Localized::new(Language::Fr, "de retour");
    let mut moved = drafts();
    "ines-2".clone_into(&mut moved[0].source_id);
    for listed in [drafts(), again, moved] {
        let report = bench.import(listed).await;
        assert_eq!((report.new, report.changed, report.unchanged, report.gone, report.refused.len()), (0, 0, 3, 0, 1));
        assert_eq!((bench.store.count_shown().await.unwrap(), bench.code(NAMES[0]).await), (3, None));
        assert!(!is_on_disk(bench.folder.path(), "zorgvliet"));
    }
    // And then no more: nothing is missed, nothing closed twice.
    let report = bench.import(drafts().split_off(1)).await;
    assert_eq!((report.unchanged, report.gone, report.refused.len()), (3, 0, 0));
    // A source cannot take the place of what was erased.
    let mut forged = drafts().split_off(1);
    forged.push(draft(&mark("carte", "ines-1"), "zorgvliet again"));
    assert_eq!(
        (bench.import(forged).await.refused.len(), bench.store.record(code).await.unwrap().unwrap().erased_on()),
        (1, Some(now().date_naive()))
    );
}

#[tokio::test]
async fn who_took_their_agreement_back_long_ago_is_erased_by_the_next_purge() {
    let bench = Bench::new().await;
    let content = Content {
        name: Localized::new(Language::Fr, "zorgvliet Ines"),
        themes: vec![Theme::Papers],
        ..Content::default()
    };
    let change = |field: &str| Change {
        at: now(),
        mediator: "Ana".to_owned(),
        field: field.to_owned(),
        before: String::new(),
        after: String::new(),
    };
    let territory = bench.vocabulary.territory();
    let code =
        bench.store.add_by_hand(Draft::new("desk-1", Of::Person, content), &change("added"), territory).await.unwrap();
    let agree = async |withdrawn_on| {
        let (mut record, version) = bench.store.record_to_change(code).await.unwrap().unwrap();
        let from = now().date_naive();
        record.consent = Some(Consent {
            given: "paper".to_owned(),
            to: "mediator".to_owned(),
            scopes: vec![Scope::Sms],
            from,
            until: None,
            withdrawn_on,
            proof: None,
        });
        bench.store.correct(&record, version, &[change("consent")], territory, now()).await.unwrap();
    };
    agree(None).await;
    assert_eq!(bench.store.purge(now()).await.unwrap().withdrawn, 0);
    assert!(is_on_disk(bench.folder.path(), "zorgvliet"));
    // As a program of before did it.
    agree(Some(now().date_naive())).await;
    assert_eq!(bench.store.purge(now()).await.unwrap().withdrawn, 1);
    assert!(!is_on_disk(bench.folder.path(), "zorgvliet"), "she is still on the disk");
    assert_eq!(bench.store.purge(now()).await.unwrap().withdrawn, 0);
}
