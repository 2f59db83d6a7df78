//! What is typed at the desk survives lock, end of session and restart, for whoever typed it; and a second click does
//! nothing twice. All of it without scripts.

use axum::http::StatusCode;
use chrono::Duration;
use db::mediator::Role;
use db::place::{ServedPlace, ServedPrinter};
use gateway::desk::Settings;
use harness::demo::Demo;
use harness::desk::{PASSWORD, PIN, Page, Visitor, call_back, desk};

type Fields<'a> = &'a [(&'a str, &'a str)];

/// A form into which something is typed.
struct Typing<'a> {
    page: &'a str,
    /// Where it is sent.
    path: String,
    fields: Vec<(&'a str, &'a str)>,
    /// What the page shows of it again.
    shown: &'a [&'a str],
}

/// Every page with such a form. `code` is an entry's, `person` the page of somebody who may agree to appear.
fn forms<'a>(code: &'a str, entry: &'a str, person: &'a str) -> Vec<Typing<'a>> {
    let typing = |page: &'a str, path: &str, fields: Fields<'a>, shown: &'a [&'a str]| Typing { page, path: path.to_owned(), fields: fields.to_vec(), shown };
    let source: Fields<'_> = &[("name", "carte"), ("address", "https://example.org/a"), ("format", "csv"), ("mapping", "m.toml")];
    let mut all = vec![
        typing(
            "/visit",
            "/visit",
            &[("theme", "food"), ("outcome", "not-found"), ("words", "repas du soir"), ("first", "n")],
            &["repas du soir", "value=\"n\" checked"],
        ),
        typing("/add", "/add", &[("name", "À moitié"), ("street", "Rue Neuve"), ("short", "Un texte")], &["value=\"À moitié\"", "Rue Neuve", ">Un texte<"]),
        typing("/slip", "/slip/send", &[("line", "Guichet 9"), ("number", "0470 99 88 77")], &["Guichet 9", "0470 99 88 77"]),
        typing("/calls", "/calls/outcome", &[("id", "1"), ("came", "reply"), ("answer", "Passez à dix heures")], &["Passez à dix heures"]),
        typing("/", "/", &[("q", "douche 1000")], &["douche 1000"]),
        typing("/imports", "/imports", source, &["https://example.org/a", "m.toml", "value=\"csv\" selected"]),
        typing("/mediators", "/mediators", &[("name", "Zoé"), ("role", "editor")], &["value=\"Zoé\"", "value=\"editor\" checked"]),
        typing(
            entry,
            entry,
            &[("version", "1"), ("phone", "02 555 66 55"), ("name_fr", "Autre nom"), ("need_add", "quelque chose de bon")],
            &["02 555 66 55", "Autre nom", "quelque chose de bon"],
        ),
        typing(
            person,
            &person.replace("/edit", "/consent"),
            &[("given", "voice"), ("scope", "sms"), ("until", "2027-06-30")],
            &["2027-06-30", "value=\"voice\" selected", "value=\"sms\" checked"],
        ),
    ];
    // The slip's form carries its records.
    all.iter_mut().filter(|typing| typing.page == "/slip").for_each(|typing| typing.fields.push(("code", code)));
    all
}

fn shows(page: &Page, parts: &[&str]) -> bool {
    parts.iter().all(|part| page.text.contains(part))
}

/// A chat waits for an answer.
async fn chat(demo: &Demo) {
    call_back(demo, &format!("{}4711", application::limits::CHAT)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_survives_lock_end_of_session_and_restart() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings { texts: true, ..Settings::default() });
    let mut ops = Visitor::of(&demo.engine, &router, "Ops", Role::Operator).await;
    let mut bob = Visitor::of(&demo.engine, &router, "Bob", Role::Operator).await;
    chat(&demo).await;
    let code = demo.text("+32470000001", "manger 1030").await.unwrap().answer.records()[0];
    ops.post("/slip/add", &[("code", code.as_str())]).await;
    bob.post("/slip/add", &[("code", code.as_str())]).await;
    let fields = [("kind", "person"), ("name", "Ines"), ("theme_1", "papers"), ("postal_code", "1030"), ("phone", "02 555 01 23")];
    let person = ops.post("/add", &fields).await.leads_to.unwrap();
    let entry = format!("/record/{code}/edit");
    for Typing { page, path, fields, shown } in forms(code.as_str(), &entry, &person) {
        for end in ["lock", "left alone", "session", "restart"] {
            ops.load().await;
            let mut there = ops.clone();
            let refused = match end {
                "lock" => {
                    ops.post("/lock", &[]).await;
                    there.send_form(&path, &fields).await
                }
                "left alone" => {
                    demo.clock.advance(Duration::minutes(6));
                    there.send_form(&path, &fields).await
                }
                "session" => {
                    demo.clock.advance(Duration::minutes(31));
                    there.send_form(&path, &fields).await
                }
                _ => {
                    // Another program with the same key file, and nobody is in any more.
                    ops.post("/logout", &[]).await;
                    let again = demo.another_gateway().await.unwrap();
                    there = there.at(&desk(&again, Settings::default()));
                    there.send_form(&path, &fields).await
                }
            };
            let status = if matches!(end, "lock" | "left alone") { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
            assert!(refused.status == status && refused.text.contains("gardé"), "{path} after {end}: {}", refused.text);
            // Nobody reads it in the database, nor does somebody else get it.
            let kept = format!("{:?}", demo.place.rows().await.unwrap()["typed_form"]);
            assert!(shown.iter().all(|part| !kept.contains(part)), "{kept}");
            let led = bob.log_in("Bob", PASSWORD).await.leads_to;
            assert_eq!(led.as_deref(), Some("/?in=1"), "{path}");
            assert!(!shows(&bob.get(&format!("{page}?typed=1")).await, shown), "Bob reads what was typed into {page}");
            // Whoever typed it finds it, filled in, and no address says it.
            let led = if status == StatusCode::FORBIDDEN {
                ops.send_form("/unlock", &[("pin", PIN)]).await.leads_to.unwrap()
            } else {
                ops.log_in("Ops", PASSWORD).await.leads_to.unwrap().replace("&in=1", "")
            };
            assert_eq!(led, format!("{page}?typed=1"), "{path} after {end}");
            let again = ops.get(&led).await;
            assert!(shows(&again, shown), "{path} after {end}: {shown:?} in {}", again.text);
            assert!(again.text.contains("Voici ce que vous aviez tapé"), "{}", again.text);
            demo.place.tamper("DELETE FROM typed_form").await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_is_offered_until_it_is_sent_and_never_to_others() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let fields = [("theme", "food"), ("outcome", "answered"), ("words", "repas du soir")];
    // The button that locks sends the page's form along.
    let locked = ana.post("/lock", &[&fields[..], &[("at", "/visit")]].concat()).await;
    assert_eq!(locked.leads_to.as_deref(), Some("/locked"));
    assert_eq!(ana.post("/unlock", &[("pin", PIN)]).await.leads_to.as_deref(), Some("/visit?typed=1"));
    assert!(ana.get("/").await.text.contains("/visit?typed=1"), "the first page does not offer it");
    assert!(!ana.get("/visit").await.text.contains("repas du soir"), "it is shown where nobody asked");
    let kept = ana.post("/visit", &fields).await;
    assert_eq!(kept.leads_to.as_deref(), Some("/visit?done=1"), "{}", kept.text);
    assert!(!ana.get("/").await.text.contains("typed=1"), "it is offered though it was sent");
    // In the same browser somebody else came in meanwhile: it is kept for her.
    ana.load().await;
    let bob = Visitor::of(&demo.engine, &router, "Bob", Role::Mediator).await;
    let hers = ana.with_cookie(bob.token());
    let refused = hers.send_form("/visit", &fields).await;
    assert!(refused.status == StatusCode::FORBIDDEN && refused.text.contains("autre personne"), "{}", refused.text);
    assert!(!bob.get("/").await.text.contains("typed=1"));
    assert!(ana.get("/").await.text.contains("/visit?typed=1"));
    // She came in again in another window: her old form leads to itself, filled in.
    let old = ana.clone();
    ana.log_in("Ana", PASSWORD).await;
    let again = old.with_cookie(ana.token()).send_form("/visit", &fields).await;
    assert_eq!(again.leads_to.as_deref(), Some("/visit?typed=1"));
    // Twelve hours later it is over.
    demo.engine.store.purge(demo.engine.clock.now() + Duration::hours(13)).await.unwrap();
    assert!(demo.place.rows().await.unwrap()["typed_form"].is_empty());
    // Nothing of a password or code is ever kept.
    ana.post("/lock", &[("at", "/account"), ("password", PASSWORD)]).await;
    ana.post("/account/pin", &[("pin", "123456"), ("password", PASSWORD)]).await;
    assert!(demo.place.rows().await.unwrap()["typed_form"].is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_click_does_nothing_twice() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings { texts: true, own_printers: vec!["accueil".to_owned()], ..Settings::default() });
    let now = demo.engine.clock.now();
    let printer = ServedPrinter { name: "accueil".to_owned(), address: "tcp:10.0.0.7:9100".to_owned(), profile: "epson-80".to_owned(), is_served: true };
    let place = ServedPlace { name: "Bibliothèque".to_owned(), address: None, phone: None, hours: None, printers: vec![printer] };
    demo.engine.store.keep_places(&[place], now).await.unwrap();
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let code = demo.text("+32470000001", "manger 1030").await.unwrap().answer.records()[0];
    ana.post("/slip/add", &[("code", code.as_str())]).await;
    let day = now.date_naive();
    let done = async || {
        let store = &demo.engine.store;
        let rows = demo.place.rows().await.unwrap();
        (store.print_jobs().await.unwrap().len(), store.visits(day, day).await.unwrap().len(), rows["outbox"].len())
    };
    assert_eq!(done().await, (0, 0, 0));
    let slip: Fields<'_> = &[("style", "standard"), ("first", "fr"), ("printer", "accueil"), ("line", "Guichet 3")];
    let text: Fields<'_> = &[("first", "fr"), ("number", "0470 12 34 56")];
    let visit: Fields<'_> = &[("theme", "food"), ("outcome", "answered")];
    for (round, (path, fields, expected)) in
        [("/slip/print", slip, (1, 0, 0)), ("/slip/send", text, (1, 0, 1)), ("/visit", visit, (1, 1, 1))].into_iter().enumerate()
    {
        ana.load().await;
        // Both at once, and once more later: as a browser does when somebody clicks twice, and loads the page again.
        let (one, other) = tokio::join!(ana.send_form(path, fields), ana.send_form(path, fields));
        let third = ana.send_form(path, fields).await;
        assert!(one.leads_to.is_some(), "{path}: {}", one.text);
        assert_eq!((&one.leads_to, &one.leads_to), (&other.leads_to, &third.leads_to), "{path}");
        assert_eq!(done().await, expected, "{path}, round {round}");
    }
    // The page anew is another form, also if it says the same.
    ana.post("/visit", visit).await;
    assert_eq!(done().await.1, 2);
    // Who went away after the first click undid nothing.
    ana.load().await;
    let gone = ana.clone();
    let first = tokio::spawn(async move { gone.send_form("/visit", &[("theme", "food"), ("outcome", "answered")]).await });
    tokio::task::yield_now().await;
    first.abort();
    assert!(ana.send_form("/visit", visit).await.leads_to.is_some());
    assert_eq!(done().await.1, 3);
    // What was refused may be sent again, as it is.
    ana.load().await;
    for _ in 0..2 {
        assert!(ana.send_form("/visit", &[("theme", "food")]).await.text.contains("résultat"));
    }
    // A program that was stopped in the middle of a form does not begin it anew.
    ana.load().await;
    ana.send_form("/visit", visit).await;
    demo.place.tamper("UPDATE taken_form SET leads_to = NULL").await.unwrap();
    let again = ana.send_form("/visit", visit).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.text.contains("déjà parti"), "{}", again.text);
    assert_eq!(done().await.1, 4);
}
