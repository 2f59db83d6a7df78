//! Our bytes read by others: a decoder on Python's own code pages, and a scanner of codes.

use std::io::Write;
use std::process::{Command, Stdio};

use printer::code_page::CodePage;
use printer::preview::{png, read};
use printer::profile::Profile;
use printer::slip::Style;
use printer::slip_language::SlipLanguage;

use super::sample::{CODE, slip};

/// What a command prints when it is given these bytes; `None` where it is not installed.
fn through(program: &str, arguments: &[&str], bytes: &[u8]) -> Option<String> {
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().ok()?;
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn python_reads_the_same_letters() {
    let script = harness::repository().join("tests/slips/decode.py");
    for (page, number, codec) in
        [(CodePage::Wpc1252, 16, "cp1252"), (CodePage::Pc858, 19, "cp858"), (CodePage::Pc850, 2, "cp850"), (CodePage::Pc437, 0, "cp437")]
    {
        for language in [SlipLanguage::Fr, SlipLanguage::Nl, SlipLanguage::De, SlipLanguage::En, SlipLanguage::Ar] {
            let profile = Profile { page, page_number: number, ..Profile::of_columns(42) };
            let bytes = slip(&profile, Style::Standard, &[language]).bytes();
            let Some(read_by_python) = through("python3", &[&script.to_string_lossy(), codec, &number.to_string()], &bytes) else {
                harness::skip("a slip read by Python", "python3 is not installed");
                return;
            };
            let ours: String = read(&bytes, &profile).unwrap().iter().map(printer::preview::PreviewSheet::text).collect();
            assert_eq!(read_by_python, ours, "{} {}", page.name(), language.code());
            assert!(ours.contains("02 555 01 03") && !ours.contains('\u{fffd}'));
        }
    }
}

#[test]
fn python_knows_the_same_pages() {
    let script = harness::repository().join("tests/slips/pages.py");
    let Some(all) = through("python3", &[&script.to_string_lossy()], b"") else {
        harness::skip("code pages of Python", "python3 is not installed");
        return;
    };
    let mut compared = 0;
    for line in all.lines() {
        let mut fields = line.split('\t');
        let (page, byte, letter) = (fields.next().unwrap(), fields.next().unwrap().parse::<u8>().unwrap(), fields.next().unwrap());
        let page = CodePage::ALL.into_iter().find(|known| known.name() == page).unwrap();
        let letter = letter.chars().next().unwrap();
        // Blanks and hyphens that do not show are written as plain ones.
        if !matches!(letter, '\u{a0}' | '\u{ad}') {
            assert_eq!(page.letter(byte), Some(letter), "{} {byte:#x}", page.name());
            assert_eq!(page.byte(letter), Some(byte), "{} {letter}", page.name());
            compared += 1;
        }
    }
    assert!(compared > 490, "{compared} letters");
}

#[test]
fn a_scanner_reads_the_code() {
    for is_made_by_the_printer in [true, false] {
        let profile = Profile { scannable: is_made_by_the_printer, ..Profile::of_columns(42) };
        let sheets = read(&slip(&profile, Style::Standard, &[SlipLanguage::Fr]).bytes(), &profile).unwrap();
        let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
        std::fs::write(file.path(), png(&sheets).unwrap()).unwrap();
        match through("zbarimg", &["--quiet", "--raw", &file.path().to_string_lossy()], b"") {
            Some(read) => assert_eq!(read.trim(), CODE),
            None => harness::skip("a slip's code read by a scanner", "zbar-tools is not installed"),
        }
    }
}
