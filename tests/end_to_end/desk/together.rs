//! Several people at the desk at once, and what they leave to the others.

use axum::http::StatusCode;
use db::mediator::Role;
use gateway::desk::Settings;
use harness::demo::Demo;
use harness::desk::{Visitor, desk};

/// The value of a form's field.
fn value(page: &str, name: &str) -> String {
    let rest = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}")).1;
    rest.split('"').next().unwrap().replace("&#39;", "'").replace("&#38;", "&")
}

/// Every field of the form by which a record is corrected.
pub(super) fn form(page: &str) -> Vec<(String, String)> {
    let ids = ["phone", "hours", "name_fr", "name_nl", "name_de", "name_en", "street", "number", "postal_code", "locality", "euros", "version"];
    let mut fields: Vec<(String, String)> = ids.iter().map(|id| ((*id).to_owned(), value(page, id))).collect();
    for id in ["status", "theme_1", "theme_2", "theme_3", "cost"] {
        let select = page.split_once(&format!("<select id=\"{id}\"")).unwrap().1.split("</select>").next().unwrap();
        let chosen = select.split("<option ").find(|option| option.contains("selected")).map_or("", |option| option.split('"').nth(1).unwrap());
        fields.push((id.to_owned(), chosen.to_owned()));
    }
    for id in ["short_fr", "short_nl", "short_de", "short_en"] {
        let text = page.split_once(&format!("<textarea id=\"{id}\"")).unwrap().1.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
        fields.push((id.to_owned(), text.replace("&#39;", "'").replace("&#34;", "\"").replace("&#38;", "&")));
    }
    fields
}

fn with<'a>(fields: &'a [(String, String)], changed: &'a [(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (name.as_str(), changed.iter().find(|(known, _)| known == name).map_or(value.as_str(), |(_, value)| *value))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_of_two_is_told_and_nothing_is_lost() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let code = demo.text("+32470000001", "manger 1030").await.unwrap().answer.records()[0];
    let (mut ana, mut bob) = (Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await, Visitor::of(&demo.engine, &router, "Bob", Role::Editor).await);
    let path = format!("/record/{code}/edit");
    let (hers, his) = (form(&ana.get(&path).await.text), form(&bob.get(&path).await.text));
    assert_eq!(hers, his);
    // Ana is first, with a phone number.
    let kept = ana.post(&path, &with(&hers, &[("phone", "02 555 77 77")])).await;
    assert_eq!(kept.leads_to, Some(format!("/record/{code}")), "{}", kept.text);
    // Bob is second, with a street: he is told, sees her number, and finds what he typed.
    let told = bob.post(&path, &with(&his, &[("street", "Rue du Deuxième")])).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.text.contains("quelqu") || told.text.contains("Quelqu"), "{}", told.text);
    assert!(told.text.contains("02 555 77 77") && told.text.contains("Rue du Deuxième"), "{}", told.text);
    let record = async || demo.engine.store.record(code).await.unwrap().unwrap();
    assert_ne!(record().await.content.address.street.as_deref(), Some("Rue du Deuxième"), "it was kept all the same");
    // He takes her number over, and saves.
    let again = with(&form(&told.text), &[("phone", "02 555 77 77")]).into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>();
    let kept = bob.post(&path, &with(&again, &[])).await;
    assert_eq!(kept.leads_to, Some(format!("/record/{code}")), "{}", kept.text);
    let record = record().await;
    assert_eq!(record.content.address.street.as_deref(), Some("Rue du Deuxième"));
    assert_eq!(record.phone().and_then(|contact| contact.phone.as_ref()).map(directory::phone::Phone::as_str), Some("+3225557777"));
    let history: Vec<(String, String)> = demo.engine.store.history(code).await.unwrap().into_iter().map(|change| (change.mediator, change.field)).collect();
    assert_eq!(history, [("Bob".to_owned(), "street".to_owned()), ("Ana".to_owned(), "phone".to_owned())]);
    // What the source says stands beside it, and a reading of the source again takes nothing away.
    assert!(bob.get(&path).await.text.contains("La source dit"));
    gateway::demo::load(demo.place.address(), demo.clock.as_ref(), |_, _| ()).await.unwrap();
    assert_eq!(demo.engine.store.record(code).await.unwrap().unwrap().content.address.street.as_deref(), Some("Rue du Deuxième"));
    // And whoever texts for it is told the new number.
    let said = demo.text("+32470000002", code.as_str()).await.unwrap();
    assert!(said.sms.text.contains("025557777"), "{}", said.sms.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_longer_exists_is_found_no_more_whatever_its_source_says() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let found = async || demo.text("+32470000001", "manger 1030").await.unwrap().answer.records();
    let code = found().await[0];
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    ana.post("/verify", &[("code", code.as_str()), ("said", "gone")]).await;
    assert!(!found().await.contains(&code));
    gateway::demo::load(demo.place.address(), demo.clock.as_ref(), |_, _| ()).await.unwrap();
    assert!(!found().await.contains(&code), "its source brought it back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_shown_as_they_agreed_and_no_longer() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let fields = [("kind", "person"), ("name", "Ines, écrivaine publique"), ("theme_1", "papers"), ("postal_code", "1030"), ("phone", "02 555 77 98")];
    let added = ana.post("/add", &fields).await;
    let edit = added.leads_to.unwrap_or_else(|| panic!("{}", added.text));
    let code = edit.split('/').nth(2).unwrap().to_owned();
    let is_texted = async || demo.text("+32470000003", &code).await.unwrap().sms.text.contains("Ines");
    assert!(!is_texted().await, "nobody was asked");
    let consent = format!("/record/{code}/consent");
    assert_eq!(ana.post(&consent, &[("given", "paper")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    ana.post(&consent, &[("given", "paper"), ("scope", "sms")]).await;
    assert!(is_texted().await);
    // Nobody erases an organisation by taking back an agreement that it never gave.
    let other = demo.text("+32470000001", "manger 1030").await.unwrap().answer.records()[0];
    assert_eq!(ana.post(&format!("/record/{other}/consent"), &[("withdraw", "1")]).await.status, StatusCode::NOT_FOUND);
    let taken_back = ana.post(&consent, &[("withdraw", "1")]).await;
    assert_eq!(taken_back.leads_to, Some(format!("/record/{code}")), "{}", taken_back.text);
    assert!(!is_texted().await, "it was taken back");
    // Nobody at the desk sees her name or number any more, editors included; the code and the day are left.
    let mut bob = Visitor::of(&demo.engine, &router, "Bob", Role::Editor).await;
    for page in ["", "/edit", "/mirror"] {
        let shown = bob.get(&format!("/record/{code}{page}")).await;
        assert!(!shown.text.contains("Ines") && !shown.text.contains("555 77 98") && !shown.text.contains("25557798"), "{page}: {}", shown.text);
        assert_eq!(shown.text.contains("Effacée le"), page.is_empty(), "{page}: {}", shown.text);
    }
    // She is not written anew under the same code either.
    assert_eq!(bob.post(&consent, &[("given", "paper"), ("scope", "sms")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Answers that were given while she agreed stay as long as any answer.
    let rows = demo.place.rows().await.unwrap();
    let left = rows.iter().filter(|(table, _)| *table != "turn").flat_map(|(table, rows)| rows.iter().map(move |row| (table, row)));
    let left: Vec<_> = left.filter(|(_, row)| row.contains("Ines") || row.contains("25557798")).collect();
    assert!(left.is_empty(), "she is still in the database: {left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_says_nothing_of_a_person() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let visit = async |ana: &mut Visitor, words: &str| {
        let fields = [("theme", "food"), ("outcome", "not-found"), ("why", "full"), ("postal_code", "1030"), ("words", words)];
        ana.post("/visit", &fields).await
    };
    for (words, told) in [("appeler le 0470 12 34 56", "porte un numéro"), ("pour Mme Dupont", "porte un nom"), ("a@example.org", "adresse e-mail")] {
        let page = visit(&mut ana, words).await;
        assert!(page.text.contains(told), "{words}: {}", page.text);
        assert!(page.text.contains(words), "what was typed is lost");
    }
    assert_eq!(visit(&mut ana, "repas sans porc le soir").await.leads_to.as_deref(), Some("/visit?done=1"));
    let day = demo.engine.clock.now().date_naive();
    let visits = demo.engine.store.visits(day, day).await.unwrap();
    assert_eq!(visits.len(), 1);
    let monday = directory::visit::week_of(day);
    assert_eq!(demo.engine.store.needs(monday, monday).await.unwrap()[0].words.as_deref(), Some("repas sans porc le soir"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organisation_confirms_its_entry_from_its_own_number_only() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let fields = [("kind", "organisation"), ("name", "Atelier vélo"), ("theme_1", "mobility"), ("postal_code", "1030"), ("phone", "0470 55 66 77")];
    let code = ana.post("/add", &fields).await.leads_to.unwrap().rsplit('/').next().unwrap().to_owned();
    let territory = demo.engine.vocabulary.territory();
    // The day on which a person added it counts as its first.
    demo.clock.advance(chrono::Duration::days(1));
    let fresher = async || demo.engine.store.take_confirmations(territory, demo.engine.clock.now()).await.unwrap();
    let others = demo.text("+32470000001", &format!("{code} OK")).await.unwrap();
    assert!(others.sms.text.contains("Atelier vélo"), "{}", others.sms.text);
    assert_eq!(fresher().await, 0, "anybody could confirm it");
    demo.text("+32470556677", &format!("{code} ok")).await.unwrap();
    assert_eq!(fresher().await, 1);
    let known = directory::code::Code::parse(&code).unwrap();
    let record = demo.engine.store.record(known).await.unwrap().unwrap();
    assert_eq!((record.trust.level, record.freshness.confirmed_on.map(|day| day.to_string()).as_deref()), (1, Some("2026-11-24")));
    // Anybody can write under that number: it is the organisation's word, and nobody's proof.
    let card = demo.text("+32470000001", &code).await.unwrap().sms.text;
    assert!(card.contains("24/11") && !card.contains("Vérifié"), "{card}");
    let history = demo.engine.store.history(known).await.unwrap();
    assert!(history.iter().any(|change| change.mediator == "SMS"), "{history:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trust_is_earned_step_by_step() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let fields = [("kind", "organisation"), ("name", "Atelier bois"), ("theme_1", "learn"), ("postal_code", "1030"), ("phone", "02 555 01 77")];
    let code = ana.post("/add", &fields).await.leads_to.unwrap().rsplit('/').next().unwrap().to_owned();
    let level = async || demo.engine.store.records(&[directory::code::Code::parse(&code).unwrap()]).await.unwrap()[0].trust.level;
    let path = format!("/record/{code}/trust");
    assert_eq!(level().await, 1);
    for _ in 0..2 {
        ana.post(&path, &[("evidence", "charter")]).await;
        assert_eq!(level().await, 1, "a paper is no phone call");
    }
    ana.post("/verify", &[("code", &code), ("said", "right")]).await;
    assert_eq!(level().await, 2);
    ana.post(&path, &[("evidence", "charter"), ("evidence", "recommended-1"), ("evidence", "recommended-2")]).await;
    assert_eq!(level().await, 3);
    ana.post(&path, &[]).await;
    assert_eq!(level().await, 2);
}
