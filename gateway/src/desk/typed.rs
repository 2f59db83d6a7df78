//! What somebody typed and could not send, because the desk was locked, their session over, or the program stopped: kept
//! sealed for their account for some hours, and offered again on the page it was typed on.

use directory::code::Code;

use super::form::Form;
use super::guard::FORM_TOKEN;
use super::{Desk, PageError, secret};

/// In the address of a page whose form is to hold what was typed.
pub(super) const TYPED: &str = "typed";

/// The page that a form is on, where it is the desk that is locked.
pub(super) const AT: &str = "at";

/// Pages with one form at least that somebody types into, but for those of entries.
const PAGES: [&str; 7] = ["/", "/visit", "/add", "/slip", "/calls", "/imports", "/mediators"];

/// A form that was kept.
pub(super) struct Typed {
    pub(super) mediator: i64,
    pub(super) page: String,
}

/// The page on which the form that is sent there was typed; nothing where nothing is typed, or what is typed there must be
/// kept nowhere (passwords, codes).
pub(super) fn page_of(path: &str, form: &Form) -> Option<String> {
    match path {
        "/lock" => Some(form.get(AT)).filter(|page| is_page(page)).map(ToOwned::to_owned),
        "/slip/print" | "/slip/show" | "/slip/number" | "/slip/send" => Some("/slip".to_owned()),
        "/calls/outcome" => Some("/calls".to_owned()),
        path => match path.strip_suffix("/consent") {
            Some(entry) => Some(format!("{entry}/edit")),
            None => Some(path.to_owned()),
        }
        .filter(|page| is_page(page)),
    }
}

fn is_page(page: &str) -> bool {
    let entry = page.strip_prefix("/record/").and_then(|rest| rest.strip_suffix("/edit"));
    PAGES.contains(&page) || entry.is_some_and(|code| Code::parse(code).is_some_and(|parsed| parsed.as_str() == code))
}

/// The address of a page with what was typed on it.
pub(super) fn address(page: &str) -> String {
    format!("{page}?{TYPED}=1")
}

/// Keeps a form for whoever it belongs to; nothing where it is nobody's, or nothing is typed.
pub(super) async fn keep(desk: &Desk, path: &str, form: &Form, sent: &str) -> Result<Option<Typed>, PageError> {
    let owner = secret::owner_of(&desk.engine.keys, sent, desk.utc_day());
    let Some((mediator, page)) = owner.zip(page_of(path, form)) else { return Ok(None) };
    let Some(fields) = form.written_without(&[FORM_TOKEN, AT]) else { return Ok(None) };
    let sealed = desk.engine.keys.seal_typed(mediator, fields.as_bytes())?;
    desk.engine.store.keep_typed(mediator, &page, &sealed, desk.now()).await?;
    Ok(Some(Typed { mediator, page }))
}

/// What an account typed on a page and could not send.
pub(super) async fn of(desk: &Desk, mediator: i64, page: &str) -> Result<Option<Form>, PageError> {
    let sealed = desk.engine.store.typed(mediator, page, desk.now()).await?;
    let fields = sealed.and_then(|sealed| desk.engine.keys.open_typed(mediator, &sealed).ok());
    Ok(fields.map(|fields| Form::read(&fields)))
}

/// Where somebody goes who comes in or opens the desk again: to what they typed last, else to the first page.
pub(super) async fn way_on(desk: &Desk, mediator: i64) -> Result<String, PageError> {
    let pages = desk.engine.store.typed_pages(mediator, desk.now()).await?;
    Ok(pages.first().map_or_else(|| "/".to_owned(), |page| address(page)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_kept_for_the_page_they_were_typed_on_and_secrets_are_not() {
        let form = |text: &str| Form::read(text.as_bytes());
        for (path, fields, page) in [
            ("/visit", "", Some("/visit")),
            ("/slip/send", "", Some("/slip")),
            ("/calls/outcome", "", Some("/calls")),
            ("/record/7G7KC/edit", "", Some("/record/7G7KC/edit")),
            ("/record/7G7KC/consent", "", Some("/record/7G7KC/edit")),
            ("/record/x/edit", "", None),
            ("/lock", "at=/visit", Some("/visit")),
            ("/lock", "at=//evil.example.org", None),
            ("/lock", "", None),
            ("/unlock", "", None),
            ("/account/code", "", None),
            ("/account/pin", "", None),
            ("/mediators/remove", "", None),
            ("/lint", "", None),
        ] {
            assert_eq!(page_of(path, &form(fields)).as_deref(), page, "{path}?{fields}");
        }
    }
}
