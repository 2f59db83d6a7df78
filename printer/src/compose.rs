//! Composes a slip: from records to the bytes for one kind of printer.

use std::sync::Arc;

use directory::dialogue::{Setting, Whole};
use directory::phone::Phone;
use directory::record::Record;
use directory::ticket::Ticket;

use crate::escpos::{BytesError, Stream, encode};
use crate::phrases::SlipPhrases;
use crate::profile::Profile;
use crate::slip::{Order, Style, lay_out};
use crate::slip_language::SlipLanguage;

/// A slip that somebody asks for.
#[derive(Debug, Clone)]
pub struct SlipRequest<'a> {
    /// Its records, in the order to print.
    pub records: Vec<Arc<Record>>,
    /// The visitor's language, and perhaps one for whoever helps them.
    pub languages: Vec<SlipLanguage>,
    /// How it looks.
    pub style: Style,
    /// By which it can be asked for again.
    pub ticket: Option<Ticket>,
    /// With a code to scan, in which the records' codes are.
    pub scans: bool,
    /// The place that prints.
    pub place: Option<&'a str>,
    /// Where its ticket can be texted to.
    pub text_to: Option<&'a Phone>,
    /// A line that a person wrote for this visitor.
    pub line: Option<&'a str>,
}

impl SlipRequest<'_> {
    /// Lays the slip out and makes its bytes. Fails where a command, a pictogram or a scannable code cannot be made.
    pub fn compose(&self, setting: &Setting<'_>, phrases: &SlipPhrases, profile: &Profile) -> Result<Stream, BytesError> {
        let here = setting.home.and_then(|home| setting.vocabulary.territory().point(home.country, home.postal_codes.first()?));
        let wholes: Vec<Whole> = self.records.iter().map(|record| Whole::of(Arc::clone(record), here, setting.now.naive_local())).collect();
        let code = self.records.iter().map(|record| record.code.as_str()).collect::<Vec<_>>().join(" ");
        let order = Order {
            records: &wholes,
            languages: &self.languages,
            style: self.style,
            place: self.place,
            ticket: self.ticket,
            text_to: self.text_to,
            code: self.scans.then_some(&code),
            line: self.line,
        };
        encode(&lay_out(&order, setting, phrases, profile.paper()), profile)
    }
}
