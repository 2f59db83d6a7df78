//! Sources read from the desk, entries that two of them have, and slips by text message.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use db::mediator::Role;
use directory::code::Code;
use directory::language::Language;
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
    let router = desk(&demo.engine, Settings { local_feeds: true, ..Settings::default() });
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
async fn a_browser_names_no_file_and_no_neighbour_and_sees_no_key() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut operator = Visitor::of(&demo.engine, &router, "Ops", Role::Operator).await;
    let editor = Visitor::of(&demo.engine, &router, "Ed", Role::Editor).await;
    let (address, _) = table(&rows(&["Soupe du Coin"])).await;
    let address = address.replace("http://", "http://ana:geheim@") + "?key=s3cret";
    let with = |mapping: &'static str| [("name", "voisin"), ("address", address.as_str()), ("format", "csv"), ("language", "fr"), ("mapping", mapping)];
    for mapping in ["/etc/passwd", "../../etc/passwd", "config/mappings/lamednum.toml"] {
        let page = operator.post("/imports", &with(mapping)).await;
        assert!(page.text.contains("Cette correspondance"), "{mapping}: {}", page.text);
    }
    assert!(demo.engine.store.feeds().await.unwrap().is_empty());
    operator.post("/imports", &with("passerelle")).await;
    for visitor in [&operator, &editor] {
        let page = read(visitor).await;
        assert!(page.contains("not public") && page.contains("127.0.0.1"), "{page}");
        assert!(!page.contains("s3cret") && !page.contains("geheim"), "{page}");
    }
    // What is being read is not read a second time.
    let now = demo.engine.clock.now();
    assert!(demo.engine.store.begin_reading("voisin", now, now).await.unwrap());
    for path in ["/imports", "/imports/read"] {
        let fields: Vec<(&str, &str)> = with("passerelle").into_iter().chain([("how", "take")]).collect();
        let page = operator.post(path, &fields).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.contains("en train d"), "{path}: {}", page.text);
    }
}

/// The two lines of a partner's table that was taken over: a false shelter, with a number at two euros a minute.
const FALSE_SHELTERS: &str = "id,kind,name_fr,themes,street,postal_code,phone,trust,confirmed_on\n\
    f1,service,Refuge Sud,safety|shelter,Rue du Piège 1,1030,0903 12 345,3,2030-01-01\n\
    f2,service,Refuge Nord,safety|shelter,Rue du Piège 2,1030,0470 99 88 77,3,2026-11-23\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_false_shelter_is_shown_to_nobody_until_a_person_says_yes() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings { local_feeds: true, ..Settings::default() });
    let mut operator = Visitor::of(&demo.engine, &router, "Ops", Role::Operator).await;
    let (address, kept) = table(FALSE_SHELTERS).await;
    operator.post("/imports", &[("name", "refuges"), ("address", &address), ("format", "csv"), ("language", "fr")]).await;
    read(&operator).await;
    operator.post("/imports/read", &[("name", "refuges"), ("how", "take")]).await;
    let page = read(&operator).await;
    assert!(page.contains("a higher price") && page.contains("a day to come"), "{page}");
    assert!(page.contains("href=\"/imports/waiting\""), "{page}");
    let asks = async |text: &str, name: &str| demo.text("+32470000009", text).await.unwrap().sms.text.contains(name);
    for text in ["violence 1030", "refuge 1030", "dormir 1030", "Refuge Sud 1030", "Refuge Nord 1030"] {
        assert!(!asks(text, "Piège").await && !asks(text, "Refuge Sud").await && !asks(text, "Refuge Nord").await, "{text}");
    }
    // Somebody phoned the second: it is shown, and still not called verified.
    let words = demo.engine.store.waiting(10).await.unwrap().0;
    let north = words.iter().find(|word| word.said.name.best(Language::Fr) == Some("Refuge Nord")).unwrap();
    let south = words.iter().find(|word| word.said.name.best(Language::Fr) == Some("Refuge Sud")).unwrap();
    let no = [("code", south.code.as_str()), ("seal", south.seal.as_str()), ("answer", "no")];
    assert_eq!(operator.post("/imports/waiting", &no).await.leads_to.as_deref(), Some("/imports/waiting"));
    let code = north.code.to_string();
    let page = operator.get("/imports/waiting").await.text;
    assert!(page.contains("Rue du Piège") && page.contains("name=\"seal\""), "{page}");
    let answer =
        |seal: &str, says: &'static str| [("code".to_owned(), code.clone()), ("seal".to_owned(), seal.to_owned()), ("answer".to_owned(), says.to_owned())];
    let post = async |operator: &mut Visitor, fields: [(String, String); 3]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        operator.post("/imports/waiting", &fields).await
    };
    assert!(post(&mut operator, answer("0", "yes")).await.text.contains("autre chose"), "nobody saw that word");
    assert_eq!(post(&mut operator, answer(&north.seal, "yes")).await.leads_to.as_deref(), Some("/imports/waiting"));
    let card = demo.text("+32470000010", &code).await.unwrap().sms.text;
    assert!(card.contains("Refuge Nord") && !card.contains("Vérifié"), "{card}");
    // Then its number changes: the one that somebody phoned stays.
    *kept.lock().unwrap() = FALSE_SHELTERS.replace("0470 99 88 77", "0470 66 66 66");
    operator.post("/imports/read", &[("name", "refuges"), ("how", "take")]).await;
    read(&operator).await;
    let card = demo.text("+32470000011", &code).await.unwrap().sms.text;
    assert!(card.contains("0470998877") && !card.contains("0470666666"), "{card}");
    assert!(operator.get("/imports/waiting").await.text.contains("0470 66 66 66"));
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
