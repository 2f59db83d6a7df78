//! Searching at the desk while somebody types: how long the list takes that stands below the line.

use std::sync::Arc;

use anyhow::Context;
use application::keys::Keys;
use db::Store;
use db::mediator::Role;
use directory::clock::{Clock, SystemClock};
use directory::language::Language;
use gateway::desk::{COOKIE, FORM_TOKEN, secret};

use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::load::{Load, Requests, drive};
use crate::stats::float;

/// A list without an entry is shorter, in bytes: half of what is typed must find something.
const LEAST_BODY: usize = 500;

/// Questions typed letter by letter, each beginning from the third letter on asked for once, by one person: there is no
/// comparator, the bar is a time that nobody notices.
pub fn desk(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let rounds = bench.rounds("desk", bench.plan.control, |_| {
        let copy = bench.territory.copy(bench.plan.records, "desk")?;
        let keys = Keys::fixed(&copy.make_key()?);
        let token = come_in(copy.path(), &keys)?;
        let listen = crate::process::free_address()?;
        let _gateway = bench.serve_with(&copy.path().display().to_string(), &[("PASSERELLE__DESK__LISTEN", &listen.to_string())])?;
        let beginnings = bench.territory.questions.iter().flat_map(|question| {
            let ends = question.char_indices().map(|(end, _)| end).skip(3).chain([question.len()]);
            ends.filter_map(|end| question.get(..end)).map(ToOwned::to_owned).collect::<Vec<_>>()
        });
        let form = secret::form_token(&keys, &token, 0, 0);
        let requests = beginnings.take(20_000).map(|typed| request(&typed, &token, &form)).collect();
        let load = Load { connections: 1, warm_up: bench.plan.warm_up, length: bench.plan.length };
        let measured = drive(listen, &Arc::new(Requests::plain(requests)), load)?;
        anyhow::ensure!(measured.mean_body >= LEAST_BODY, "the lists are {} bytes long: the questions do not fit the data", measured.mean_body);
        Ok(measured)
    })?;
    let [p50, p99] = [50, 99].map(|percent| middle(&rounds, |(_, lists)| lists.percentile(percent)));
    let line = bench.line("desk, as one types: p99", Figure::Millis(p99), ("", Figure::None), Bar::AtMost(20.0));
    Ok(vec![
        line,
        Said::Told(format!(
            "desk: a list while one types: p50 {p50:.3} ms, p99 {p99:.3} ms, {} bytes on average",
            middle(&rounds, |(_, lists)| float(lists.mean_body))
        )),
    ])
}

/// Somebody who is in, without the second that a password takes: the token of their cookie.
fn come_in(database: &std::path::Path, keys: &Keys) -> anyhow::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (store, now, token) = (Store::open(database).await?, SystemClock.now(), secret::token()?);
        store.invite("Bench", Role::Mediator, &secret::token_hash(&token), now).await?;
        store.accept_invitation(&secret::token_hash(&token), "no password", "no pin", Language::Fr, now).await?;
        let mediator = store.mediator("Bench").await?.context("nobody was invited")?;
        store.begin_desk_session(mediator.id, &keys.desk_session(&token), None, now).await?;
        store.close().await;
        Ok(token)
    })
}

fn request(typed: &str, token: &str, form: &str) -> Vec<u8> {
    let body = form_urlencoded::Serializer::new(String::new()).append_pair(FORM_TOKEN, form).append_pair("q", typed).finish();
    let length = body.len();
    format!(
        "POST /search/list HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {COOKIE}={token}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
