//! Builds the vocabulary from the configuration texts that are compiled in.

use std::collections::HashMap;

use chrono::Weekday;

use super::{Command, Entry, Filler, Languages, Meaning, Sense, TimeWord, Vocabulary};
use crate::language::Language;
use crate::locality::{Territory, TerritoryError};
use crate::phone::Country;
use crate::record::Kind;
use crate::theme::{Audience, ThemeFile};
use crate::words;

const THEMES: &str = include_str!("../../../../config/themes.json");
const WORDS: &str = include_str!("../../../../config/words.toml");
const BELGIUM: &str = include_str!("../../../../config/territory/belgium.tsv");
const FRANCE: &str = include_str!("../../../../config/territory/france.tsv");
const NEIGHBOURHOODS: &str = include_str!("../../../../config/territory/neighbourhoods.tsv");

const EXONYMS: &str = include_str!("../../../../config/territory/exonyms.tsv");

/// A configuration text that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VocabularyError {
    /// `config/themes.json` is not what it should be.
    #[error("config/themes.json: {0}")]
    Themes(#[from] serde_json::Error),
    /// `config/words.toml` is not what it should be.
    #[error("config/words.toml: {0}")]
    Words(#[from] toml::de::Error),
    /// A list in `config/words.toml` has a name that nobody reads.
    #[error("config/words.toml: nothing is called [{0}]")]
    UnknownList(String),
    /// A table of the territory.
    #[error(transparent)]
    Territory(#[from] TerritoryError),
}

impl Vocabulary {
    /// The vocabulary that ships with the program.
    pub fn shipped() -> Result<Self, VocabularyError> {
        Self::from_texts(THEMES, WORDS, Territory::read(BELGIUM, FRANCE, NEIGHBOURHOODS, EXONYMS)?)
    }

    /// Builds a vocabulary from the texts of `themes.json` and `words.toml`.
    pub fn from_texts(themes: &str, words: &str, territory: Territory<'static>) -> Result<Self, VocabularyError> {
        let file: ThemeFile = serde_json::from_str(themes)?;
        let mut builder = Builder::default();
        builder.read_words(&words.parse::<toml::Table>()?)?;
        for theme in &file.themes {
            for (list, weak) in [(&theme.keywords, false), (&theme.weak, true)] {
                for (language, phrases) in list {
                    for phrase in phrases {
                        builder.add_theme(phrase, Meaning::Theme { theme: theme.id, weak }, *language);
                    }
                }
            }
            for (language, label) in theme.label.iter() {
                builder.add_theme(label, Meaning::Theme { theme: theme.id, weak: false }, language);
            }
        }
        let things = file.themes.iter().flat_map(|theme| theme.things.values().flatten()).map(|word| words::stem_phrase(&words::fold(word))).collect();
        let mut doors = file.doors;
        doors.sort_by_key(|door| (door.page, door.key));
        let emergency = [Country::Be, Country::Fr].into_iter().map(|country| (country, file.emergency_numbers.of(country).to_vec())).collect();
        Ok(Self {
            longest: builder.entries.iter().map(|entry| entry.word_count).max().unwrap_or(1),
            entries: builder.entries,
            index: builder.index,
            stems: builder.stems,
            labels: file.themes.into_iter().map(|theme| (theme.id, theme.label)).collect(),
            things,
            doors,
            emergency,
            territory,
        })
    }
}

#[derive(Default)]
struct Builder {
    entries: Vec<Entry>,
    index: HashMap<String, usize>,
    stems: HashMap<String, usize>,
}

impl Builder {
    fn add(&mut self, phrase: &str, meaning: Meaning, languages: &[Language]) {
        let folded = words::fold(phrase);
        if folded.is_empty() {
            return;
        }
        let stemmed = words::stem_phrase(&folded);
        let place = *self.index.entry(folded.clone()).or_insert_with(|| {
            self.entries.push(Entry {
                sound: words::phonetic(&folded),
                letters: words::letter_set(&stemmed),
                stemmed: stemmed.clone(),
                word_count: folded.split(' ').count(),
                phrase: folded.clone(),
                senses: Vec::new(),
            });
            self.entries.len() - 1
        });
        self.index.entry(glued(&folded)).or_insert(place);
        // Plurals are for subjects only: "dans" is not "dan", nor "même" "mémé".
        if !matches!(meaning, Meaning::Filler(_) | Meaning::Time(_) | Meaning::AmbiguousPlace) {
            self.stems.entry(stemmed).or_insert(place);
        }
        let Some(entry) = self.entries.get_mut(place) else { return };
        let languages = languages.iter().fold(Languages::default(), |set, language| set.with(*language));
        match entry.senses.iter_mut().find(|sense| sense.meaning == meaning) {
            Some(sense) => sense.languages = Languages(sense.languages.0 | languages.0),
            None => entry.senses.push(Sense { meaning, languages }),
        }
    }

    /// Adds a theme's phrase. "dormir ce soir" is read as "dormir" and a day; a phrase that holds a
    /// sign of danger, a loan or an agenda means that too ("mon mari me frappe", "leiter leihen").
    fn add_theme(&mut self, phrase: &str, meaning: Meaning, language: Language) {
        let folded = words::fold(phrase);
        let words: Vec<&str> = folded.split(' ').collect();
        let mut beside = Vec::new();
        for (start, end) in (0..words.len()).flat_map(|start| (start + 1..=words.len()).map(move |end| (start, end))) {
            let Some(part) = words.get(start..end).filter(|part| part.len() < words.len()) else { continue };
            let Some(entry) = self.index.get(&part.join(" ")).and_then(|place| self.entries.get(*place)) else { continue };
            for sense in &entry.senses {
                match sense.meaning {
                    Meaning::Time(TimeWord::Today | TimeWord::Tonight | TimeWord::Tomorrow | TimeWord::Weekend)
                        if end == words.len() && !matches!(meaning, Meaning::Theme { weak: true, .. }) =>
                    {
                        let rest = words.get(..start).unwrap_or_default().join(" ");
                        return self.add(&rest, meaning, &[language]);
                    }
                    Meaning::Command(Command::Danger | Command::Request) | Meaning::Kind { weak: false, .. } if sense.languages.contains(language) => {
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

    fn read_words(&mut self, file: &toml::Table) -> Result<(), VocabularyError> {
        for (section, value) in file {
            let Some(table) = value.as_table() else { return Err(VocabularyError::UnknownList(section.clone())) };
            if table.values().all(toml::Value::is_array) {
                self.read_list(section, "", table)?;
            } else {
                for (name, list) in table {
                    let list = list.as_table().ok_or_else(|| VocabularyError::UnknownList(format!("{section}.{name}")))?;
                    self.read_list(section, name, list)?;
                }
            }
        }
        Ok(())
    }

    fn read_list(&mut self, section: &str, name: &str, list: &toml::Table) -> Result<(), VocabularyError> {
        let unknown = || VocabularyError::UnknownList(if name.is_empty() { section.to_owned() } else { format!("{section}.{name}") });
        let meaning = meaning_of(section, name).ok_or_else(unknown)?;
        for (code, phrases) in list {
            let languages = if code == "any" { Language::ALL.to_vec() } else { vec![Language::from_code(code).ok_or_else(unknown)?] };
            for phrase in phrases.as_array().into_iter().flatten().filter_map(toml::Value::as_str) {
                self.add(phrase, meaning, &languages);
            }
        }
        Ok(())
    }
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

fn meaning_of(section: &str, name: &str) -> Option<Meaning> {
    Some(match section {
        "intent" => Meaning::Command(match name {
            "help" => Command::Help,
            "stop" => Command::Stop,
            "start" => Command::Start,
            "more" => Command::More,
            "back" => Command::Back,
            "human" => Command::Human,
            "report" => Command::Report,
            "thanks" => Command::Thanks,
            "offer" => Command::Offer,
            "request" => Command::Request,
            "danger" => Command::Danger,
            "language" => Command::Language,
            _ => return None,
        }),
        "language" => Meaning::Language(Language::from_code(name)?),
        "time" => Meaning::Time(time_word(name)?),
        "kind" => Meaning::Kind { kind: Kind::from_id(name)?, weak: false },
        "kind_weak" => Meaning::Kind { kind: Kind::from_id(name)?, weak: true },
        "audience" => Meaning::Audience(Audience::from_id(name)?),
        "cost" if name == "free" => Meaning::Free,
        // "pas cher": heard, but nobody knows what is cheap to whom.
        "cost" if name == "low" => Meaning::Filler(Filler::Noise),
        "request_weak" => Meaning::Command(Command::RequestWeak),
        "danger_alone" => Meaning::Command(Command::DangerAlone),
        "place_ambiguous" => Meaning::AmbiguousPlace,
        "want" => Meaning::Filler(Filler::Want),
        "polite" => Meaning::Filler(Filler::Polite),
        "noise" => Meaning::Filler(Filler::Noise),
        "place_before" => Meaning::Filler(Filler::PlaceBefore),
        "near" => Meaning::Filler(Filler::Near),
        _ => return None,
    })
}

fn time_word(name: &str) -> Option<TimeWord> {
    const MONTHS: [&str; 12] = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    Some(match name {
        "today" | "this_morning" | "this_noon" | "this_afternoon" => TimeWord::Today,
        "tonight" => TimeWord::Tonight,
        "tomorrow" => TimeWord::Tomorrow,
        "after_tomorrow" => TimeWord::AfterTomorrow,
        "weekend" => TimeWord::Weekend,
        "this_week" => TimeWord::ThisWeek,
        "next_week" => TimeWord::NextWeek,
        "next_weekend" => TimeWord::NextWeekend,
        "this_month" => TimeWord::ThisMonth,
        "now" | "open_now" => TimeWord::Now,
        "open" => TimeWord::Open,
        "next" => TimeWord::Next,
        day if day.parse::<Weekday>().is_ok() => TimeWord::Weekday(day.parse().ok()?),
        month => TimeWord::Month(u32::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1),
    })
}
