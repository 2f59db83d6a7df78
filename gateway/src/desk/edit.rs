//! A record in a mediator's hands: its fields beside what the source says, and who changed what.

mod fields;
mod needs;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use db::audit::{Action, Deed};
use db::correction::Corrected;
use db::history::Change;
use directory::code::Code;
use directory::draft::Draft;
use directory::language::Language;
use directory::plain;
use directory::record::{Consent, Content, EVIDENCE, Kind, NEEDS, Record, Scope, Status};
use directory::theme::Theme;

use self::fields::{Fields, GROUPS, group_of};
use self::needs::{NeedsForm, TypedNeeds};
use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::{Desk, PageError};

/// A field of the form.
struct Field {
    id: &'static str,
    label: String,
    value: String,
    /// What the source says, where that is something else.
    source: Option<String>,
    /// What somebody else wrote meanwhile.
    theirs: Option<String>,
    is_corrected: bool,
    /// The source has changed since it was corrected.
    is_conflict: bool,
    choices: Vec<(String, String)>,
    hint: Option<String>,
    /// What is hard to read in it.
    hard: Vec<String>,
    is_long: bool,
}

/// Somebody's agreement to appear, in words.
struct Agreed {
    scopes: Vec<(String, String, bool)>,
    given: String,
    until: String,
    withdrawn: Option<String>,
    is_there: bool,
}

#[derive(Template)]
#[template(path = "edit.html")]
struct EditPage {
    page: Page,
    code: Code,
    name: String,
    version: i64,
    source: String,
    fields: Vec<Field>,
    needs: NeedsForm,
    history: Vec<(String, Change)>,
    evidence: Vec<(&'static str, String, bool)>,
    trust: String,
    consent: Option<Agreed>,
    wrong: Option<String>,
    overtaken: bool,
}

/// What somebody wrote into the form.
struct Typed {
    fields: Fields,
    needs: TypedNeeds,
}

impl Typed {
    fn read(form: &Form) -> Self {
        Self { fields: Fields::typed(form), needs: TypedNeeds::read(form) }
    }
}

/// Papers, presence, voice: how somebody agreed.
const GIVEN: [&str; 3] = ["paper", "presence", "voice"];

/// A record read to be changed.
struct Open {
    code: Code,
    record: Record,
    version: i64,
    source: String,
    word: Content,
    /// What a person agreed to, as it was typed and not kept yet: for what, how, until when.
    agreed: Option<(Vec<Scope>, String, Option<NaiveDate>)>,
}

impl Desk {
    async fn open(&self, typed: &str) -> Result<Open, PageError> {
        let code = Code::parse(typed).ok_or(PageError::NotFound)?;
        let (record, version) = self.engine.store.record_to_change(code).await?.ok_or(PageError::NotFound)?;
        if record.erased_on().is_some() {
            return Err(PageError::Wrong("trouble-erased"));
        }
        let words = self.engine.store.words_of_sources(code).await?;
        let (source, word) = words.into_iter().next().unwrap_or_else(|| (String::new(), record.content.clone()));
        Ok(Open { code, record, version, source, word, agreed: None })
    }

    /// `typed` is what somebody wrote and is not kept yet; `before` what the record said when they began.
    async fn edit_page(self: &Arc<Self>, who: &Who, open: Open, typed: Option<&Typed>, wrong: Option<&str>, overtaken: bool) -> Result<Response, PageError> {
        let page = Page::of(self, who, "verify").working(&format!("/record/{}/edit", open.code));
        let Open { code, record, version, source, word, agreed: typed_consent } = open;
        let now = Fields::of(&record.content, record.status);
        let said = Fields::of(&word, record.status);
        let fields = GROUPS.iter().flat_map(|(group, ids)| ids.iter().map(move |id| (*group, *id)));
        let fields: Vec<Field> = fields
            .map(|(group, id)| {
                let correction = record.overrides.iter().find(|correction| correction.field == group);
                let value = typed.map_or(&now, |typed| &typed.fields).get(id).to_owned();
                let in_words = |value: &str| self.value_in_words(&page, id, value);
                Field {
                    label: page.say(&format!("field-{}", id.replace('_', "-"))),
                    source: (group != "status" && said.get(id) != value).then(|| in_words(said.get(id))),
                    theirs: (overtaken && now.get(id) != value).then(|| in_words(now.get(id))),
                    is_corrected: correction.is_some(),
                    is_conflict: correction.is_some_and(|correction| correction.conflict),
                    choices: self.choices(&page, id),
                    hint: ["hours", "euros", "phone"].contains(&id).then(|| page.say(&format!("field-{id}-hint"))),
                    hard: short_language(id).map(|language| hard(&page, &value, language)).unwrap_or_default(),
                    is_long: id.starts_with("short"),
                    id,
                    value,
                }
            })
            .collect();
        let history = self.engine.store.history(code).await?.into_iter().map(|mut change| {
            if change.mediator.is_empty() {
                change.mediator = page.say("history-former");
            }
            if change.field == NEEDS {
                for said in [&mut change.before, &mut change.after] {
                    *said = needs::in_words(said, page.language);
                }
            }
            let at = change.at.with_timezone(&self.engine.zone).format("%d/%m/%Y %H:%M").to_string();
            (at, change)
        });
        let evidence = EVIDENCE.map(|id| (id, page.member("evidence", id), record.trust.evidence.iter().any(|known| known == id)));
        html(&EditPage {
            fields,
            needs: NeedsForm::of(&record, &word, typed.map(|typed| &typed.needs), &page),
            history: history.collect(),
            name: record.name(who.language()).to_owned(),
            evidence: evidence.into(),
            trust: page.with("edit-trust", "count", record.trust.level),
            consent: (record.kind == Kind::Person).then(|| agreed(&page, record.consent.as_ref(), typed_consent)),
            wrong: wrong.map(|key| page.say(key)),
            overtaken,
            code,
            version,
            source,
            page,
        })
    }

    fn choices(&self, page: &Page, id: &str) -> Vec<(String, String)> {
        let members = |list: &str, ids: &[&str]| ids.iter().map(|id| ((*id).to_owned(), page.member(list, id))).collect();
        match id {
            "status" => members("status", &["published", "doubtful", "suspended", "closed"]),
            "cost" => members("cost", &["unknown", "free", "free-if", "paid", "pay-what-you-can"]),
            "theme_1" | "theme_2" | "theme_3" => {
                let none = (String::new(), "-".to_owned());
                let themes = Theme::ALL.iter().map(|theme| (theme.id().to_owned(), self.engine.vocabulary.label(*theme, page.language).to_owned()));
                std::iter::once(none).chain(themes).collect()
            }
            _ => Vec::new(),
        }
    }

    fn value_in_words(&self, page: &Page, id: &str, value: &str) -> String {
        self.choices(page, id)
            .into_iter()
            .find(|(known, _)| known == value)
            .map_or_else(|| if value.is_empty() { "-".to_owned() } else { value.to_owned() }, |(_, text)| text)
    }
}

fn short_language(id: &str) -> Option<Language> {
    Language::from_code(id.strip_prefix("short_")?)
}

/// What is hard in a text, in words.
fn hard(page: &Page, text: &str, language: Language) -> Vec<String> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut hints: Vec<String> =
        plain::lint(text, language).into_iter().take(6).map(|(lint, words)| format!("{}: {words}", page.member("lint", lint.id()))).collect();
    hints.insert(0, page.with("lint-level", "letters", plain::level(text, language)));
    hints
}

fn agreed(page: &Page, consent: Option<&Consent>, typed: Option<(Vec<Scope>, String, Option<NaiveDate>)>) -> Agreed {
    let kept = || consent.map(|consent| (consent.scopes.clone(), consent.given.clone(), consent.until));
    let (scopes, given, until) = typed.or_else(kept).unwrap_or_else(|| (Vec::new(), GIVEN[0].to_owned(), None));
    Agreed {
        scopes: Scope::ALL.iter().map(|scope| (scope.id().to_owned(), page.member("scope", scope.id()), scopes.contains(scope))).collect(),
        given,
        until: until.map(|day| day.to_string()).unwrap_or_default(),
        withdrawn: consent.and_then(|consent| consent.withdrawn_on).map(|day| day.to_string()),
        is_there: consent.is_some(),
    }
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, Path(code): Path<String>, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let open = desk.open(&code).await?;
        // What was typed and could not be sent: a correction, or what a person agreed to.
        if who.is_typed && form.has("version") {
            let overtaken = form.get("version").parse() != Ok(open.version);
            return desk.edit_page(&who, open, Some(&Typed::read(&form)), None, overtaken).await;
        }
        let mut open = open;
        if who.is_typed {
            let until = form.get("until").parse().ok();
            let scopes = form.all("scope").filter_map(Scope::from_id).collect();
            open.agreed = Some((scopes, given_of(&form).to_owned(), until));
        }
        desk.edit_page(&who, open, None, None, false).await
    })
}

/// How somebody agreed, as a form says it.
fn given_of(form: &Form) -> &'static str {
    GIVEN.into_iter().find(|given| *given == form.get("given")).unwrap_or(GIVEN[0])
}

/// What is hard in the text that somebody writes.
pub(super) async fn lint(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let page = Page::of(&desk, &who, "verify");
        let language = Language::from_code(form.get("in")).unwrap_or(who.language());
        Ok(hard(&page, form.get("text"), language).join("\n").into_response())
    })
}

/// Keeps corrections; what somebody else changed meanwhile is shown beside what was typed, and nothing is kept.
pub(super) async fn correct(State(desk): State<Arc<Desk>>, who: Who, Path(code): Path<String>, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let open = desk.open(&code).await?;
        let typed = Typed::read(&form);
        if form.get("version").parse() != Ok(open.version) {
            return desk.edit_page(&who, open, Some(&typed), None, true).await;
        }
        let now = desk.now();
        let before = Fields::of(&open.record.content, open.record.status);
        let parts: Vec<&'static str> = typed.fields.changed(&before);
        let mut record = open.record.clone();
        let mut groups: Vec<&'static str> = parts.iter().map(|id| group_of(id)).collect();
        groups.dedup();
        let country = record.content.address.country;
        for group in groups {
            let value = match typed.fields.value(group, &record.content, country) {
                Ok(value) => value,
                Err(key) => return desk.edit_page(&who, open, Some(&typed), Some(key), false).await,
            };
            if !record.correct(group, value, &open.word, who.role().id(), now) {
                return desk.edit_page(&who, open, Some(&typed), Some("edit-unfit"), false).await;
            }
        }
        let needs = match typed.needs.correct(&mut record, &open.word, who.role().id(), now) {
            Ok(needs) => needs,
            Err(key) => return desk.edit_page(&who, open, Some(&typed), Some(key), false).await,
        };
        let change = |field: &str, before: String, after: String| Change { at: now, mediator: who.name().to_owned(), field: field.to_owned(), before, after };
        let mut changes: Vec<Change> = parts.iter().map(|id| change(id, before.get(id).to_owned(), typed.fields.get(id).to_owned())).collect();
        changes.extend(needs.map(|(before, after)| change(NEEDS, before, after)));
        if changes.is_empty() {
            return Ok(Redirect::to(&format!("/record/{}", open.code)).into_response());
        }
        Box::pin(desk.keep(&who, open, record, &changes, &typed)).await
    })
}

impl Desk {
    async fn keep(self: &Arc<Self>, who: &Who, open: Open, record: Record, changes: &[Change], typed: &Typed) -> Result<Response, PageError> {
        let territory = self.engine.vocabulary.territory();
        match self.engine.store.correct(&record, open.version, changes, territory, self.now()).await? {
            Corrected::Kept => Ok(Redirect::to(&format!("/record/{}", open.code)).into_response()),
            Corrected::Overtaken => {
                let open = self.open(open.code.as_str()).await?;
                self.edit_page(who, open, Some(typed), None, true).await
            }
        }
    }

    /// Changes a record once more on top of whatever else was changed: for what does not depend on that.
    pub(super) async fn amend(
        &self,
        who: &Who,
        code: &str,
        field: &str,
        after: String,
        amend: impl Fn(&mut Record, &Content) -> String,
    ) -> Result<Code, PageError> {
        for _ in 0..3 {
            let open = self.open(code).await?;
            let mut record = open.record;
            let before = amend(&mut record, &open.word);
            let change = Change { at: self.now(), mediator: who.name().to_owned(), field: field.to_owned(), before, after: after.clone() };
            let kept = self.engine.store.correct(&record, open.version, &[change], self.engine.vocabulary.territory(), self.now()).await?;
            if kept == Corrected::Kept {
                return Ok(open.code);
            }
        }
        Err(PageError::Wrong("trouble-busy"))
    }
}

/// A charter that was signed, those who recommend it: with a charter and two recommendations, trust 3.
pub(super) async fn trust(State(desk): State<Arc<Desk>>, who: Who, Path(code): Path<String>, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let evidence: Vec<String> = EVIDENCE.iter().filter(|id| form.all("evidence").any(|sent| sent == **id)).map(|id| (*id).to_owned()).collect();
        let role = who.role().id();
        let code = desk
            .amend(&who, &code, "evidence", evidence.join(", "), |record, _| {
                let before = record.trust.evidence.join(", ");
                // What a source brought of its own stays.
                record.trust.evidence.retain(|known| !EVIDENCE.contains(&known.as_str()));
                record.trust.evidence.extend(evidence.iter().cloned());
                // By phone or by a visit: whose evidence it is says nothing of that.
                let verified = record.trust.how.is_some();
                record.trust.level = match record.vouched() {
                    _ if evidence.len() == EVIDENCE.len() => 3,
                    // What made it 3 is not there any more.
                    3.. => {
                        if verified {
                            2
                        } else {
                            1
                        }
                    }
                    level => level,
                };
                record.trust.by.get_or_insert_with(|| role.to_owned());
                before
            })
            .await?;
        Ok(Redirect::to(&format!("/record/{code}/edit")).into_response())
    })
}

impl Desk {
    /// Erases a person who took their agreement back. Entries of others are erased at the gateway alone.
    async fn withdraw(&self, who: &Who, code: &str) -> Result<Response, PageError> {
        let open = self.open(code).await?;
        if open.record.kind != Kind::Person {
            return Err(PageError::NotFound);
        }
        self.engine.store.erase_entry(&open.record.id, who.name(), self.now()).await?;
        self.engine.store.audit(&Deed { code: Some(open.code.to_string()), ..Deed::of(who.id(), Action::Withdrawn, self.now()) }).await?;
        Ok(Redirect::to(&format!("/record/{}", open.code)).into_response())
    }
}

/// Somebody agreed to appear, for what, until when; or took it back.
pub(super) async fn consent(State(desk): State<Arc<Desk>>, who: Who, Path(code): Path<String>, form: Form) -> PageResult {
    page!(desk, who.language(), {
        if form.has("withdraw") {
            return Box::pin(desk.withdraw(&who, &code)).await;
        }
        let today = desk.today();
        let scopes: Vec<Scope> = form.all("scope").filter_map(Scope::from_id).collect();
        let given = given_of(&form);
        let until = match form.some("until") {
            Some(typed) => Some(typed.parse().map_err(|_no_day| PageError::Wrong("consent-day"))?),
            None => None,
        };
        if scopes.is_empty() {
            return Err(PageError::Wrong("consent-nothing"));
        }
        let after = scopes.iter().map(|scope| scope.id()).collect::<Vec<_>>().join(", ");
        let role = who.role().id();
        let code = desk
            .amend(&who, &code, "consent", after, |record, _| {
                let before =
                    record.consent.as_ref().map(|consent| consent.scopes.iter().map(|scope| scope.id()).collect::<Vec<_>>().join(", ")).unwrap_or_default();
                record.consent =
                    Some(Consent { given: given.to_owned(), to: role.to_owned(), scopes: scopes.clone(), from: today, until, withdrawn_on: None, proof: None });
                before
            })
            .await?;
        desk.engine.store.audit(&Deed { code: Some(code.to_string()), ..Deed::of(who.id(), Action::Consent, desk.now()) }).await?;
        Ok(Redirect::to(&format!("/record/{code}/edit")).into_response())
    })
}

#[derive(Template)]
#[template(path = "add.html")]
struct AddPage {
    page: Page,
    kinds: Vec<(&'static str, String)>,
    themes: Vec<(String, String)>,
    typed: Fields,
    kind: String,
    name: String,
    short: String,
    wrong: Option<String>,
}

pub(super) async fn add_page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), desk.add_page(&who, &form, None))
}

/// Kinds that a mediator adds by hand.
const KINDS: [Kind; 5] = [Kind::Organisation, Kind::Service, Kind::Place, Kind::Resource, Kind::Person];

impl Desk {
    fn add_page(self: &Arc<Self>, who: &Who, form: &Form, wrong: Option<&str>) -> Result<Response, PageError> {
        let page = Page::of(self, who, "add").working("/add");
        let themes = self.choices(&page, "theme_1");
        let wrong = wrong.map(|key| page.say(key));
        let kinds = KINDS.map(|kind| (kind.id(), page.member("kind", kind.id())));
        html(&AddPage {
            kinds: kinds.into(),
            themes,
            typed: Fields::typed(form),
            kind: form.some("kind").unwrap_or("organisation").to_owned(),
            name: form.get("name").to_owned(),
            short: form.get("short").to_owned(),
            wrong,
            page,
        })
    }
}

/// Adds a record: name, theme, place and phone are enough.
pub(super) async fn add(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let typed = Fields::typed(&form);
        let kind = Kind::from_id(form.get("kind")).filter(|kind| KINDS.contains(kind)).unwrap_or(Kind::Organisation);
        let language = who.language();
        let home = desk.engine.home.as_ref().map(|home| home.country).unwrap_or_default();
        let place = desk.engine.vocabulary.territory().postal_code(typed.get("postal_code"));
        let wrong = match () {
            () if form.get("name").is_empty() => Some("add-no-name"),
            () if typed.get("theme_1").is_empty() => Some("add-no-theme"),
            () if place.is_none() => Some("add-no-place"),
            () if typed.get("phone").is_empty() => Some("add-no-phone"),
            () => None,
        };
        if wrong.is_some() {
            return desk.add_page(&who, &form, wrong);
        }
        let country = place.map_or(home, |place| place.country);
        let mut content = Content { name: directory::language::Localized::new(language, form.get("name")), ..Content::default() };
        content.short = directory::language::Localized::new(language, form.get("short"));
        for group in ["themes", "contacts", "address", "hours"] {
            let value = match typed.value(group, &content, country) {
                Ok(value) => value,
                Err(key) => return desk.add_page(&who, &form, Some(key)),
            };
            content = fields::with(&content, group, value).ok_or(PageError::Wrong("edit-unfit"))?;
        }
        let mut draft = Draft::new(format!("desk-{}", super::secret::token()?), kind, content);
        draft.confirmed_on = Some(desk.today());
        draft.trust = 1;
        let change =
            Change { at: desk.now(), mediator: who.name().to_owned(), field: "added".to_owned(), before: String::new(), after: form.get("name").to_owned() };
        let code = desk.engine.store.add_by_hand(draft, &change, desk.engine.vocabulary.territory()).await?;
        // A person is shown to nobody before they agreed.
        Ok(Redirect::to(&if kind == Kind::Person { format!("/record/{code}/edit") } else { format!("/record/{code}") }).into_response())
    })
}

/// True for what may be given as a status by hand.
pub(super) fn is_status(id: &str) -> bool {
    Status::from_id(id).is_some_and(|status| !matches!(status, Status::Merged | Status::Draft))
}
