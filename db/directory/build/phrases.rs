//! Reads `config/themes.json` and `config/words.toml` into phrases with their senses.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::Made;
use crate::language::{Language, Localized};
use crate::theme::{Door, Theme};
use crate::vocabulary::meaning::{Command, Languages, Meaning, Sense, TimeWord};

/// Everything that the two files say.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    pub(crate) entries: Vec<Entry>,
    /// Folded phrases, and how they are written without their apostrophes.
    pub(crate) index: HashMap<String, usize>,
    /// Stemmed phrases of those that may be a plural.
    pub(crate) stems: HashMap<String, usize>,
    /// Stemmed words for things that nothing else can stand for.
    pub(crate) things: HashSet<String>,
    /// The meanings there are, each with a section and a name that it comes from.
    pub(crate) meanings: Vec<(Meaning, [String; 2])>,
    pub(crate) labels: Vec<(Theme, Localized)>,
    pub(crate) doors: Vec<Door>,
}

/// A phrase with its senses.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Folded, not stemmed.
    pub(crate) phrase: String,
    pub(crate) senses: Vec<Sense>,
}

/// The label and the words of one theme, as `config/themes.json` holds them.
#[derive(Debug, Clone, Deserialize)]
struct ThemeWords {
    id: Theme,
    label: Localized,
    keywords: BTreeMap<Language, Vec<String>>,
    #[serde(default)]
    weak: BTreeMap<Language, Vec<String>>,
    /// Words for one thing for which nothing else of the theme can stand: a chemist's, a dentist.
    #[serde(default)]
    things: BTreeMap<Language, Vec<String>>,
}

/// `config/themes.json`.
#[derive(Debug, Clone, Deserialize)]
struct ThemeFile {
    doors: Vec<Door>,
    themes: Vec<ThemeWords>,
}

impl Phrases {
    pub(crate) fn read(themes: &str, words: &str) -> Made<Self> {
        let file: ThemeFile = serde_json::from_str(themes).map_err(|error| format!("config/themes.json: {error}"))?;
        let mut phrases = Self::default();
        phrases.read_words(&words.parse::<toml::Table>().map_err(|error| format!("config/words.toml: {error}"))?)?;
        for theme in &file.themes {
            for (list, section, weak) in [(&theme.keywords, "theme", false), (&theme.weak, "theme_weak", true)] {
                let meaning = Meaning::Theme { theme: theme.id, weak };
                phrases.name(meaning, section, theme.id.id());
                for (language, words) in list {
                    for phrase in words {
                        phrases.add_theme(phrase, meaning, *language);
                    }
                }
            }
            for (language, label) in theme.label.iter() {
                phrases.add_theme(label, Meaning::Theme { theme: theme.id, weak: false }, language);
            }
        }
        phrases.things = file.themes.iter().flat_map(|theme| theme.things.values().flatten()).map(|word| words::stem_phrase(&words::fold(word))).collect();
        phrases.doors = file.doors;
        phrases.doors.sort_by_key(|door| (door.page, door.key));
        phrases.labels = file.themes.into_iter().map(|theme| (theme.id, theme.label)).collect();
        Ok(phrases)
    }

    fn name(&mut self, meaning: Meaning, section: &str, name: &str) {
        if !self.meanings.iter().any(|(known, _)| *known == meaning) {
            self.meanings.push((meaning, [section.to_owned(), name.to_owned()]));
        }
    }

    fn add(&mut self, phrase: &str, meaning: Meaning, languages: &[Language]) {
        let folded = words::fold(phrase);
        if folded.is_empty() {
            return;
        }
        let place = *self.index.entry(folded.clone()).or_insert_with(|| {
            self.entries.push(Entry { phrase: folded.clone(), senses: Vec::new() });
            self.entries.len() - 1
        });
        self.index.entry(glued(&folded)).or_insert(place);
        // Plurals are for subjects only: "dans" is not "dan", nor "même" "mémé".
        if !matches!(meaning, Meaning::Filler(_) | Meaning::Time(_) | Meaning::AmbiguousPlace | Meaning::Ordinal(_) | Meaning::About(_)) {
            self.stems.entry(words::stem_phrase(&folded)).or_insert(place);
        }
        let Some(entry) = self.entries.get_mut(place) else { return };
        let languages = languages.iter().fold(Languages::default(), |set, language| set.with(*language));
        match entry.senses.iter_mut().find(|sense| sense.meaning == meaning) {
            Some(sense) => sense.languages = Languages(sense.languages.0 | languages.0),
            None => entry.senses.push(Sense { meaning, languages }),
        }
    }

    /// Adds a theme's phrase. "dormir ce soir" is read as "dormir" and a day; a phrase that holds
    /// a loan or an agenda means that too ("leiter leihen").
    fn add_theme(&mut self, phrase: &str, meaning: Meaning, language: Language) {
        let folded = words::fold(phrase);
        let words: Vec<&str> = folded.split(' ').collect();
        let mut beside = Vec::new();
        for (start, end) in (0..words.len()).flat_map(|start| (start + 1..=words.len()).map(move |end| (start, end))) {
            let Some(part) = words.get(start..end).filter(|part| part.len() < words.len()) else { continue };
            let Some(entry) = self.index.get(&part.join(" ")).and_then(|place| self.entries.get(*place)) else { continue };
            for sense in &entry.senses {
                match sense.meaning {
                    Meaning::Time(TimeWord::Today | TimeWord::TodayAt(_) | TimeWord::Tonight | TimeWord::Tomorrow | TimeWord::Weekend)
                        if end == words.len() && !matches!(meaning, Meaning::Theme { weak: true, .. }) =>
                    {
                        let rest = words.get(..start).unwrap_or_default().join(" ");
                        return self.add(&rest, meaning, &[language]);
                    }
                    Meaning::Command(Command::Request) | Meaning::Kind { weak: false, .. } if sense.languages.contains(language) => {
                        beside.push(sense.meaning);
                    }
                    _ => {}
                }
            }
        }
        self.add(phrase, meaning, &[language]);
        for meaning in beside {
            self.add(phrase, meaning, &[language]);
        }
    }

    fn read_words(&mut self, file: &toml::Table) -> Made<()> {
        for (section, value) in file {
            let Some(table) = value.as_table() else { return Err(unknown_list(section, "")) };
            if table.values().all(toml::Value::is_array) {
                self.read_list(section, "", table)?;
            } else {
                for (name, list) in table {
                    let list = list.as_table().ok_or_else(|| unknown_list(section, name))?;
                    self.read_list(section, name, list)?;
                }
            }
        }
        Ok(())
    }

    fn read_list(&mut self, section: &str, name: &str, list: &toml::Table) -> Made<()> {
        let unknown = || unknown_list(section, name);
        let meaning = Meaning::from_name(section, name).ok_or_else(unknown)?;
        self.name(meaning, section, name);
        for (code, phrases) in list {
            let languages = if code == "any" { Language::ALL.to_vec() } else { vec![Language::from_code(code).ok_or_else(unknown)?] };
            for phrase in phrases.as_array().into_iter().flatten().filter_map(toml::Value::as_str) {
                self.add(phrase, meaning, &languages);
            }
        }
        Ok(())
    }
}

fn unknown_list(section: &str, name: &str) -> Box<dyn std::error::Error> {
    let list = if name.is_empty() { section.to_owned() } else { format!("{section}.{name}") };
    format!("config/words.toml: nothing is called [{list}]").into()
}

/// A folded phrase with its elisions written as people text them: `j ai faim` → `jai faim`.
fn glued(folded: &str) -> String {
    let mut glued = String::with_capacity(folded.len());
    let mut elided = false;
    for word in folded.split(' ') {
        if !glued.is_empty() && !elided {
            glued.push(' ');
        }
        elided = matches!(word, "j" | "n" | "d" | "l" | "c" | "s" | "m" | "t" | "qu");
        glued.push_str(word);
    }
    glued
}
