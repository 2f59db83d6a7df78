//! A slip that shows what a printer can do: whoever sets one up compares it with what it should look like.

use super::{BytesError, Stream, Writer, encode};
use crate::code_page::CodePage;
use crate::profile::Profile;
use crate::slip::{Size, Slip, SlipLine};

/// Letters in which the pages differ.
const SAMPLE: &str = "àéèêëçîôûùÀÉÔ œ€ßüöñ";

/// The number of each page with most makers.
const PAGES: [(CodePage, u8); 4] = [(CodePage::Wpc1252, 16), (CodePage::Pc858, 19), (CodePage::Pc850, 2), (CodePage::Pc437, 0)];

/// Makes it.
pub fn trial(profile: &Profile) -> Result<Stream, BytesError> {
    let text = |text: &str, size: Size| SlipLine::Text { text: profile.page.fold(text), size, at_right: false };
    let ruler: String = (1..=profile.columns).map(|column| char::from(b'0' + column % 10)).collect();
    let lines = vec![
        text("Passerelle", Size::Tall),
        text(&profile.name, Size::Normal),
        text(&ruler, Size::Normal),
        text("ABC abc 123", Size::Double),
        SlipLine::Picture { theme: directory::theme::Theme::Food, label: "1".to_owned(), at_right: false },
        text("Łódź Ψυχή Москва", Size::Normal),
        text("مرحبا", Size::Normal),
        SlipLine::Code("Passerelle".to_owned()),
    ];
    let mut stream = encode(&Slip { columns: profile.columns, lines, notice: vec![text("-", Size::Normal)] }, profile)?;
    let mut pages = Writer::new(profile);
    for (page, number) in PAGES {
        pages.printer.custom(&[0x1b, b't', number])?;
        let shown = page.fold(&format!("{} {number}: {SAMPLE}", page.name()));
        for line in crate::wrap::wrap(&shown, usize::from(profile.columns)) {
            // A letter that a page lacks stands for itself elsewhere on this slip.
            let mut bytes: Vec<u8> = line.chars().filter_map(|letter| page.byte(letter)).collect();
            bytes.push(b'\n');
            pages.printer.custom(&bytes)?;
        }
    }
    stream.body.append(&mut pages.take()?);
    Ok(stream)
}
