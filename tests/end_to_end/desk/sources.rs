//! Sources read from the desk, entries that two of them have, and slips by text message.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use db::mediator::Role;
use directory::code::Code;
use directory::record::Status;
use gateway::desk::Settings;
use harness::demo::Demo;
use harness::desk::{Visitor, desk};

/// A table behind an address, which can become another one.
async fn table(text: &str) -> (String, Arc<Mutex<String>>) {
    let kept = Arc::new(Mutex::new(text.to_owned()));
    let served = Arc::clone(&kept);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/places.csv", listener.local_addr().unwrap());
    let router = Router::new().route("/places.csv", get(async move || served.lock().unwrap().clone()));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, kept)
}

fn rows(names: &[&str]) -> String {
    let rows = names.iter().enumerate().map(|(number, name)| format!("k{number},{name},food,1030,025550{number:03}\n"));
    format!("id,name_fr,themes,postal_code,phone\n{}", rows.collect::<String>())
}

/// The page, as soon as nothing is being read.
async fn read(visitor: &Visitor) -> String {
    for _ in 0..400 {
        let page = visitor.get("/imports").await.text;
        if !page.contains("data-again") {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it is read for ever");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_is_compared_taken_stopped_and_let_go() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut operator = Visitor::of(&demo.engine, &router, "Ops", Role::Operator).await;
    let mut editor = Visitor::of(&demo.engine, &router, "Ed", Role::Editor).await;
    let names = ["Soupe du Coin", "Grenier Vert", "Table d'hôtes", "Panier Plein", "Four Commun", "Verger Ouvert"];
    let (address, kept) = table(&rows(&names)).await;
    let shown = async || demo.engine.store.imported().await.unwrap().into_iter().find(|(name, _, _)| name == "quartier").map(|(_, _, entries)| entries);

    let fields = [("name", "quartier"), ("address", address.as_str()), ("format", "csv"), ("language", "fr")];
    assert_eq!(editor.post("/imports", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(operator.post("/imports", &fields).await.leads_to.as_deref(), Some("/imports"));
    let page = read(&operator).await;
    assert!(page.contains("comparée") && page.contains("<dd>6</dd>"), "{page}");
    assert_eq!(shown().await, None, "it was brought in without being asked");

    operator.post("/imports/read", &[("name", "quartier"), ("how", "take")]).await;
    assert!(read(&operator).await.contains("importée"));
    assert_eq!(shown().await, Some(6));

    // Half of it goes: nothing happens before somebody says so.
    *kept.lock().unwrap() = rows(&names[..3]);
    operator.post("/imports/read", &[("name", "quartier"), ("how", "take")]).await;
    let page = read(&operator).await;
    assert!(page.contains("arrêtée") && page.contains("value=\"drop\""), "{page}");
    assert_eq!(shown().await, Some(6));
    operator.post("/imports/read", &[("name", "quartier"), ("how", "drop")]).await;
    assert!(read(&operator).await.contains("importée"));
    assert_eq!(shown().await, Some(3));

    // A refusal is shown by line and value, and the rest still counts.
    *kept.lock().unwrap() = format!("{}k9,,food,1030,\n", rows(&names[..3]));
    operator.post("/imports/read", &[("name", "quartier"), ("how", "try")]).await;
    let page = read(&operator).await;
    assert!(page.contains("<td>5</td>"), "{page}");

    // What does not answer says why, and nothing is lost.
    *kept.lock().unwrap() = "<html>please log in</html>".to_owned();
    operator.post("/imports/read", &[("name", "quartier"), ("how", "take")]).await;
    let page = read(&operator).await;
    assert!(page.contains("pas lue"), "{page}");
    assert_eq!(shown().await, Some(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_door_becomes_one_entry_and_can_come_back() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut editor = Visitor::of(&demo.engine, &router, "Ed", Role::Editor).await;
    let mut codes = Vec::new();
    for phone in ["02 555 01 50", "02 555 01 51"] {
        let fields = [("kind", "organisation"), ("name", "Ressourcerie Zinneke Volante"), ("theme_1", "goods"), ("postal_code", "1030"), ("phone", phone)];
        codes.push(Code::parse(editor.post("/add", &fields).await.leads_to.unwrap().rsplit('/').next().unwrap()).unwrap());
    }
    // One question a screen: others may come first.
    let mut asked = false;
    for _ in 0..50 {
        let page = editor.get("/imports/doubles").await.text;
        let value = |name: &str| page.split_once(&format!("name=\"{name}\" value=\"")).map(|(_, rest)| rest.split('"').next().unwrap().to_owned());
        let (Some(keep), Some(drop)) = (value("keep"), value("drop")) else { break };
        let ours = codes.iter().all(|code| [&keep, &drop].contains(&&code.to_string()));
        asked |= ours;
        editor.post("/imports/doubles", &[("keep", &keep), ("drop", &drop), ("answer", if ours { "same" } else { "different" })]).await;
    }
    assert!(asked, "nobody asked about the two");
    assert!(editor.get("/imports/doubles").await.text.contains("Plus aucun doublon"));
    let records = demo.engine.store.records(&codes).await.unwrap();
    let merged: Vec<&Code> = records.iter().filter(|record| record.status == Status::Merged).map(|record| &record.code).collect();
    assert_eq!((records.len(), merged.len()), (2, 1));
    // Never destructive: by hand it is shown again.
    let path = format!("/record/{}/edit", merged[0]);
    let page = editor.get(&path).await.text;
    let version = page.split_once("name=\"version\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let fields = [
        ("version", version.as_str()),
        ("status", "published"),
        ("phone", "02 555 01 51"),
        ("name_fr", "Ressourcerie Zinneke Volante"),
        ("theme_1", "goods"),
        ("postal_code", "1030"),
        ("cost", "unknown"),
    ];
    let kept = editor.post(&path, &fields).await;
    assert!(kept.leads_to.is_some(), "{}", kept.text);
    let records = demo.engine.store.records(&codes).await.unwrap();
    assert!(records.iter().all(|record| record.status == Status::Published));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_by_text_is_answered_like_a_ticket() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings { texts: true, ..Settings::default() });
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let codes = demo.text("+32470000009", "manger 1030").await.unwrap().answer.records();
    for code in &codes[..2] {
        ana.post("/slip/add", &[("code", code.as_str())]).await;
    }
    let send = async |ana: &mut Visitor, number: &str| {
        let page = ana.post("/slip/send", &[("number", number), ("first", "fr")]).await;
        match page.leads_to {
            Some(led) => ana.get(&led).await.text,
            None => page.text,
        }
    };
    for (number, told) in [("12", "numéro de téléphone"), ("+1 202 555 01 23", "autre pays"), ("0900 12 345", "autre pays")] {
        let page = send(&mut ana, number).await;
        assert!(page.contains(told), "{number}: {page}");
    }
    let queued = async || demo.place.rows().await.unwrap()["outbox"].len();
    assert_eq!(queued().await, 0);
    let page = send(&mut ana, "0470 12 34 56").await;
    assert!(page.contains("Envoyé"), "{page}");
    assert_eq!(queued().await, 1);
    // A digit that they send back chooses from the slip.
    let chosen = demo.text("+32470123456", "2").await.unwrap();
    assert_eq!(chosen.answer.records(), [codes[1]]);
    // Who said STOP is not written to.
    demo.text("+32470123457", "STOP").await.unwrap();
    assert!(send(&mut ana, "0470 12 34 57").await.contains("STOP"));
    assert_eq!(queued().await, 1);
    // What must leave no trace has neither number nor message.
    let mut hidden = None;
    demo.engine
        .store
        .each_brief(|brief| hidden = hidden.or(Some(brief.code).filter(|_| brief.is_sensitive() && brief.status == Status::Published)))
        .await
        .unwrap();
    ana.post("/slip/add", &[("code", hidden.unwrap().as_str())]).await;
    assert!(send(&mut ana, "0470 12 34 58").await.contains("ne laisse pas de trace"));
    assert!(ana.post("/slip/number", &[]).await.text.contains("ne laisse pas de trace"));
    assert_eq!(queued().await, 1);
}
