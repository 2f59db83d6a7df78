//! The slip being made: its records, how it looks, and the ways it goes: paper, a text message, a number read out.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::BASE64;
use db::place::{ServedPlace, ServedPrinter};
use db::print_job::Wanted;
use directory::answer::Desk as DeskThere;
use directory::code::Code;
use directory::phone::Phone;
use directory::printing::JobState;
use directory::record::{Brief, Record, Scope};
use directory::ticket::Ticket;
use printer::compose::SlipRequest;
use printer::preview;
use printer::profile::Profile;
use printer::slip::Style;
use printer::slip_language::SlipLanguage;

use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::work::{MOST_RECORDS, Work};
use super::{Desk, PageError, search, text};
use application::take_away::{self, Given};

/// The longest line by hand, in characters.
const LONGEST_LINE: usize = 90;

/// The columns of a preview where there is no printer.
const COLUMNS: u8 = 42;

/// How a slip shall look, as the form says.
struct Look {
    style: Style,
    languages: Vec<SlipLanguage>,
    line: String,
    /// Those on which a program prints now.
    printers: Vec<(ServedPlace, ServedPrinter)>,
    /// Which of them.
    chosen: usize,
}

impl Look {
    fn printer(&self) -> Option<&(ServedPlace, ServedPrinter)> {
        self.printers.get(self.chosen)
    }
}

/// A printer to choose: its name, that of its place.
struct Choice {
    name: String,
    place: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "slip.html")]
struct SlipPage {
    page: Page,
    rows: Vec<(Code, String)>,
    style: &'static str,
    styles: [&'static str; 3],
    first: &'static str,
    second: &'static str,
    languages: [(&'static str, &'static str); 5],
    line: String,
    printers: Vec<Choice>,
    can_text: bool,
    preview: Option<String>,
    lines_stay: bool,
    /// The number to text to, as it was typed.
    number: String,
    /// What was done, or cannot be.
    notice: Option<String>,
    done: Option<String>,
}

/// The languages of slips, with their own names.
const LANGUAGES: [(&str, &str); 5] = [("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English"), ("ar", "العربية")];

pub(super) async fn page(State(desk): State<Arc<Desk>>, mut who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        // The slip that was being made when the session ended comes back with what was typed beside it.
        if who.is_typed && Work::of(&who).basket.is_empty() {
            let mut work = Work::of(&who);
            work.basket = form.all("code").filter_map(Code::parse).take(MOST_RECORDS).collect();
            work.keep(&desk, &who).await?;
            work.set(&mut who);
        }
        let look = desk.look(&form, &who).await?;
        let page = Page::of(&desk, &who, "slip");
        let work = Work::of(&who);
        let done = work.said(form.get(SAID)).map(|(key, value)| match key {
            "slip-texted" => page.with(key, "count", value),
            _ => page.with(key, "digits", value),
        });
        let number = if who.is_typed { form.get("number").to_owned() } else { String::new() };
        desk.slip_page(&who, &look, Said { done, number, ..Said::default() }).await
    })
}

/// In the address, the number of what was done last.
const SAID: &str = "said";

/// What a slip's page says beside the slip.
#[derive(Default)]
struct Said {
    notice: Option<String>,
    done: Option<String>,
    preview: Option<String>,
    number: String,
}

impl Desk {
    async fn slip_page(self: &Arc<Self>, who: &Who, look: &Look, said: Said) -> Result<Response, PageError> {
        let page = Page::of(self, who, "slip").working("/slip");
        let records = self.engine.store.records(&Work::of(who).basket).await?;
        let printers = look.printers.iter().enumerate().map(|(place, (at, printer))| Choice {
            name: printer.name.clone(),
            place: at.name.clone(),
            is_chosen: place == look.chosen,
        });
        let code = |place: usize| look.languages.get(place).map_or("", |language| language.code());
        html(&SlipPage {
            rows: records.iter().map(|record| (record.code, record.name(who.language()).to_owned())).collect(),
            style: look.style.name(),
            styles: Style::ALL.map(Style::name),
            first: code(0),
            second: code(1),
            languages: LANGUAGES,
            line: look.line.clone(),
            printers: printers.collect(),
            can_text: self.settings.texts,
            preview: said.preview,
            lines_stay: look.printer().is_none_or(|(_, printer)| self.settings.own_printers.contains(&printer.name)),
            number: said.number,
            notice: said.notice,
            done: said.done,
            page,
        })
    }

    /// Printers on which a program prints now.
    async fn printers(&self) -> Result<Vec<(ServedPlace, ServedPrinter)>, PageError> {
        let places = self.engine.store.places(self.now()).await?;
        let all = places.into_iter().flat_map(|place| place.printers.clone().into_iter().map(move |printer| (place.clone(), printer)));
        Ok(all.filter(|(_, printer)| printer.is_served).collect())
    }

    async fn look(&self, form: &Form, who: &Who) -> Result<Look, PageError> {
        let printers = self.printers().await?;
        let chosen = printers.iter().position(|(_, printer)| printer.name == form.get("printer")).unwrap_or_default();
        let mut languages: Vec<SlipLanguage> = ["first", "second"].into_iter().filter_map(|field| SlipLanguage::from_code(form.get(field))).collect();
        if languages.is_empty() {
            languages.push(SlipLanguage::from(who.language()));
        }
        languages.dedup();
        let line = form.get("line").chars().filter(|character| !character.is_control()).take(LONGEST_LINE).collect();
        Ok(Look { style: Style::named(form.get("style")).unwrap_or_default(), languages, line, printers, chosen })
    }

    /// The records of the slip that may be printed, in its order.
    async fn slip_records(&self, who: &Who) -> Result<Vec<Arc<Record>>, PageError> {
        let mut records = self.engine.store.records(&Work::of(who).basket).await?;
        let today = self.today();
        records.retain(|record| Brief::from(record.as_ref()).may_be_shown(Scope::Print, today));
        if records.is_empty() { Err(PageError::Wrong("slip-empty")) } else { Ok(records) }
    }

    /// The picture of a slip, from the bytes that the printer would get.
    fn picture(&self, look: &Look, records: Vec<Arc<Record>>, ticket: Option<Ticket>) -> Result<Vec<u8>, PageError> {
        let fault = |error: &dyn std::fmt::Display| PageError::Slip(error.to_string());
        let profile = match look.printer() {
            Some((_, printer)) => Profile::named(&printer.profile).map_err(|error| fault(&error))?,
            None => Profile::of_columns(COLUMNS),
        };
        // The place's own number stands on what its printer prints.
        let desk_there = look.printer().and_then(|(place, _)| {
            let phone = Phone::parse(place.phone.as_deref()?, self.engine.home.as_ref().map(|home| home.country).unwrap_or_default())?;
            Some(DeskThere { name: place.name.clone(), phone })
        });
        let setting = directory::dialogue::Setting { desk: desk_there.as_ref().or(self.engine.desk.as_ref()), ..self.setting(self.local()) };
        let place = look.printer().map(|(place, _)| place.name.as_str());
        let asked = SlipRequest {
            records,
            languages: look.languages.clone(),
            style: look.style,
            ticket,
            scans: false,
            place,
            text_to: self.settings.text_to.as_ref(),
            line: Some(look.line.as_str()).filter(|line| !line.is_empty()),
        };
        let stream = asked.compose(&setting, &self.slips, &profile).map_err(|error| fault(&error))?;
        let sheets = preview::read(&stream.bytes(), &profile).map_err(|error| fault(&error))?;
        preview::png(&sheets).map_err(|error| fault(&error))
    }
}

/// Puts a record on the slip.
pub(super) async fn add(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (code, record) = desk.record(form.get("code")).await?;
        let mut work = Work::of(&who);
        work.look_at(&record, desk.now());
        if !work.basket.contains(&code) {
            if work.basket.len() >= MOST_RECORDS {
                return Err(PageError::Wrong("slip-full"));
            }
            work.basket.push(code);
        }
        // Back to the results from which it was put there.
        let known = work.searched(form.get("s")).map(|(number, _)| number);
        let number = known.or_else(|| form.some("q").map(|line| work.search(line)));
        work.keep(&desk, &who).await?;
        Ok(Redirect::to(&number.map_or_else(|| "/slip".to_owned(), search::found)).into_response())
    })
}

/// Moves a record up, or takes it off, or begins a new slip.
pub(super) async fn change(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let mut work = Work::of(&who);
        let place = |name: &str| Code::parse(form.get(name)).and_then(|code| work.basket.iter().position(|known| *known == code));
        if let Some(place) = place("up").filter(|place| *place > 0) {
            work.basket.swap(place, place - 1);
        } else if let Some(place) = place("off") {
            work.basket.remove(place);
        } else if form.has("all") {
            work.basket.clear();
        }
        work.keep(&desk, &who).await?;
        Ok(Redirect::to("/slip").into_response())
    })
}

/// The slip as it will be on the paper.
pub(super) async fn show(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let look = desk.look(&form, &who).await?;
        let picture = desk.picture(&look, desk.slip_records(&who).await?, None)?;
        let number = form.get("number").to_owned();
        desk.slip_page(&who, &look, Said { preview: Some(BASE64.encode(&picture)), number, ..Said::default() }).await
    })
}

/// Prints it, on a printer of this place.
pub(super) async fn print(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (look, records) = (desk.look(&form, &who).await?, desk.slip_records(&who).await?);
        let Some((place, printer)) = look.printer() else { return Err(PageError::Wrong("slip-no-printer")) };
        if records.len() > look.style.most() {
            return Err(PageError::Wrong("slip-too-many"));
        }
        let given = desk.number(&records, &look).await?;
        let wanted = Wanted {
            printer: printer.name.clone(),
            codes: records.iter().map(|record| record.code).collect(),
            languages: SlipLanguage::write_all(&look.languages),
            style: look.style.name().to_owned(),
            ticket: given.ticket(),
            scans: false,
        };
        // Only a printer of this program can be told a line that is kept nowhere.
        let line = Some(look.line.as_str()).filter(|line| !line.is_empty() && desk.settings.own_printers.contains(&printer.name));
        let queued = desk.settings.lines.queue(line, desk.engine.store.queue_print(&wanted, desk.now())).await?;
        let Some(id) = queued else { return Err(PageError::Wrong("slip-printer-full")) };
        desk.slip_went(&who, "slip", look.style.name(), &place.name).await?;
        Ok(Redirect::to(&format!("/slip/printed/{id}")).into_response())
    })
}

#[derive(Template)]
#[template(path = "printed.html")]
struct PrintedPage {
    page: Page,
    state: &'static str,
    is_over: bool,
    ticket: Option<String>,
    id: i64,
}

/// How far a slip has come.
pub(super) async fn printed(State(desk): State<Arc<Desk>>, who: Who, Path(id): Path<i64>) -> PageResult {
    page!(desk, who.language(), {
        let job = desk.engine.store.print_job(id).await?.ok_or(PageError::NotFound)?;
        let is_over = matches!(job.state, JobState::Done | JobState::Spoiled);
        let ticket = job.wanted.ticket.map(Ticket::spaced);
        html(&PrintedPage { page: Page::of(&desk, &who, "slip"), state: job.state.id(), is_over, ticket, id })
    })
}

/// A number to be read out, under which the slip comes again on every channel.
pub(super) async fn number(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (look, records) = (desk.look(&form, &who).await?, desk.slip_records(&who).await?);
        let page = Page::of(&desk, &who, "slip");
        let said = match desk.number(&records, &look).await? {
            Given::Number(ticket) => {
                desk.slip_went(&who, "number", look.style.name(), "").await?;
                return desk.slip_says(&who, "slip-number-is", ticket.spaced()).await;
            }
            Given::Hidden => Said { notice: Some(page.say("slip-hidden")), ..Said::default() },
            Given::NoneLeft => Said { notice: Some(page.say("slip-no-number")), ..Said::default() },
        };
        desk.slip_page(&who, &look, said).await
    })
}

/// Sends it as a text message.
pub(super) async fn send(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let (look, records) = (desk.look(&form, &who).await?, desk.slip_records(&who).await?);
        let page = Page::of(&desk, &who, "slip");
        let language = look.languages.first().map_or(who.language(), |language| language.record_language());
        // A number that cannot be texted takes no ticket.
        let sent = match text::recipient(&desk, form.get("number"), &records).await? {
            Ok(phone) => {
                let given = desk.number(&records, &look).await?;
                text::send(&desk, &phone, records, given.ticket(), language).await?
            }
            Err(key) => Err(key),
        };
        let said = match sent {
            Ok(segments) => {
                desk.slip_went(&who, "text", look.style.name(), "").await?;
                return desk.slip_says(&who, "slip-texted", segments.to_string()).await;
            }
            Err(key) => Said { notice: Some(page.say(key)), number: form.get("number").to_owned(), ..Said::default() },
        };
        desk.slip_page(&who, &look, said).await
    })
}

impl Desk {
    async fn number(&self, records: &[Arc<Record>], look: &Look) -> Result<Given, PageError> {
        Ok(take_away::ticket(&self.engine.store, records.iter().map(AsRef::as_ref), &look.languages, look.style, self.now()).await?)
    }

    /// Takes note that the visitor has something to take home.
    async fn slip_went(&self, who: &Who, what: &str, style: &str, place: &str) -> Result<(), PageError> {
        let mut work = Work::of(who);
        work.has_slip = true;
        work.keep(self, who).await?;
        Ok(self.engine.store.tally(self.today(), &format!("slip-{what}"), "desk", &format!("{style} {place}")).await?)
    }

    /// Leads back to the slip, where it is said what was done: a page that is loaded again does nothing again.
    async fn slip_says(&self, who: &Who, key: &str, value: String) -> Result<Response, PageError> {
        let mut work = Work::of(who);
        work.has_slip = true;
        let number = work.say(key, value);
        work.keep(self, who).await?;
        Ok(Redirect::to(&format!("/slip?{SAID}={number}")).into_response())
    }
}
