//! The letters of every slip, as before. `PASSERELLE_TEST_REWRITE=1` writes what is printed now into the files: look
//! at every line that changes.

use std::fmt::Write as _;

use harness::environment::rewrites_expected;
use printer::preview::{PreviewSheet, png, read};
use printer::profile::Profile;
use printer::slip::{Style, WIDTHS};
use printer::slip_language::SlipLanguage;

use super::sample::slip;

const STYLES: [(Style, &str); 3] = [(Style::Standard, "standard"), (Style::Large, "large"), (Style::Discreet, "discreet")];

fn printed(profile: &Profile, style: Style, languages: &[SlipLanguage]) -> PreviewSheet {
    // A line longer than the paper, a letter outside the page or a command that nobody knows ends here.
    let mut sheets = read(&slip(profile, style, languages).bytes(), profile).unwrap_or_else(|error| panic!("{} {style:?}: {error}", profile.name));
    assert_eq!(sheets.len(), 1);
    let sheet = sheets.remove(0);
    assert!(sheet.is_cut);
    sheet
}

fn compare(name: &str, now: &[u8]) {
    let file = harness::repository().join("tests/slips/golden").join(name);
    if rewrites_expected() {
        std::fs::write(&file, now).unwrap();
    }
    let before = std::fs::read(&file).unwrap_or_else(|error| panic!("{name}: {error}; PASSERELLE_TEST_REWRITE=1 makes it"));
    if before != now {
        let (before, now) = (String::from_utf8_lossy(&before).into_owned(), String::from_utf8_lossy(now).into_owned());
        let changed = before.lines().zip(now.lines()).find(|(before, now)| before != now);
        panic!("{name} has changed: {changed:?}");
    }
}

#[test]
fn every_width_style_and_language_is_as_before_and_splits_nothing() {
    for language in [SlipLanguage::Fr, SlipLanguage::Nl, SlipLanguage::De, SlipLanguage::En] {
        let mut all = String::new();
        for columns in WIDTHS {
            for (style, name) in STYLES {
                let sheet = printed(&Profile::of_columns(columns), style, &[language]);
                for kept in ["02 555 01 03", "0455 55 01 03", "03 53 01 22 33", "02 555 12 34", "7G7KC"] {
                    assert!(sheet.lines.iter().any(|line| line.contains(kept)), "{kept} is split: {columns} {name} {}", language.code());
                }
                let (hours, price) = match language {
                    SlipLanguage::Nl => ([&["11u30", "20u30", "10u"], &["9u", "17u30", "20u30"]], "2,50"),
                    SlipLanguage::De => ([&["11:30 Uhr", "20:30 Uhr", "10 Uhr"], &["9 Uhr", "17:30 Uhr", "20:30 Uhr"]], "2,50"),
                    SlipLanguage::En => ([&["11:30", "20:30", "10:00"], &["9:00", "17:30", "20:30"]], "2.50"),
                    _ => ([&["11h30", "20h30", "10h"], &["9h", "17h30", "20h30"]], "2,50"),
                };
                for kept in hours.into_iter().flatten().chain([&price]) {
                    assert!(sheet.lines.iter().any(|line| line.contains(kept)), "{kept} is split: {columns} {name} {}", language.code());
                }
                writeln!(all, "#### {columns} columns, {name}: {} pictures, {} dots", sheet.pictures, sheet.dots.height()).unwrap();
                all.push_str(&sheet.text());
            }
        }
        compare(&format!("{}.txt", language.code()), all.as_bytes());
    }
}

/// On 80 mm, three records and their code to scan are at most 30 cm long.
#[test]
fn a_slip_is_no_longer_than_it_may_be() {
    const DOTS_PER_CM: f64 = 203.0 / 2.54;
    for language in [SlipLanguage::Fr, SlipLanguage::Nl, SlipLanguage::De, SlipLanguage::En] {
        for columns in [48, 42] {
            for style in [Style::Standard, Style::Discreet] {
                let sheet = printed(&Profile::of_columns(columns), style, &[language]);
                let long = f64::from(sheet.dots.height()) / DOTS_PER_CM;
                assert!(long <= 30.0, "{columns} columns, {style:?}, {}: {long:.1} cm", language.code());
            }
        }
    }
}

#[test]
fn arabic_is_as_before_dot_by_dot() {
    let sheet = printed(&Profile::of_columns(48), Style::Standard, &[SlipLanguage::Ar]);
    for kept in ["02 555 01 03", "0455 55 01 03", "02 555 12 34"] {
        assert!(sheet.lines.iter().any(|line| line.contains(kept)), "{kept} stands in the printer's own letters");
    }
    compare("ar-48.png", &png(&[sheet]).unwrap());
}

#[test]
fn two_languages_follow_each_other() {
    let sheet = printed(&Profile::of_columns(42), Style::Standard, &[SlipLanguage::Fr, SlipLanguage::Nl]);
    let place = |text: &str| sheet.lines.iter().position(|line| line.starts_with(text));
    assert!(place("Vos adresses") < place("Uw adressen") && place("Vos adresses").is_some());
    assert_eq!(sheet.lines.iter().filter(|line| line.contains("02 555 01 03")).count(), 2);
}

#[test]
fn pictures_can_be_looked_at() {
    // Written beside the build for whoever changed something: open them.
    let folder = harness::repository().join("target/slips");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, columns, style, languages) in [
        ("standard-42", 42, Style::Standard, &[SlipLanguage::Fr][..]),
        ("large-48", 48, Style::Large, &[SlipLanguage::Fr]),
        ("discreet-32", 32, Style::Discreet, &[SlipLanguage::De]),
        ("standard-32", 32, Style::Standard, &[SlipLanguage::Nl]),
        ("standard-16", 16, Style::Standard, &[SlipLanguage::En]),
        ("arabic-48", 48, Style::Standard, &[SlipLanguage::Ar, SlipLanguage::Fr]),
    ] {
        let picture = png(&[printed(&Profile::of_columns(columns), style, languages)]).unwrap();
        assert!(picture.starts_with(b"\x89PNG"));
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }
}
