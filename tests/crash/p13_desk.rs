//! P13: every route of the desk against every role, token and cookie. The routes come from the table that serves them:
//! one without a rule does not compile, one that is served apart is found by `tidy`.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use db::mediator::Role;
use gateway::desk::{RULES, Rule, Settings};
use harness::demo::Demo;
use harness::desk::{Visitor, csrf_of, desk};

/// An address of the route, with something in the place of its names.
fn address(path: &str, code: &str) -> String {
    path.replace("{code}", code).replace("{id}", "1").replace("{token}", "nobody")
}

/// Rows of the tables that somebody at the desk could change.
async fn state(demo: &Demo) -> String {
    let store = &demo.engine.store;
    let day = demo.engine.clock.now().date_naive();
    let today = (day - chrono::Days::new(1), day + chrono::Days::new(1));
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        store
            .mediators()
            .await
            .unwrap()
            .iter()
            .map(|mediator| (mediator.name.clone(), mediator.role, mediator.language, mediator.totp.is_some()))
            .collect::<Vec<_>>(),
        store.visits(today.0, today.1).await.unwrap().len(),
        store.tallies(today.0, today.1).await.unwrap(),
        store.count_call_backs().await.unwrap(),
        store.feeds().await.unwrap(),
        store.judged_pairs().await.unwrap(),
    )
}

fn is_allowed(rule: Rule, whose: Option<Role>, is_locked: bool) -> bool {
    match (rule, whose) {
        (Rule::Anybody, _) | (Rule::Locked, Some(_)) => true,
        (_, None) => false,
        (Rule::Only(allowed), Some(whose)) => allowed.contains(&whose) && !is_locked,
    }
}

/// True for what a guard answers to whom it does not let pass.
fn is_refused(page: &harness::desk::Page) -> bool {
    matches!(page.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) || matches!(page.leads_to.as_deref(), Some("/login" | "/login?kept=no" | "/locked"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_no_route_without_its_rule() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let code = demo.text("+32470000001", "manger 1030").await.unwrap().answer.records()[0].to_string();
    let (mut holes, mut tried) = (Vec::new(), 0);
    let mut expect = |what: String, refused: bool, wanted: bool| {
        tried += 1;
        if refused != wanted {
            holes.push(what);
        }
    };
    let mut people: Vec<(String, Option<Role>, bool, Visitor)> = vec![("nobody".to_owned(), None, false, Visitor::outside(&router))];
    for role in Role::ALL {
        people.push((role.id().to_owned(), Some(*role), false, Visitor::of(&demo.engine, &router, role.id(), *role).await));
        let name = format!("{} locked", role.id());
        let mut locked = Visitor::of(&demo.engine, &router, &name, *role).await;
        assert_eq!(locked.post("/lock", &[]).await.leads_to.as_deref(), Some("/locked"));
        people.push((name, Some(*role), true, locked));
    }
    // Cookies that are nobody's: a guess, an old session.
    let mut gone = Visitor::of(&demo.engine, &router, "gone", Role::Operator).await;
    let old = gone.token().unwrap().to_owned();
    gone.post("/logout", &[]).await;
    people.push(("old cookie".to_owned(), None, false, gone.with_cookie(Some(&old))));
    people.push(("guessed cookie".to_owned(), None, false, gone.with_cookie(Some("AAAA"))));

    for (name, role, is_locked, visitor) in &people {
        let page = if *is_locked { visitor.get("/locked").await } else { visitor.get("/account").await };
        let csrf = csrf_of(&page.text);
        for (method, path, rule) in RULES {
            let address = address(path, &code);
            let what = format!("{name}: {method} {path}");
            let is_in = is_allowed(*rule, *role, *is_locked);
            if *method == "GET" {
                // A session that ends or locks itself would not be the one that is asked for.
                expect(what, is_refused(&visitor.get(&address).await), !is_in);
                continue;
            }
            let changes_session = matches!(*path, "/logout" | "/lock" | "/unlock" | "/login" | "/first/{token}");
            for (token, site, sound) in [
                (Some(csrf.as_str()), Some("same-origin"), true),
                (Some(csrf.as_str()), None, true),
                (Some(csrf.as_str()), Some("cross-site"), false),
                (Some(csrf.as_str()), Some("same-site"), false),
                (Some("wrong"), Some("same-origin"), false),
                (Some(""), Some("same-origin"), false),
                (None, Some("same-origin"), false),
            ] {
                let what = format!("{what} token {token:?} from {site:?}");
                let needs_token = *rule != Rule::Anybody;
                let passes = is_in && (sound || (!needs_token && matches!(site, Some("same-origin"))));
                if passes && (changes_session || csrf.is_empty() && needs_token) {
                    continue;
                }
                let before = state(&demo).await;
                let page = visitor.post_with(&address, &[], token, site).await;
                if *path == "/login" || path.starts_with("/first") {
                    // What says "wrong password" says it to everybody.
                    expect(what, page.status == StatusCode::FORBIDDEN, !passes);
                    continue;
                }
                if !passes {
                    let after = state(&demo).await;
                    expect(format!("{what}: something changed"), before == after, true);
                }
                expect(what, is_refused(&page), !passes);
            }
            // Another site's page, as an old browser tells of it.
            let forged = Request::post(&address).header("origin", "https://evil.example.org").body(Body::from(format!("csrf={csrf}"))).unwrap();
            expect(format!("{what} from another origin"), is_refused(&visitor.send(forged).await), true);
        }
    }
    println!("P13: {} routes, {} people, {tried} requests: holes {}", RULES.len(), people.len(), holes.len());
    assert!(holes.is_empty(), "{holes:#?}");
    assert!(tried > 1_000);
    let twice: BTreeSet<(&str, &str)> = RULES.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(twice.len(), RULES.len(), "a route stands twice in the table");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_cookies_and_headers() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut visitor = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    let page = visitor.log_in("Ana", harness::desk::PASSWORD).await;
    let cookie = page.cookie.unwrap();
    for part in ["__Host-passerelle=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let token = visitor.token().unwrap().to_owned();
    let kept = format!("{:?}", demo.engine.store.desk_session(&demo.engine.keys.desk_session(&token), true, demo.engine.clock.now()).await.unwrap());
    assert!(!kept.contains(&token), "the token itself is kept");
    for (_, path, _) in RULES.iter().filter(|(method, _, _)| *method == "GET") {
        let page = visitor.get(&address(path, "AAAAA")).await;
        let header = |name: &str| page.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!((header("x-content-type-options").as_str(), header("referrer-policy").as_str()), ("nosniff", "no-referrer"), "{path}");
        assert!(header("cache-control") == "no-store" || path.starts_with("/desk."), "{path}: {}", header("cache-control"));
        assert!(page.text.len() < 60_000, "{path}: {} bytes", page.text.len());
        assert!(!page.text.contains("<script>") && !page.text.contains(" style=") && !page.text.contains(" onclick"), "{path}: inline");
        assert!(
            !page.text.contains("http://") && !page.text.contains("https://") || path.starts_with("/imports") || path.starts_with("/account"),
            "{path}: something from elsewhere"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p13_who_guesses_gets_nowhere() {
    let demo = Demo::new().await.unwrap();
    let router = desk(&demo.engine, Settings::default());
    let mut visitor = Visitor::of(&demo.engine, &router, "Ana", Role::Mediator).await;
    for _ in 0..5 {
        assert!(visitor.log_in("Ana", "password1234").await.cookie.is_none());
    }
    // The right one has to wait now, and counts after two minutes.
    assert!(visitor.log_in("Ana", harness::desk::PASSWORD).await.cookie.is_none());
    demo.clock.advance(chrono::Duration::seconds(121));
    assert!(visitor.log_in("Ana", harness::desk::PASSWORD).await.cookie.is_some());
    // A browser that does not keep the cookie is told so, and not sent round.
    let page = Visitor::outside(&router).get("/?in=1").await;
    assert_eq!(page.leads_to.as_deref(), Some("/login?kept=no"));
    assert!(Visitor::outside(&router).get("/login?kept=no").await.text.contains("cookie"));
    // A locked desk ends after five wrong codes.
    visitor.post("/lock", &[]).await;
    for _ in 0..5 {
        visitor.post("/unlock", &[("pin", "0000")]).await;
    }
    assert_eq!(visitor.post("/unlock", &[("pin", harness::desk::PIN)]).await.leads_to.as_deref(), Some("/login"));
    assert_eq!(visitor.get("/").await.leads_to.as_deref(), Some("/login"));
    // Half an hour without a click.
    visitor.log_in("Ana", harness::desk::PASSWORD).await;
    assert_eq!(visitor.get("/").await.status, StatusCode::OK);
    demo.clock.advance(chrono::Duration::minutes(31));
    assert_eq!(visitor.get("/").await.leads_to.as_deref(), Some("/login"));
}
