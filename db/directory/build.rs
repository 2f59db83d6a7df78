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
    pub(crate) mod pieces;
    pub(crate) mod table;
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
#[path = "src/words.rs"]
mod words;
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

use build::{Made, phrases::Phrases, places};

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
    let needs = theme::Theme::ALL.iter().map(|theme| Ok((*theme, read(&format!("needs/{}.toml", theme.id()))?))).collect::<Made<Vec<_>>>()?;
    let things = theme::Theme::ALL.iter().map(|theme| Ok((*theme, read(&format!("needs/things/{}.toml", theme.id()))?))).collect::<Made<Vec<_>>>()?;
    std::fs::write(out.join("needs.table"), build::needs::pack(&needs, &things)?)?;
    let numbers = build::emergency::read(&read("emergency.toml")?)?;
    std::fs::write(out.join("emergency.json"), serde_json::to_string(&numbers)?)?;
    let danger = build::danger::all(|name| read(&format!("danger/{name}.toml")))?;
    std::fs::write(out.join("danger.json"), serde_json::to_string(&danger)?)?;
    let mut examples = Vec::new();
    for language in language::Language::ALL {
        let name = language.code();
        build::examples::read(name, &read(&format!("danger/examples/{name}.tsv"))?, &mut examples)?;
    }
    for (theme, text) in needs.iter().filter(|(theme, _)| !matches!(theme, theme::Theme::Safety | theme::Theme::Mind)) {
        build::examples::ask_for_needs(text, &mut examples).map_err(|error| format!("config/needs/{}.toml: {error}", theme.id()))?;
    }
    std::fs::write(out.join("danger-examples.table"), build::examples::learn(&examples))?;
    let holidays = build::holidays::read(&read("holidays/school.toml")?)?;
    std::fs::write(out.join("holidays.json"), serde_json::to_string(&holidays)?)?;
    let [belgium, france, neighbourhoods, exonyms] = ["belgium", "france", "neighbourhoods", "exonyms"].map(|table| read(&format!("territory/{table}.tsv")));
    let (belgium, france, neighbourhoods, exonyms) = (belgium?, france?, neighbourhoods?, exonyms?);
    let tables = places::Tables { belgium: &belgium, france: &france, neighbourhoods: &neighbourhoods, exonyms: &exonyms };
    std::fs::write(out.join("territory.table"), places::pack(tables)?)?;
    Ok(())
}
