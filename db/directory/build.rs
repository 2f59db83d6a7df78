//! Makes the tables that are compiled in from the texts of `config`: what is understood is ready to use
//! when the program starts. The modules of the library that say how a text is folded and what a table
//! looks like are compiled here too, so that both sides agree.
#![expect(dead_code, unreachable_pub, reason = "of the library's modules only a part is used here")]

#[path = "src/closed.rs"]
mod closed;
#[path = "src/country.rs"]
mod country;
#[path = "src/danger"]
mod danger {
    pub(crate) mod table;
}
#[path = "src/intent"]
mod intent {
    pub(crate) mod act;
}
#[path = "src/emergency"]
mod emergency {
    pub(crate) mod number;
}
#[path = "src/day_part.rs"]
mod day_part;
#[path = "src/kind.rs"]
mod kind;
#[path = "src/language.rs"]
mod language;
#[path = "src/packed.rs"]
mod packed;
#[path = "src/spelling.rs"]
mod spelling;
#[path = "src/theme.rs"]
mod theme;
#[path = "src/locality"]
mod locality {
    pub(crate) mod line;
}
#[path = "src/need"]
mod need {
    pub(crate) mod loose;
    pub(crate) mod sense;
}
#[path = "src/schedule"]
mod schedule {
    pub(crate) mod zone;
}
#[path = "src/vocabulary"]
mod vocabulary {
    pub(crate) mod meaning;
}
mod build {
    pub(crate) mod danger;
    pub(crate) mod emergency;
    pub(crate) mod examples;
    pub(crate) mod holidays;
    pub(crate) mod needs;
    pub(crate) mod pack;
    pub(crate) mod phrases;
    pub(crate) mod places;
    pub(crate) mod spelling;
    pub(crate) mod vocabulary;

    /// What was made, or what is wrong with a text.
    pub(crate) type Made<T> = Result<T, Box<dyn std::error::Error>>;
}

use std::path::{Path, PathBuf};

use build::examples::{self, Examples};
use build::{Made, phrases::Phrases, places};
use danger::table::DangerKind;
use intent::act::{Act, LABELS};
use language::Language;
use theme::Theme;
use words::learnt::{self, Lesson};

fn main() -> Made<()> {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
    let read = |file: &str| -> Made<String> {
        let path = config.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
    };
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let phrases = Phrases::read(&read("themes.json")?, &read("words.toml")?)?;
    std::fs::write(out.join("vocabulary.table"), build::vocabulary::pack(&phrases)?)?;
    let needs = Theme::ALL.iter().map(|theme| Ok((*theme, read(&format!("needs/{}.toml", theme.id()))?))).collect::<Made<Vec<_>>>()?;
    let things = Theme::ALL.iter().map(|theme| Ok((*theme, read(&format!("needs/things/{}.toml", theme.id()))?))).collect::<Made<Vec<_>>>()?;
    std::fs::write(out.join("needs.table"), build::needs::pack(&needs, &things)?)?;
    let numbers = build::emergency::read(&read("emergency.toml")?)?;
    std::fs::write(out.join("emergency.json"), serde_json::to_string(&numbers)?)?;
    let danger = build::danger::all(|name| read(&format!("danger/{name}.toml")))?;
    std::fs::write(out.join("danger.json"), serde_json::to_string(&danger)?)?;
    write_examples(&read, &needs, &out)?;
    let holidays = build::holidays::read(&read("holidays/school.toml")?)?;
    std::fs::write(out.join("holidays.json"), serde_json::to_string(&holidays)?)?;
    let [belgium, france, neighbourhoods, exonyms, spellings] =
        ["belgium", "france", "neighbourhoods", "exonyms", "spellings"].map(|table| read(&format!("territory/{table}.tsv")));
    let (belgium, france, neighbourhoods, exonyms, spellings) = (belgium?, france?, neighbourhoods?, exonyms?, spellings?);
    let tables = places::Tables { belgium: &belgium, france: &france, neighbourhoods: &neighbourhoods, exonyms: &exonyms, spellings: &spellings };
    std::fs::write(out.join("territory.table"), places::pack(tables)?)?;
    Ok(())
}

/// Of so many phrases by which needs are asked for, one is an example of what is no danger.
const EVERY_ORDINARY: usize = 12;

/// Of so many, one is an example of a search.
const EVERY_SEARCH: usize = 10;

/// And one of so many messages that tell a need.
const EVERY_TOLD: usize = 4;

/// What is learnt of danger, of acts and of themes. The classes are counted where it is learnt.
const LESSON: Lesson = Lesson { classes: 0, rounds: 16, kept: 150_000, least: 2 };

/// The same of the needs of one theme.
const LESSON_OF_NEEDS: Lesson = Lesson { kept: 12_000, ..LESSON };

/// What is learnt of danger, of what messages want, and of their themes and needs.
fn write_examples(read: &dyn Fn(&str) -> Made<String>, needs: &[(Theme, String)], out: &Path) -> Made<()> {
    let labelled = |folder: &str, labels: &[&str]| -> Made<Examples> {
        let mut found = Vec::new();
        for language in Language::ALL {
            let file = format!("{folder}/{}.tsv", language.code());
            examples::read(&file, &read(&file)?, labels, &mut found)?;
        }
        Ok(found)
    };
    let none_and = |ids: &mut dyn Iterator<Item = &'static str>| -> Vec<&'static str> { std::iter::once("none").chain(ids).collect() };
    let mut danger = labelled("danger/examples", &none_and(&mut DangerKind::ALL.iter().map(|kind| kind.id())))?;
    let mut acts = labelled("examples/acts", &LABELS)?;
    // What people say every day is no danger, whatever words of it they use.
    danger.extend(acts.iter().map(|(_, pieces)| (0, pieces.clone())));
    let mut themes = labelled("examples/themes", &none_and(&mut Theme::ALL.iter().map(|theme| theme.id())))?;
    // Who thanks, complains or asks how this works looks for nothing.
    let looks_for_nothing = |act: &usize| ![Act::Search, Act::Offer, Act::Request].iter().any(|known| *known as usize == *act);
    themes.extend(acts.iter().filter(|(act, _)| looks_for_nothing(act)).map(|(_, pieces)| (0, pieces.clone())));
    let is_ordinary = |class: &usize| !class.checked_sub(1).and_then(|theme| Theme::ALL.get(theme)).is_some_and(|theme| theme.is_sensitive());
    danger.extend(themes.iter().filter(|(class, _)| is_ordinary(class)).map(|(_, pieces)| (0, pieces.clone())));
    let mut by_theme: Vec<NeedsOfTheme> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (class, (theme, text)) in (1..).zip(needs) {
        let asked = examples::asking(text).map_err(|error| format!("config/needs/{}.toml: {error}", theme.id()))?;
        if !theme.is_sensitive() {
            danger.extend(examples::some(&asked, EVERY_ORDINARY, 0));
        }
        acts.extend(examples::some(&asked, EVERY_SEARCH, Act::Search as usize));
        themes.extend(examples::some(&asked, 1, class));
        let mut of_theme = NeedsOfTheme::default();
        for (place, need) in asked.into_iter().enumerate() {
            of_theme.examples.extend(examples::some(std::slice::from_ref(&need), 1, place));
            of_theme.ids.push(need.0.clone());
            ids.push(need.0);
            places.push((class, place));
        }
        by_theme.push(of_theme);
    }
    let told = labelled("examples/needs", &ids.iter().map(String::as_str).collect::<Vec<_>>())?;
    acts.extend(told.iter().step_by(EVERY_TOLD).map(|(_, pieces)| (Act::Search as usize, pieces.clone())));
    for (need, pieces) in told {
        let Some((class, place)) = places.get(need).copied() else { continue };
        if is_ordinary(&class) {
            danger.push((0, pieces.clone()));
        }
        themes.push((class, pieces.clone()));
        if let Some(of_theme) = by_theme.get_mut(class - 1) {
            of_theme.examples.push((place, pieces));
        }
    }
    // Each on its own core, where there are several.
    let tables: [(&str, Lesson, &Examples); 3] = [
        ("theme", Lesson { classes: Theme::ALL.len() + 1, ..LESSON }, &themes),
        ("danger", Lesson { classes: DangerKind::ALL.len() + 1, ..LESSON }, &danger),
        ("act", Lesson { classes: LABELS.len(), ..LESSON }, &acts),
    ];
    let write = |name: &str, learnt: Vec<u8>| std::fs::write(out.join(format!("{name}-examples.table")), learnt);
    std::thread::scope(|scope| -> Made<()> {
        let learning = tables.map(|(name, lesson, examples)| (name, scope.spawn(move || learnt::learn(lesson, examples))));
        for (of_theme, (theme, _)) in by_theme.iter().zip(needs) {
            write(&format!("{}-need", theme.id()), learnt::learn(Lesson { classes: of_theme.ids.len(), ..LESSON_OF_NEEDS }, &of_theme.examples))?;
        }
        for (name, learning) in learning {
            write(name, learning.join().map_err(|_panicked| format!("{name}: nothing was learnt"))?)?;
        }
        Ok(())
    })?;
    let ids: Vec<String> = by_theme.iter().map(|of_theme| of_theme.ids.join(" ")).collect();
    std::fs::write(out.join("need-examples.ids"), ids.join("\n"))?;
    let table = |theme: &Theme| format!("Learnt(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{}-need-examples.table\"))),\n", theme.id());
    std::fs::write(out.join("need_examples.rs"), format!("[\n{}]\n", Theme::ALL.iter().map(table).collect::<String>()))?;
    Ok(())
}

/// The needs of one theme, and examples of them.
#[derive(Default)]
struct NeedsOfTheme {
    ids: Vec<String>,
    examples: Examples,
}
