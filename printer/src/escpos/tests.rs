use super::*;
use crate::code_page::CodePage;

fn text(text: &str, size: Size) -> SlipLine {
    SlipLine::Text { text: text.to_owned(), size, at_right: false }
}

fn stream(lines: Vec<SlipLine>, profile: &Profile) -> Stream {
    encode(&Slip { columns: profile.columns, lines, notice: vec![text("torn", Size::Normal)] }, profile).unwrap()
}

#[test]
fn letters_are_framed_in_the_printers_page() {
    let made = stream(vec![text("Été", Size::Normal), text("Tél.", Size::Tall), text("x", Size::Normal)], &Profile::of_columns(42));
    let bytes = made.body.concat();
    assert_eq!(bytes, b"\x1b@\x1c.\x1bt\x10\xc9t\xe9\n\x1d!\x01T\xe9l.\n\x1d!\x00x\n");
    assert_eq!(made.end, b"\x1bd\x05\x1dVB\x00");
}

#[test]
fn what_the_page_lacks_is_drawn_and_no_question_mark_is_sent() {
    for page in CodePage::ALL {
        let profile = Profile { page, ..Profile::of_columns(32) };
        for drawn in ["Łódź", "مرحبا", "Ψυχή"] {
            let body = stream(vec![text(&page.fold(drawn), Size::Normal)], &profile).body;
            let is_drawn = body.iter().any(|command| command.starts_with(b"\x1dv0"));
            assert!(is_drawn || page.encode(&page.fold(drawn)).is_some(), "{drawn} in {}", page.name());
            assert!(!body.iter().any(|command| !command.starts_with(b"\x1d") && command.contains(&b'?')));
        }
    }
}

#[test]
fn pictures_spell_no_order() {
    let mut command = vec![0x1d, b'v', b'0', 0, 2, 0, 2, 0, 0x10, 0x04, 0x10, 0x14, 0x10, 0x05, 0x10];
    without_orders(&mut command, 8);
    assert!(!command.windows(2).any(|two| two[0] == 0x10 && matches!(two[1], 0x04 | 0x05 | 0x14)), "{command:02x?}");
}

#[test]
fn a_rescue_fills_the_longest_command_first() {
    let made = stream(vec![SlipLine::Code("K7P2W".to_owned())], &Profile { scannable: false, ..Profile::of_columns(32) });
    let zeros = made.rescue.iter().take_while(|byte| **byte == 0).count();
    assert_eq!(zeros, longest(&made.body));
    assert!(zeros > 400, "{zeros}");
    assert!(made.rescue[zeros..].starts_with(b"\x1b@") && made.rescue.windows(4).any(|window| window == b"torn"));
}
