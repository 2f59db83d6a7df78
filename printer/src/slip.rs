//! Records laid out as the lines of a slip, at any width. Pure.
//!
//! What matters most comes first, so that a paper that jams has said it: title and ticket, then each record with
//! its name and phone in high letters. A slip of a sensitive record is discreet whatever was asked for: a neutral
//! title, no pictogram, no ticket number, no letters that are read across a room.

mod entry;
mod page;

use std::borrow::Cow;

use directory::dialogue::{Setting, Whole};
use directory::phone::Phone;
use directory::theme::Theme;
use directory::ticket::Ticket;

use self::page::SlipPage;
use crate::code_page::CodePage;
use crate::phrases::{SlipPhrase, SlipPhrases, SlipWords};
use crate::slip_language::SlipLanguage;
use crate::wrap::{inseparable, together};

/// The widths that printers have, in letters of ordinary size.
pub const WIDTHS: [u8; 8] = [48, 42, 35, 32, 30, 24, 21, 16];

/// Narrower than this no phone number fits one line.
pub const NARROWEST: u8 = 16;

/// How a slip looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Style {
    /// Names and phone numbers in high letters.
    #[default]
    Standard,
    /// All of it in letters of double size, for weak eyes.
    Large,
    /// Nothing that tells a bystander what it is about.
    Discreet,
}

impl Style {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Large, Self::Discreet];

    /// Its name in columns.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Large => "large",
            Self::Discreet => "discreet",
        }
    }

    /// The style of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.name() == name)
    }

    /// Records on one slip of this style: paper of at most 30 cm.
    pub fn most(self) -> usize {
        if self == Self::Large { 3 } else { 5 }
    }
}

/// The paper to lay out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperFormat {
    /// Letters of ordinary size in a line.
    pub columns: u8,
    /// The letters that the printer knows.
    pub page: CodePage,
}

/// What to print.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The records; those above [`Style::most`] are left out.
    pub records: &'a [Whole],
    /// The visitor's language, and perhaps one for whoever helps them.
    pub languages: &'a [SlipLanguage],
    /// How it looks.
    pub style: Style,
    /// The place that prints.
    pub place: Option<&'a str>,
    /// By which it can be asked for again.
    pub ticket: Option<Ticket>,
    /// Where the ticket can be texted to, if it is answered there.
    pub text_to: Option<&'a Phone>,
    /// What a helper may scan.
    pub code: Option<&'a str>,
    /// A line that a person wrote for this visitor.
    pub line: Option<&'a str>,
}

/// Size of letters, as a printer has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    /// As they are.
    Normal,
    /// Twice as high.
    Tall,
    /// Twice as high and twice as wide.
    Double,
}

impl Size {
    /// Columns that a letter takes.
    pub fn columns(self) -> usize {
        if self == Self::Double { 2 } else { 1 }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlipLine {
    /// Letters.
    Text {
        /// At most as many as fit; none for an empty line.
        text: String,
        /// Their size.
        size: Size,
        /// At the right edge.
        at_right: bool,
    },
    /// A pictogram and its name.
    Picture {
        /// What it stands for.
        theme: Theme,
        /// Its name.
        label: String,
        /// From right to left.
        at_right: bool,
    },
    /// A code to scan.
    Code(String),
}

/// A slip, ready to be turned into bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Its width in letters of ordinary size.
    pub columns: u8,
    /// Its lines.
    pub lines: Vec<SlipLine>,
    /// What to print, and cut off, after another attempt left half of it on the paper.
    pub notice: Vec<SlipLine>,
}

/// Lays a slip out.
pub fn lay_out(order: &Order<'_>, setting: &Setting<'_>, phrases: &SlipPhrases, paper: PaperFormat) -> Slip {
    let paper = PaperFormat { columns: paper.columns.max(NARROWEST), ..paper };
    let records = order.records.get(..order.style.most()).unwrap_or(order.records);
    let is_discreet = order.style == Style::Discreet || records.iter().any(|whole| whole.record.is_sensitive());
    let mut lines = Vec::new();
    for (place, language) in order.languages.iter().take(2).enumerate() {
        let words = SlipWords { phrases, language: *language, today: setting.now.date_naive() };
        let mut page = SlipPage::new(paper, order.style, is_discreet, *language);
        let block = Block { order, setting, words, is_discreet, is_first: place == 0 };
        block.write(records, &mut page);
        lines.append(&mut page.lines);
    }
    if let Some(code) = order.code.filter(|_| !is_discreet) {
        let language = order.languages.first().copied().unwrap_or(SlipLanguage::Fr);
        let mut page = SlipPage::new(paper, order.style, is_discreet, language);
        page.rule('-');
        page.say(&phrases.say(language, SlipPhrase::Helper, &[]));
        lines.append(&mut page.lines);
        lines.push(SlipLine::Code(code.to_owned()));
    }
    let language = order.languages.first().copied().unwrap_or(SlipLanguage::Fr);
    let mut page = SlipPage::new(paper, order.style, is_discreet, language);
    page.rule('=');
    page.say(&phrases.say(language, SlipPhrase::Torn, &[]));
    Slip { columns: paper.columns, lines, notice: page.lines }
}

/// All of a slip in one language.
struct Block<'a> {
    order: &'a Order<'a>,
    setting: &'a Setting<'a>,
    words: SlipWords<'a>,
    is_discreet: bool,
    is_first: bool,
}

impl Block<'_> {
    fn write(&self, records: &[Whole], page: &mut SlipPage) {
        let words = &self.words;
        if !self.is_first {
            page.rule('=');
        }
        let title = words.say(match records {
            _ if self.is_discreet => SlipPhrase::TitleNeutral,
            [_] => SlipPhrase::TitleOne,
            _ => SlipPhrase::Title,
        });
        match self.ticket() {
            Some(ticket) => page.edges(&title, &words.one(SlipPhrase::Ticket, "ticket", &inseparable(&ticket.spaced()))),
            None => page.high(&title),
        }
        page.rule('=');
        for (number, whole) in (1_u8..).zip(records) {
            if number > 1 {
                page.rule('-');
            }
            entry::write(number, whole, self, page);
        }
        if let Some(line) = self.order.line.filter(|line| self.is_first && !line.trim().is_empty()) {
            page.rule('-');
            page.high(line.trim());
        }
        page.rule('=');
        self.end(page);
    }

    /// A ticket that could be guessed must not lead to what somebody hides.
    fn ticket(&self) -> Option<Ticket> {
        self.order.ticket.filter(|_| !self.is_discreet)
    }

    fn end(&self, page: &mut SlipPage) {
        let words = &self.words;
        if let Some(desk) = self.setting.desk {
            if page.is_mirrored() {
                page.say(&words.say(SlipPhrase::Question));
                page.say(&desk.name);
            } else {
                page.say(&format!("{} {}", words.say(SlipPhrase::Question), desk.name));
            }
            page.high(&inseparable(&desk.phone.national()));
        }
        if let (Some(ticket), Some(phone)) = (self.ticket(), self.order.text_to) {
            let arguments = [("ticket", Cow::Owned(ticket.to_string())), ("phone", Cow::Owned(inseparable(&phone.national())))];
            page.say(&words.with(SlipPhrase::TextTicket, &arguments));
        }
        let is_desk = |place: &&str| self.setting.desk.is_some_and(|desk| desk.name == *place);
        if let Some(place) = self.order.place.filter(|place| self.is_first && !is_desk(place)) {
            page.say(place);
        }
        if self.is_first {
            page.say(&together_date(words, self.setting));
        }
        page.say(&words.say(SlipPhrase::Keep));
    }
}

fn together_date(words: &SlipWords<'_>, setting: &Setting<'_>) -> String {
    let now = setting.now.naive_local();
    let day = words.weekday_and_day(now.date(), true);
    let hour = words.hour(now.time(), false);
    words.with(SlipPhrase::Moment, &[("day", day.into()), ("hour", together(&hour).into())])
}

#[cfg(test)]
mod tests;
