//! A round of verification: ten records to phone, the doubted ones first, then those that nobody confirmed for longest.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use directory::code::Code;
use directory::record::{Brief, Freshness, Kind, Record, STATUS, Status};
use serde_json::json;

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::{Desk, PageError};

/// Records of one round.
const ROUND: usize = 10;

/// Who did not answer is not phoned again before.
const LATER: Days = Days::new(3);

/// A record to phone.
struct Due {
    code: Code,
    name: String,
    phone: Option<(String, String)>,
    address: String,
    hours: Vec<String>,
    freshness: String,
    doubts: i64,
}

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    page: Page,
    dues: Vec<Due>,
    waiting: usize,
    postal_code: String,
    /// Where an organisation may answer by text message.
    text_to: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "a template hands over references")]
impl VerifyPage {
    /// How an organisation answers by text message.
    fn by_text(&self, number: &str, code: &Code) -> String {
        self.page.with2("verify-by-text", ("number", number), ("code", code.as_str()))
    }
}

impl Desk {
    /// Every record that should be confirmed, the first one first: those that visitors doubt since it was confirmed, then
    /// the oldest.
    pub(super) async fn due(&self, postal_code: &str) -> Result<Vec<(Code, i64)>, PageError> {
        let today = self.today();
        let store = &self.engine.store;
        let doubts: BTreeMap<Code, (i64, NaiveDate)> = store.doubts().await?.into_iter().map(|(code, count, day)| (code, (count, day))).collect();
        let tried = store.tallies(today.checked_sub_days(LATER).unwrap_or(today), today).await?;
        let tried: BTreeSet<Code> = tried.iter().filter(|tally| tally.what == "no-answer").filter_map(|tally| Code::parse(&tally.key)).collect();
        // Most doubted first, then what is shown as doubtful, then the oldest.
        let mut due: Vec<(Reverse<i64>, bool, Option<NaiveDate>, Code)> = Vec::new();
        store
            .each_brief(|brief| {
                let is_here = postal_code.is_empty() || brief.site.postal_code.as_deref() == Some(postal_code);
                if !is_here || !brief.status.is_shown() || brief.demo && brief.kind == Kind::Event || tried.contains(&brief.code) {
                    return;
                }
                let doubted =
                    doubts.get(&brief.code).filter(|(_, day)| brief.confirmed_on.is_none_or(|confirmed| confirmed < *day)).map_or(0, |(count, _)| *count);
                if doubted > 0 || brief.status == Status::Doubtful || is_stale(&brief, today) {
                    due.push((Reverse(doubted), brief.status != Status::Doubtful, brief.confirmed_on, brief.code));
                }
            })
            .await?;
        due.sort_unstable();
        Ok(due.into_iter().map(|(Reverse(doubts), _, _, code)| (code, doubts)).collect())
    }

    async fn verify_page(self: &Arc<Self>, who: &Who, postal_code: &str) -> Result<Response, PageError> {
        let due = self.due(postal_code).await?;
        let codes: Vec<Code> = due.iter().take(ROUND).map(|(code, _)| *code).collect();
        let records = self.engine.store.records(&codes).await?;
        let dues = records.iter().map(|record: &Arc<Record>| {
            let sheet = self.sheet(record, who.language());
            let doubts = due.iter().find(|(code, _)| *code == record.code).map_or(0, |(_, doubts)| *doubts);
            Due { code: record.code, name: sheet.name, phone: sheet.phone, address: sheet.address, hours: sheet.hours, freshness: sheet.freshness, doubts }
        });
        html(&VerifyPage {
            dues: dues.collect(),
            waiting: due.len(),
            postal_code: postal_code.to_owned(),
            text_to: self.settings.text_to.as_ref().map(directory::phone::Phone::national),
            page: Page::of(self, who, "verify"),
        })
    }
}

/// True for what should be confirmed again: never was, or too long ago. Events are true until they are over.
fn is_stale(brief: &Brief, today: NaiveDate) -> bool {
    let freshness = Freshness { confirmed_on: brief.confirmed_on };
    brief.kind != Kind::Event && freshness.review_due(brief.kind).is_none_or(|due| due <= today)
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), desk.verify_page(&who, form.get("place")).await)
}

/// What somebody said on the phone: right, gone, nobody there.
pub(super) async fn answer(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (code, today, now) = (form.get("code"), desk.today(), desk.now());
        let role = who.role().id();
        match form.get("said") {
            "right" => {
                let how = if form.get("how") == "visit" { "visit" } else { "phone" };
                let day = |record: &Record| record.freshness.confirmed_on.map(|day| day.to_string()).unwrap_or_default();
                desk.amend(&who, code, "verified", format!("{today} {how}"), |record, _| {
                    let before = day(record);
                    record.confirm(role, how, today);
                    before
                })
                .await?;
            }
            "gone" => {
                desk.amend(&who, code, STATUS, Status::Closed.id().to_owned(), |record, word| {
                    let before = record.status.id().to_owned();
                    record.correct(STATUS, json!(Status::Closed.id()), word, role, now);
                    before
                })
                .await?;
            }
            "no-answer" => {
                let (code, _) = desk.record(code).await?;
                desk.engine.store.tally(today, "no-answer", "desk", code.as_str()).await?;
            }
            _ => return Err(PageError::NotFound),
        }
        let place: String = form.get("place").chars().filter(char::is_ascii_digit).collect();
        Ok(Redirect::to(&if place.is_empty() { "/verify".to_owned() } else { format!("/verify?place={place}") }).into_response())
    })
}
