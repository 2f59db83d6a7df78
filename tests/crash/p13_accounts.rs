//! P13: who guesses, takes over or writes into the database gets nobody's account, and what was done can be read later.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::Duration;
use db::mediator::Role;
use gateway::desk::{COOKIE, RULES, Settings, secret};
use harness::demo::Demo;
use harness::desk::{PASSWORD, PIN, Page, Visitor, desk};

const WRONG: &str = "000000";

/// How often each of two sentences was said.
fn said(pages: &[Page], sentences: [&str; 2]) -> [usize; 2] {
    sentences.map(|sentence| pages.iter().filter(|page| page.text.contains(sentence)).count())
}

/// Logs in under a name with a password, so often at once.
async fn log_in_at_once(visitor: &Visitor, name: &'static str, times: usize) -> Vec<Page> {
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..times {
        let visitor = visitor.clone();
        tries.spawn(async move {
            let password = format!("not the password {number}");
            visitor.post_with("/login", &[("name", name), ("password", &password)], None, Some("same-origin")).await
        });
    }
    tries.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_many_passwords_at_once_are_few() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let nobody = Visitor::outside(&router);
    // "not right" is said of what was looked at, "wait" of what was not; and the same of a name that nobody has.
    for name in ["Ana", "Nobody"] {
        let pages = log_in_at_once(&nobody, name, 500).await;
        assert_eq!(said(&pages, ["n&#39;est pas juste", "essais"]), [5, 495], "{name}");
    }
    // One wrong one an hour keeps nobody out.
    for _ in 0..30 {
        demo.clock.advance(Duration::hours(1));
        assert!(nobody.clone().log_in("Ana", "password1234").await.text.contains("pas juste"));
    }
    assert!(nobody.clone().log_in("Ana", PASSWORD).await.cookie.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_wrong_codes_are_forgotten_by_no_route() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut visitor = Visitor::of(&demo.engine, &router, "Ops", Role::Operator).await;
    let hash = demo.engine.keys.desk_session(visitor.token().unwrap());
    let tries = async || demo.engine.store.desk_session(&hash, true, demo.engine.clock.now()).await.unwrap().map(|session| session.tries);
    assert_eq!(visitor.post("/lock", &[]).await.leads_to.as_deref(), Some("/locked"));
    for _ in 0..4 {
        visitor.post("/unlock", &[("pin", WRONG)]).await;
    }
    assert_eq!(tries().await, Some(4));
    for (method, path, _) in RULES.iter().filter(|(_, path, _)| !matches!(*path, "/logout" | "/unlock")) {
        let address = path.replace("{code}", "K7P2W").replace("{id}", "1").replace("{token}", "nobody");
        if *method == "GET" {
            visitor.get(&address).await;
        } else {
            visitor.post(&address, &[("at", "/visit")]).await;
        }
        assert_eq!(tries().await, Some(4), "{method} {path}");
    }
    demo.clock.advance(Duration::minutes(7));
    visitor.post("/unlock", &[("pin", WRONG)]).await;
    assert_eq!(visitor.post("/unlock", &[("pin", PIN)]).await.leads_to.as_deref(), Some("/login"), "the sixth counts");
    assert_eq!(tries().await, None);
    // The right one forgets them.
    visitor.log_in("Ops", PASSWORD).await;
    for _ in 0..3 {
        visitor.post("/lock", &[]).await;
        for _ in 0..4 {
            visitor.post("/unlock", &[("pin", WRONG)]).await;
        }
        assert_eq!(visitor.post("/unlock", &[("pin", PIN)]).await.leads_to.as_deref(), Some("/"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_a_short_code_for_the_lock_is_changed_at_the_next_login() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    assert_eq!(ana.get("/").await.status, StatusCode::OK);
    // As a program before this one left it.
    demo.place.tamper("UPDATE mediator SET pin_long = NULL").await.unwrap();
    ana.log_in("Ana", PASSWORD).await;
    assert_eq!(ana.get("/").await.leads_to.as_deref(), Some("/account"));
    assert!(ana.get("/account").await.text.contains("quatre chiffres suffisaient"));
    for (pin, password) in [("4711", PASSWORD), ("471147", "not the password"), ("12345x", PASSWORD)] {
        assert!(ana.post("/account/pin", &[("pin", pin), ("password", password)]).await.leads_to.is_none(), "{pin}");
    }
    assert!(ana.post("/account/pin", &[("pin", "987654"), ("password", PASSWORD)]).await.leads_to.is_some());
    assert_eq!(ana.get("/").await.status, StatusCode::OK);
    ana.post("/lock", &[]).await;
    assert!(ana.post("/unlock", &[("pin", PIN)]).await.leads_to.is_none());
    assert_eq!(ana.post("/unlock", &[("pin", "987654")]).await.leads_to.as_deref(), Some("/"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_who_writes_the_database_is_not_in() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let ops = Visitor::of(&demo.engine, &router, "Ops", Role::Operator).await;
    assert_eq!(ops.get("/mediators").await.status, StatusCode::OK);
    let token = secret::token().unwrap();
    // What was a session before: the SHA-256 of a token of one's own.
    let hash = secret::token_hash(&token).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let now = demo.engine.clock.now().timestamp();
    let row = format!("INSERT INTO desk_session (token, mediator, begun_at, seen_at, locked, tries, work) VALUES (x'{hash}', 1, {now}, {now}, 0, 0, '{{}}')");
    demo.place.tamper(&row).await.unwrap();
    assert_eq!(ops.with_cookie(Some(&token)).get("/mediators").await.leads_to.as_deref(), Some("/login"));
    assert!(COOKIE.starts_with("__Host-"));
}

/// The secret of one-time codes that the account's page shows.
async fn proposed(visitor: &Visitor) -> Vec<u8> {
    let page = visitor.get("/account").await.text;
    let letters = page.split_once("<code>").unwrap().1.split('<').next().unwrap().to_owned();
    secret::from_base32(&letters).unwrap().to_vec()
}

/// Gives the one-time code of now.
fn code_of(secret: &[u8], demo: &Demo) -> String {
    let seconds = demo.engine.clock.now().timestamp().cast_unsigned();
    secret::codes(secret).unwrap().generate(seconds).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_who_sees_numbers_and_can_be_reached_needs_a_code() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings { is_reached: true, ..Settings::default() });
    let editor = Visitor::of(&demo.engine, &router, "Ed", Role::Editor).await;
    assert_eq!(editor.get("/").await.status, StatusCode::OK, "an editor sees no number");
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    assert_eq!(ana.get("/").await.leads_to.as_deref(), Some("/account"));
    assert_eq!(ana.get("/calls").await.leads_to.as_deref(), Some("/account"));
    assert_eq!(ana.post("/visit", &[]).await.status, StatusCode::FORBIDDEN);
    let secret = proposed(&ana).await;
    let code = |demo: &Demo| code_of(&secret, demo);
    let first = code(&demo);
    // Neither without the password, nor with a secret that the form brings.
    let ours = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let its_code = code_of(&secret::from_base32(ours).unwrap(), &demo);
    for fields in [
        [("code", WRONG), ("password", PASSWORD), ("secret", "")],
        [("code", &first), ("password", "not the password"), ("secret", "")],
        [("code", &its_code), ("password", PASSWORD), ("secret", ours)],
    ] {
        assert!(ana.post("/account/code", &fields).await.leads_to.is_none(), "{fields:?}");
    }
    let set = ana.post("/account/code", &[("code", &first), ("password", PASSWORD)]).await;
    assert!(set.leads_to.is_some(), "{}", set.text);
    assert_eq!(ana.get("/").await.status, StatusCode::OK);
    // From now on a password alone is not enough, and no code counts twice.
    let with = async |ana: &mut Visitor, code: &str| {
        let page = ana.post("/login", &[("name", "Ana"), ("password", PASSWORD), ("code", code)]).await;
        page.cookie.is_some()
    };
    assert!(!with(&mut ana, "").await);
    assert!(!with(&mut ana, &first).await, "the code was used");
    demo.clock.advance(Duration::seconds(60));
    let next = code(&demo);
    assert!(with(&mut ana, &next).await);
    assert!(!with(&mut ana, &next).await, "a code counts once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_one_time_codes_are_not_switched_off_by_guessing() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ops = Visitor::of(&demo.engine, &router, "Ops", Role::Operator).await;
    let secret = proposed(&ops).await;
    let code = |demo: &Demo| code_of(&secret, demo);
    ops.post("/account/code", &[("code", &code(&demo)), ("password", PASSWORD)]).await;
    demo.clock.advance(Duration::seconds(60));
    let is_on = async || demo.engine.store.mediator("Ops").await.unwrap().unwrap().totp.is_some();
    // Without the password, with the right code.
    ops.post("/account/code", &[("code", &code(&demo)), ("password", "not the password")]).await;
    for number in 0..10 {
        ops.post("/account/code", &[("code", &format!("{number:06}")), ("password", PASSWORD)]).await;
    }
    let page = ops.post("/account/code", &[("code", &code(&demo)), ("password", PASSWORD)]).await;
    assert!(page.text.contains("essais") && is_on().await, "tries are not counted");
    demo.clock.advance(Duration::minutes(3));
    ops.post("/unlock", &[("pin", PIN)]).await;
    assert!(ops.post("/account/code", &[("code", &code(&demo)), ("password", PASSWORD)]).await.leads_to.is_some());
    assert!(!is_on().await);
}

/// The link in a page of accounts.
fn link_of(page: &Page) -> Option<String> {
    let (_, rest) = page.text.split_once("<code>/first/")?;
    Some(format!("/first/{}", rest.split('<').next()?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_a_link_to_somebodys_account_is_told_and_takes_two_for_an_operators() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ops = Visitor::of(&demo.engine, &router, "Ops", Role::Operator).await;
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    assert!(!ana.get("/").await.text.contains("nouveau lien"));
    // For a mediator one operator is enough, and she is told; a known name keeps its role, which is said.
    let page = ops.post("/mediators", &[("name", "Ana"), ("role", "operator")]).await;
    assert!(link_of(&page).is_some() && page.text.contains("son rôle reste"), "{}", page.text);
    assert_eq!(demo.engine.store.mediator("Ana").await.unwrap().unwrap().role, Role::Mediator);
    ana.log_in("Ana", PASSWORD).await;
    for path in ["/", "/account"] {
        let page = ana.get(path).await.text;
        assert!(page.contains("Ops a fait un nouveau lien"), "{path}: {page}");
    }
    // A role is a button of its own.
    assert_eq!(ops.post("/mediators/role", &[("name", "Ops"), ("role", "editor")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    ops.post("/mediators/role", &[("name", "Ana"), ("role", "operator")]).await;
    assert_eq!(demo.engine.store.mediator("Ana").await.unwrap().unwrap().role, Role::Operator);
    // There is no third operator yet: nobody else could be asked.
    assert!(link_of(&ops.post("/mediators", &[("name", "Ana")]).await).is_some());
    let mut cleo = Visitor::of(&demo.engine, &router, "Cleo", Role::Operator).await;
    for _ in 0..3 {
        let asked = ops.post("/mediators", &[("name", "Ana")]).await;
        assert_eq!(asked.leads_to.as_deref(), Some("/mediators?asked=1"), "one operator took two's place");
    }
    assert_eq!(ops.post("/mediators/role", &[("name", "Ana"), ("role", "mediator")]).await.leads_to.as_deref(), Some("/mediators?asked=1"));
    assert_eq!(demo.engine.store.mediator("Ana").await.unwrap().unwrap().role, Role::Operator);
    assert!(cleo.get("/mediators").await.text.contains("Ops demande"));
    let link = link_of(&cleo.post("/mediators", &[("name", "Ana")]).await);
    assert_eq!(Visitor::outside(&router).get(&link.unwrap()).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_what_was_done_can_be_read_and_says_nothing_of_visitors() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ops = Visitor::of(&demo.engine, &router, "Ops", Role::Operator).await;
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    harness::desk::call_back(&demo, "+32470123456").await;
    ana.clone().log_in("Ana", "my number is 0470123456").await;
    ana.get("/calls").await;
    ana.post("/calls/take", &[("id", "1")]).await;
    let fields = [("kind", "person"), ("name", "Ines"), ("theme_1", "papers"), ("postal_code", "1030"), ("phone", "02 555 01 23")];
    let code = ana.post("/add", &fields).await.leads_to.unwrap().split('/').nth(2).unwrap().to_owned();
    ana.post(&format!("/record/{code}/consent"), &[("given", "paper"), ("scope", "sms")]).await;
    ops.get("/figures.csv").await;
    ops.post("/mediators", &[("name", "Bob"), ("role", "editor")]).await;
    ops.post("/mediators/role", &[("name", "Bob"), ("role", "mediator")]).await;
    ops.post("/mediators/remove", &[("name", "Bob")]).await;
    let secret = proposed(&ops).await;
    let first = code_of(&secret, &demo);
    ops.post("/account/code", &[("code", &first), ("password", PASSWORD)]).await;
    let page = ops.get("/audit").await.text;
    for told in [
        "est entré",
        "essai d&#39;entrer, refusé",
        "a ouvert la liste des rappels",
        "a pris un appel et vu le numéro",
        "accord d&#39;une personne",
        code.as_str(),
        "a emporté des chiffres",
        "a ouvert un compte",
        "a changé un rôle",
        "a fermé un compte",
        "codes à usage unique : oui",
    ] {
        assert!(page.contains(told), "nothing of {told}: {page}");
    }
    let rows = demo.place.rows().await.unwrap()["audit"].join("\n");
    for hidden in ["470123456", "0470", "Ines", "my number", "1030"] {
        let shown = page.split_once("<table>").unwrap().1.split("</table>").next().unwrap();
        assert!(!rows.contains(hidden) && !shown.contains(hidden), "{hidden} is in it");
    }
    assert_eq!(ana.get("/audit").await.status, StatusCode::FORBIDDEN);
    // A year later it is gone.
    demo.engine.store.purge(demo.engine.clock.now() + Duration::days(366)).await.unwrap();
    assert!(demo.place.rows().await.unwrap()["audit"].is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_a_number_is_shown_to_whoever_calls() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let mut bob = Visitor::of(&demo.engine, &router, "Bob", Role::Mediator).await;
    harness::desk::call_back(&demo, "+32470123456").await;
    let shows = async |who: &Visitor| who.get("/calls").await.text.contains("0470 12 34 56");
    assert!(!shows(&ana).await && !shows(&bob).await, "the list shows numbers");
    ana.post("/calls/take", &[("id", "1")]).await;
    assert!(shows(&ana).await);
    assert!(!shows(&bob).await);
    assert!(!bob.post("/calls/take", &[("id", "1")]).await.text.contains("0470 12 34 56"));
    // A visit in between takes nothing away; a quarter of an hour does.
    ana.post("/visit", &[("theme", "food"), ("outcome", "answered")]).await;
    assert!(shows(&ana).await);
    for _ in 0..4 {
        demo.clock.advance(Duration::minutes(4));
        ana.get("/").await;
    }
    assert!(!shows(&ana).await);
    bob.post("/unlock", &[("pin", PIN)]).await;
    bob.post("/calls/take", &[("id", "1")]).await;
    assert!(shows(&bob).await && !shows(&ana).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_a_desk_left_alone_is_locked_without_scripts_too() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    for _ in 0..4 {
        demo.clock.advance(Duration::minutes(4));
        assert_eq!(ana.get("/").await.status, StatusCode::OK, "somebody is there");
    }
    // A page that looks again by itself is nobody.
    for _ in 0..3 {
        demo.clock.advance(Duration::minutes(2));
        ana.get("/imports?again=1").await;
    }
    assert_eq!(ana.get("/").await.leads_to.as_deref(), Some("/locked"));
    assert_eq!(ana.get("/calls").await.leads_to.as_deref(), Some("/locked"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_what_is_searched_stands_in_no_address() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let mut found = BTreeMap::new();
    ana.post("/", &[("q", "mon mari me frappe 1030")]).await;
    for line in ["colis alimentaire 1080", "douche 1000"] {
        let led = ana.post("/", &[("q", line)]).await.leads_to.unwrap();
        let page = ana.get(&led).await.text;
        assert!(page.contains(line) && page.contains("class=\"name\""), "{page}");
        for part in page.split("href=\"").chain(page.split("action=\"")).skip(1) {
            let address = part.split('"').next().unwrap();
            assert!(!address.contains("colis") && !address.contains("douche") && !address.contains("q="), "{address}");
        }
        // From an entry one comes back to it.
        let entry = page.split_once("<a class=\"name\" href=\"").unwrap().1.split('"').next().unwrap().to_owned();
        assert!(ana.get(&entry).await.text.contains(&format!("href=\"{led}\"")), "{entry}");
        found.insert(line, led);
    }
    // Back is back, in whichever window.
    for (line, led) in &found {
        assert!(ana.get(led).await.text.contains(line));
    }
    // What others typed into an address is no search, nor does the database say what was.
    assert!(!ana.get("/?q=douche+1000").await.text.contains("class=\"name\""));
    let kept = format!("{:?}", demo.place.rows().await.unwrap());
    assert!(!kept.contains("mari me frappe"), "it can be read in the database");
    // With the visit it is over.
    ana.post("/visit", &[("theme", "food"), ("outcome", "answered")]).await;
    assert!(!ana.get(&found["douche 1000"]).await.text.contains("douche 1000"));
    let out = ana.post("/logout", &[]).await;
    assert!(out.headers.iter().any(|(name, value)| name == "clear-site-data" && value.contains("cache")), "{:?}", out.headers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_a_slip_is_found_by_whoever_helps_visitors() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let code = demo.text("+32470000001", "manger 1030").await.unwrap().answer.records()[0];
    ana.post("/slip/add", &[("code", code.as_str())]).await;
    let led = ana.post("/slip/number", &[("first", "fr")]).await.leads_to.unwrap();
    let page = ana.get(&led).await.text;
    let said = page.split_once("Numéro à lire au visiteur").unwrap().1.split(". ").next().unwrap();
    let digits: String = said.chars().filter(char::is_ascii_digit).take(5).collect();
    for (role, is_shown) in [(Role::Mediator, true), (Role::Editor, false)] {
        let mut who = Visitor::of(&demo.engine, &router, role.id(), role).await;
        let line = format!("ticket {digits}");
        let list = who.post("/search/list", &[("q", &line)]).await.text;
        let led = who.post("/", &[("q", &line)]).await.leads_to.unwrap();
        let found = who.get(&led).await.text;
        assert_eq!((list.contains(code.as_str()), found.contains(code.as_str())), (is_shown, is_shown), "{}: {list}", role.id());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_no_quarter_breaks_the_page() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let ana = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    for quarter in ["262142-Q4", "262143-Q4", "-262143-Q1", "9999-Q9"] {
        let page = ana.get(&format!("/figures/report?quarter={quarter}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{quarter}");
    }
}
