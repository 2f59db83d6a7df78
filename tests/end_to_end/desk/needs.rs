//! The needs of an entry at the desk: shown with who says them, corrected without scripts, kept whatever its source says.

use axum::http::StatusCode;
use db::mediator::Role;
use directory::code::Code;
use gateway::desk::Settings;
use harness::demo::Demo;
use harness::desk::{Page, Visitor, desk};

/// A desk with somebody at it, on the demo territory.
struct Bench {
    demo: Demo,
    ana: Visitor,
}

impl Bench {
    async fn new() -> Self {
        let demo = Demo::new().await.unwrap();
        let router = desk(&demo.engine, Settings::default());
        let ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
        Self { demo, ana }
    }

    /// Sends the form of an entry with these fields changed.
    async fn correct(&mut self, code: &str, changed: &[(&str, &str)]) -> Page {
        let path = format!("/record/{code}/edit");
        let form = super::together::form(&self.ana.get(&path).await.text);
        let kept = form.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        let fields: Vec<(&str, &str)> = kept.chain(changed.iter().copied()).collect();
        self.ana.post(&path, &fields).await
    }

    /// The same, where it is kept; the entry's page then.
    async fn keep(&mut self, code: &str, changed: &[(&str, &str)]) -> String {
        let kept = self.correct(code, changed).await;
        assert_eq!(kept.leads_to, Some(format!("/record/{code}")), "{}", kept.text);
        self.ana.get(&format!("/record/{code}")).await.text
    }

    async fn needs(&self, code: &str) -> Vec<&'static str> {
        let record = self.demo.engine.store.record(Code::parse(code).unwrap()).await.unwrap().unwrap();
        record.content.all_needs(record.kind).0.into_iter().map(directory::need::Need::id).collect()
    }

    /// The entries that a message lists.
    async fn lists(&self, text: &str) -> Vec<String> {
        let listed = self.demo.text("+32470000001", text).await.unwrap().answer.records();
        listed.iter().map(ToString::to_string).collect()
    }
}

fn part<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split_once(from).unwrap_or_else(|| panic!("no {from} in {page}")).1.split(to).next().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn needs_are_shown_with_the_words_that_said_them_and_corrected() {
    let mut bench = Bench::new().await;
    let fields = [
        ("kind", "service"),
        ("name", "Douches et bagagerie"),
        ("short", "Épicerie sociale."),
        ("theme_1", "wash"),
        ("postal_code", "1030"),
        ("phone", "02 555 01 99"),
    ];
    let added = bench.ana.post("/add", &fields).await;
    let code = added.leads_to.unwrap_or_else(|| panic!("{}", added.text)).rsplit('/').next().unwrap().to_owned();
    let page = bench.ana.get(&format!("/record/{code}")).await.text;
    let shown = part(&page, "<dt>Besoins</dt>", "</dd>");
    assert!(shown.contains("<strong>Prendre une douche</strong>") && shown.contains("à cause de : « Douches »"), "{shown}");
    assert!(shown.contains("« Épicerie sociale »"), "with accents: {shown}");
    let before = bench.needs(&code).await;
    assert!(before.contains(&"shower") && before.contains(&"luggage-storage"), "{before:?}");

    // A word that no need is called: told beside the field with the nearest one; what was typed stays, nothing is kept.
    let told = bench.correct(&code, &[("need_off", "luggage-storage"), ("need_add", "dentiste, repas chuad"), ("phone", "02 555 01 00")]).await;
    assert_eq!(told.status, StatusCode::OK);
    let wrong = part(&told.text, "id=\"need_add-wrong\">", "</p>");
    assert!(wrong.contains("repas chuad") && wrong.contains("Manger un repas chaud"), "{wrong}");
    assert!(told.text.contains("value=\"dentiste, repas chuad\"") && told.text.contains("aria-invalid=\"true\""), "{}", told.text);
    assert!(told.text.contains("value=\"luggage-storage\" checked") && told.text.contains("02 555 01 00"), "{}", told.text);
    assert_eq!(bench.needs(&code).await, before);
    // What this kind of entry never gives.
    let fields = [("kind", "resource"), ("name", "Perceuse"), ("theme_1", "goods"), ("postal_code", "1030"), ("phone", "02 555 01 98")];
    let drill = bench.ana.post("/add", &fields).await.leads_to.unwrap().rsplit('/').next().unwrap().to_owned();
    let told = bench.correct(&drill, &[("need_add", "dentiste")]).await;
    assert!(part(&told.text, "id=\"need_add-wrong\">", "</p>").contains("Voir un dentiste"), "{}", told.text);

    // In any language, by label or phrase or identifier.
    let page = bench.keep(&code, &[("need_off", "luggage-storage"), ("need_off", "social-grocery"), ("need_add", "dentiste, Warme maaltijd, laundry")]).await;
    assert!(part(&page, "<dt>Besoins</dt>", "</dd>").contains("fixé à la main"), "{page}");
    let mut after = bench.needs(&code).await;
    after.sort_unstable();
    assert_eq!(after, ["dentist", "hot-meal", "laundry", "shower"]);
    assert!(bench.lists("dentiste 1030").await.contains(&code));
    assert!(!bench.lists("bagagerie 1030").await.contains(&code));
    let page = bench.ana.get(&format!("/record/{code}/edit")).await.text;
    let form = part(&page, "<legend>Besoins", "</fieldset>");
    assert!(form.contains("corrigé ici") && form.contains("Laisser mes bagages en sécurité"), "{form}");
    assert!(part(&page, "<tbody>", "</tbody>").contains("Voir un dentiste"), "the history speaks of labels: {page}");
    assert!(!part(&page, "<datalist", "</datalist>").contains("Prendre une douche"), "what is there is not offered");

    // All of them off: no word adds any; then back to what the words say.
    let off: Vec<(&str, &str)> = after.iter().map(|id| ("need_off", *id)).collect();
    let page = bench.keep(&code, &off).await;
    assert!(part(&page, "<dt>Besoins</dt>", "</dd>").contains("aucun besoin connu"), "{page}");
    assert!(!bench.lists("douche 1030").await.contains(&code));
    bench.keep(&code, &[("needs_back", "1")]).await;
    assert_eq!(bench.needs(&code).await, before);
    let history = bench.demo.engine.store.history(Code::parse(&code).unwrap()).await.unwrap();
    assert_eq!(history.iter().filter(|change| change.field == "needs").count(), 3, "{history:?}");
    assert_eq!(history[0].before, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reading_of_the_source_again_undoes_no_need_set_by_hand() {
    let mut bench = Bench::new().await;
    let code = bench.lists("repas chaud 1030").await[0].clone();
    let page = bench.ana.get(&format!("/record/{code}")).await.text;
    assert!(part(&page, "<dt>Besoins</dt>", "</dd>").contains("dit par la source"), "{page}");
    let before = bench.needs(&code).await;
    bench.keep(&code, &[("need_off", "hot-meal"), ("need_add", "Zahnarzt")]).await;
    let by_hand = bench.needs(&code).await;
    assert!(by_hand.contains(&"dentist") && !by_hand.contains(&"hot-meal"), "{by_hand:?}");
    bench.demo.clock.advance(chrono::Duration::minutes(5));
    gateway::demo::load(bench.demo.place.address(), bench.demo.clock.as_ref(), |_, _| ()).await.unwrap();
    assert_eq!(bench.needs(&code).await, by_hand);
    assert!(bench.lists("dentiste 1030").await.contains(&code));
    // Two at once: what the first set is not undone by the second, who only adds.
    let path = format!("/record/{code}/edit");
    let stale = super::together::form(&bench.ana.get(&path).await.text);
    bench.keep(&code, &[("need_add", "laundry")]).await;
    let fields: Vec<(&str, &str)> = stale.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("need_add", "douche")]).collect();
    let told = bench.ana.post(&path, &fields).await;
    assert!(told.status == StatusCode::OK && told.text.contains("value=\"douche\""), "{}", told.text);
    bench.keep(&code, &[("need_add", "douche")]).await;
    let all = bench.needs(&code).await;
    assert!(all.contains(&"laundry") && all.contains(&"shower") && all.contains(&"dentist"), "{all:?}");
    bench.keep(&code, &[("needs_back", "1")]).await;
    assert_eq!(bench.needs(&code).await, before);
}
