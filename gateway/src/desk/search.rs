//! One line that understands what a text message does, and the record somebody chooses, turned to them if need be.

use std::sync::Arc;

use application::find::{View, find, of_slip};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use chrono::NaiveDate;
use directory::code::{Code, Typed};
use directory::dialogue::{self, Found, Lookup};
use directory::intent::{self, Input, Intent};
use directory::language::Language;
use directory::locality::Locality;
use directory::query::Wanted;
use directory::record::Scope;
use directory::session::Session;
use directory::ticket::Ticket;

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::view::{NeedRow, Row, Sheet, need_rows};
use super::work::Work;
use super::{Desk, PageError, typed};

/// What was found for a line.
pub(super) struct Results {
    /// What was understood, in words.
    pub(super) understood: String,
    pub(super) rows: Vec<Row>,
    /// The sentence that says why there are none, or that they are further away.
    pub(super) remark: Option<&'static str>,
}

/// Characters of a line that are read.
const LONGEST: usize = 200;

impl Desk {
    /// Searches as a text message would. Everything that may be shown at the kiosk may be shown at the desk; a visitor's slip
    /// only to whoever helps visitors.
    async fn search(&self, line: &str, language: Language, helps: bool) -> Result<Results, PageError> {
        let line: String = line.chars().take(LONGEST).collect();
        if line.trim().is_empty() {
            return Ok(Results { understood: String::new(), rows: Vec::new(), remark: None });
        }
        let now = self.local();
        let (setting, session) = (self.setting(now), Session { language: Some(language), ..Session::default() });
        let understood = intent::read(&Input::Text(line), &session, &self.engine.vocabulary, now);
        let wanted = understood.intent.wanted().cloned().unwrap_or_default();
        let mut remark = None;
        let found = match dialogue::lookup(&understood, &session, &setting) {
            Lookup::Ticket(_) if !helps => {
                remark = Some("search-no-ticket");
                Found::default()
            }
            Lookup::Ticket(ticket) => self.slip_of(ticket).await?,
            lookup => {
                let found = self.find(&lookup).await?;
                if let (Lookup::Records(query), 0) = (&lookup, found.hits.len()) {
                    remark = Some(if query.wanted.locality.is_some() { "search-nothing" } else { "search-where" });
                }
                found
            }
        };
        let placed = Wanted { locality: wanted.locality.clone().or_else(|| self.engine.home.clone()), ..wanted.clone() };
        let rows: Vec<Row> = found.hits.iter().map(|hit| self.row(hit, &placed, &setting, language)).collect();
        if rows.is_empty() && remark.is_none() {
            remark = Some(match understood.intent {
                Intent::Code(Typed::Misread) => "search-misread",
                Intent::Code(_) | Intent::Ticket(_) => "search-no-such",
                _ if placed.locality.is_none() => "search-where",
                _ => "search-unclear",
            });
        }
        Ok(Results { understood: self.in_words(&placed, language), rows, remark })
    }

    fn view(&self) -> View {
        View { edition: None, scope: Scope::Kiosk, now: self.local(), helps: true }
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found, PageError> {
        Ok(find(&self.engine.store, self.engine.vocabulary.territory(), lookup, self.view()).await?)
    }

    async fn slip_of(&self, ticket: Ticket) -> Result<Found, PageError> {
        let Some(slip) = self.engine.store.ticket(ticket, self.now()).await? else { return Ok(Found::default()) };
        // A number that comes back was kept: the paper is of use.
        self.engine.store.tally(self.today(), "slip-again", "desk", &slip.style).await?;
        Ok(of_slip(&self.engine.store, &slip, self.view()).await?)
    }

    /// `Manger · 1030 · demain`: what was understood, so that a mediator sees at once what was not.
    fn in_words(&self, wanted: &Wanted, language: Language) -> String {
        let words = self.words(language, self.today());
        let label = |theme: &directory::theme::Theme| self.engine.vocabulary.label(*theme, language).to_owned();
        let mut parts: Vec<String> = wanted.words.iter().map(|word| format!("« {word} »")).collect();
        parts.extend(wanted.themes.iter().map(label));
        parts.extend(wanted.kinds.iter().map(|kind| self.phrases.say(language, &format!("kind-{}", kind.id()))));
        parts.extend(wanted.audiences.iter().map(|audience| self.phrases.say(language, &format!("audience-{}", audience.id()))));
        parts.extend(wanted.locality.as_ref().map(in_short));
        parts.extend(wanted.when.map(|days| words.days(days)));
        parts.extend([(wanted.open_now, "open-now"), (wanted.free, "free")].iter().filter(|(is, _)| *is).map(|(_, key)| self.phrases.say(language, key)));
        parts.extend(wanted.part.map(|part| self.phrases.say(language, &format!("part-{}", part.id()))));
        parts.join(" · ")
    }
}

/// `Schaerbeek (1030)`.
fn in_short(place: &Locality) -> String {
    let code = place.postal_codes.first().map(String::as_str).unwrap_or_default();
    match place.name.as_str() {
        "" => code.to_owned(),
        name if name == code => code.to_owned(),
        name => format!("{name} ({code})"),
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    page: Page,
    line: String,
    /// The number under which the line is found again.
    number: Option<u32>,
    results: Results,
    basket: usize,
    helps: bool,
    /// What waits to be done, in words with where it is done.
    waiting: Vec<(String, String)>,
    /// Emergency numbers that are shown though nobody verified them.
    unverified: Vec<String>,
}

#[derive(Template)]
#[template(path = "results.html")]
struct ResultsPart {
    page: Page,
    line: String,
    number: Option<u32>,
    results: Results,
}

/// The first page; with the number of a search in its address, what that search finds. No address says what was searched:
/// browsers on a shared machine, and proxies, keep addresses.
pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let work = Work::of(&who);
        let (number, line) = match work.searched(form.get(NUMBER)) {
            Some((number, line)) => (Some(number), line.to_owned()),
            None => (None, if who.is_typed { form.get("q").to_owned() } else { String::new() }),
        };
        let page = Page::of(&desk, &who, "search").working("/");
        let helps = page.helps();
        let results = desk.search(&line, who.language(), helps).await?;
        let waiting = if line.is_empty() { desk.waiting(&page, &who).await? } else { Vec::new() };
        let unverified = if line.is_empty() { desk.unverified() } else { Vec::new() };
        html(&SearchPage { page, line, number, results, basket: work.basket.len(), helps, waiting, unverified })
    })
}

/// Takes a line to search, and leads to what it finds.
pub(super) async fn ask(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let Some(line) = form.some("q") else { return Ok(Redirect::to("/").into_response()) };
        let mut work = Work::of(&who);
        let number = work.search(line);
        work.keep(&desk, &who).await?;
        Ok(Redirect::to(&found(number)).into_response())
    })
}

/// In addresses, the number of a search.
const NUMBER: &str = "s";

/// Where what was searched is found again.
pub(super) fn found(number: u32) -> String {
    format!("/?{NUMBER}={number}")
}

/// The results alone, while somebody types; with `keep`, so that one can come back to them.
pub(super) async fn list(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let line = form.get("q").to_owned();
        let page = Page::of(&desk, &who, "search");
        let results = desk.search(&line, who.language(), page.helps()).await?;
        let mut number = None;
        if form.has("keep") && !line.is_empty() {
            let mut work = Work::of(&who);
            number = Some(work.search(&line));
            work.keep(&desk, &who).await?;
        }
        html(&ResultsPart { page, line, number, results })
    })
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    page: Page,
    code: Code,
    sheet: Sheet,
    needs: Vec<NeedRow>,
    is_in_basket: bool,
    helps: bool,
    /// The search from which one came.
    number: Option<u32>,
}

/// What is left of an entry that was erased.
#[derive(Template)]
#[template(path = "erased.html")]
struct ErasedPage {
    page: Page,
    code: Code,
    day: NaiveDate,
}

#[derive(Template)]
#[template(path = "mirror.html")]
struct MirrorPage {
    page: Page,
    code: Code,
    sheet: Sheet,
}

pub(super) async fn record(State(desk): State<Arc<Desk>>, who: Who, Path(code): Path<String>, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (code, record) = desk.record(&code).await?;
        let mut work = Work::of(&who);
        let page = Page::of(&desk, &who, "search");
        if let Some(day) = record.erased_on() {
            return html(&ErasedPage { page, code, day });
        }
        let helps = page.helps();
        if helps && work.look_at(&record, desk.now()) {
            work.keep(&desk, &who).await?;
        }
        let sheet = desk.sheet(&record, who.language());
        let number = work.searched(form.get(NUMBER)).map(|(number, _)| number);
        let needs = need_rows(&record.content, record.kind, &page);
        html(&RecordPage { is_in_basket: work.basket.contains(&code), code, sheet, needs, helps, number, page })
    })
}

/// The record in big letters, to turn the screen to the visitor: in their language, without the desk around it.
pub(super) async fn mirror(State(desk): State<Arc<Desk>>, who: Who, Path(code): Path<String>, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (code, record) = desk.record(&code).await?;
        if record.erased_on().is_some() {
            return Err(PageError::NotFound);
        }
        let language = Language::from_code(form.get("in")).unwrap_or(who.language());
        let page = Page::of(&desk, &who, "search").in_language(language);
        let sheet = desk.sheet(&record, language);
        html(&MirrorPage { page, code, sheet })
    })
}

impl Desk {
    /// What waits to be done, with where: said on the first page, so that nobody has to look.
    async fn waiting(&self, page: &Page, who: &Who) -> Result<Vec<(String, String)>, PageError> {
        let mut waiting: Vec<(String, String)> = Vec::new();
        for typed in self.engine.store.typed_pages(who.id(), self.now()).await? {
            waiting.push((page.with("waiting-typed", "place", &typed), typed::address(&typed)));
        }
        let links = self.links_in_words(page, who.id()).await?;
        waiting.extend(links.into_iter().map(|link| (link, "/account".to_owned())));
        if page.helps() {
            let (calls, _) = self.engine.store.count_call_backs().await?;
            let assistance = self.engine.store.assistance_calls(self.now()).await?.len();
            if assistance > 0 {
                waiting.push((page.with("waiting-rings", "count", assistance), "/calls".to_owned()));
            }
            if calls > 0 {
                waiting.push((page.with("waiting-calls", "count", calls), "/calls".to_owned()));
            }
        }
        let doubted = self.engine.store.doubts().await?.len();
        if doubted > 0 {
            waiting.push((page.with("waiting-doubts", "count", doubted), "/verify".to_owned()));
        }
        Ok(waiting)
    }

    fn unverified(&self) -> Vec<String> {
        let numbers = self.engine.vocabulary.emergency().unverified(self.local().date_naive());
        numbers.into_iter().map(ToOwned::to_owned).collect()
    }

    /// The record with the code in an address.
    pub(super) async fn record(&self, typed: &str) -> Result<(Code, Arc<directory::record::Record>), PageError> {
        let code = Code::parse(typed).ok_or(PageError::NotFound)?;
        let record = self.engine.store.record(code).await?.ok_or(PageError::NotFound)?;
        Ok((code, record))
    }
}
