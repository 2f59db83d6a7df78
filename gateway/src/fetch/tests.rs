use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;

use super::*;

/// A server on this machine that counts who asks: `/to/0` answers, `/to/3` leads on three times.
async fn server() -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let leads_on = async move |Path(left): Path<usize>| {
        counted.fetch_add(1, Ordering::SeqCst);
        match left {
            0 => Err((StatusCode::OK, "here")),
            left => Ok(Redirect::temporary(&format!("/to/{}", left - 1))),
        }
    };
    let large = || async { vec![b'x'; LARGEST + 1] };
    let router = Router::new().route("/to/{left}", get(leads_on)).route("/large", get(large));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, asked)
}

#[tokio::test]
async fn this_machine_and_its_neighbours_are_not_fetched_from_the_desk() {
    let (address, asked) = server().await;
    let port = address.rsplit(':').next().unwrap().to_owned();
    for host in ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "10.0.0.1"] {
        let refused = fetch(&format!("http://{host}:{port}/to/0"), Reach::Public).await;
        assert!(matches!(refused, Err(FetchError::Local | FetchError::Unreachable("no server has this name"))), "{host}: {refused:?}");
    }
    assert!(matches!(fetch("file:///etc/passwd", Reach::Anywhere).await, Err(FetchError::Address)));
    assert!(matches!(fetch("nowhere", Reach::Anywhere).await, Err(FetchError::Address)));
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    assert_eq!(fetch(&format!("{address}/to/0"), Reach::Anywhere).await.unwrap(), b"here");
}

#[tokio::test]
async fn a_server_leads_on_three_times_at_most_and_never_inside() {
    let (address, asked) = server().await;
    assert_eq!(fetch(&format!("{address}/to/3"), Reach::Anywhere).await.unwrap(), b"here");
    assert!(matches!(fetch(&format!("{address}/to/4"), Reach::Anywhere).await, Err(FetchError::Redirects)));
    let before = asked.load(Ordering::SeqCst);
    // A server that was named leads on to another one on this machine.
    let inside = format!("{address}/to/0");
    let router = Router::new().route("/", get(move || async move { Redirect::temporary(&inside) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let outside = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    assert!(matches!(fetch(&outside, Reach::Anywhere).await, Err(FetchError::Local)));
    assert_eq!(asked.load(Ordering::SeqCst), before, "it was asked all the same");
    assert!(matches!(fetch(&format!("{address}/large"), Reach::Anywhere).await, Err(FetchError::TooLarge)));
}

#[test]
fn what_is_public_is_what_anybody_has() {
    for public in ["1.1.1.1", "93.184.216.34", "100.63.255.255", "172.15.0.1", "2606:2800:220:1::1", "64:ff9b::101:101"] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
    let inside = [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "2001:db8::1",
        "2002:a00:1::",
        "64:ff9b::7f00:1",
        "::10.0.0.1",
    ];
    for inside in inside {
        assert!(!is_public(inside.parse().unwrap()), "{inside}");
    }
}

#[test]
fn keys_and_passwords_are_not_shown() {
    for (address, expected) in [
        ("https://ana:geheim@example.org:8443/feed.csv?key=s3cret&page=2#x", "https://example.org:8443/feed.csv?…"),
        ("https://calendar.example/ical/a%40b/private-0b64c2d4e6f8a9b1/basic.ics", "https://calendar.example/ical/a%40b/…/basic.ics"),
        ("http://example.org/agenda.ics", "http://example.org/agenda.ics"),
        ("/srv/ana/feed.csv", "/srv/ana/feed.csv"),
        ("https://[bad", "…"),
    ] {
        assert_eq!(shown(address), expected);
    }
}
