//! Scripts as they are read, and what is held against them.

use std::borrow::Cow;
use std::path::Path;

use directory::language::Language;
use directory::phrase::{Argument, Catalogue, Phrase};
use directory::vocabulary::Vocabulary;
use gateway::speech::{Book, Heard};

/// A conversation.
#[derive(Debug, Clone)]
pub struct Script {
    /// The file's name.
    pub name: String,
    /// Its messages are shown to nobody.
    pub is_held: bool,
    /// What happens, step by step.
    pub steps: Vec<Step>,
    not_on: Vec<String>,
}

/// One message and what it is answered with.
#[derive(Debug, Clone, Default)]
pub struct Step {
    typed: Vec<String>,
    pressed: Option<Vec<String>>,
    /// What must hold for the answer.
    pub expected: Vec<Expected>,
}

/// What must hold for an answer.
#[derive(Debug, Clone)]
pub enum Expected {
    /// As many entries; 0 for any number.
    Lists(usize),
    /// All about one entry.
    Card,
    /// A page of doors.
    Doors,
    /// A sentence, written and spoken.
    Says(String, String),
    /// Not that sentence, in any language, written or spoken.
    Never(String),
    /// These words.
    Names(String),
    /// The language from here on, this answer included.
    Language(Language),
}

impl Script {
    /// All scripts, in their order.
    pub fn all() -> Vec<Self> {
        let folder = harness::repository().join("tests/conversations");
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|ext| ext == "txt")).collect();
        files.sort();
        let name = |file: &Path| file.file_stem().unwrap().to_string_lossy().into_owned();
        files.iter().map(|file| Self::read(&name(file), &std::fs::read_to_string(file).unwrap())).collect()
    }

    /// Reads a script; a line that it does not know fails.
    pub fn read(name: &str, text: &str) -> Self {
        let mut script = Self { name: name.to_owned(), is_held: false, steps: Vec::new(), not_on: Vec::new() };
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
            let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
            if verb == "say" {
                let typed: Vec<String> = rest.split('|').map(|text| text.trim().to_owned()).collect();
                assert!(matches!(typed.len(), 1 | 4), "{name}: one text, or four: {line}");
                script.steps.push(Step { typed, ..Step::default() });
                continue;
            }
            if verb == "not" {
                script.not_on.push(rest.to_owned());
                continue;
            }
            let step = script.steps.last_mut().unwrap_or_else(|| panic!("{name}: nothing was said before {line:?}"));
            step.expected.push(match verb {
                "press" => {
                    step.pressed = Some(rest.split(' ').map(ToOwned::to_owned).collect());
                    continue;
                }
                "lists" => Expected::Lists(rest.parse().unwrap_or_default()),
                "card" => Expected::Card,
                "doors" => Expected::Doors,
                "says" => {
                    let (written, spoken) = rest.split_once('/').unwrap_or((rest, rest));
                    Expected::Says(written.to_owned(), spoken.to_owned())
                }
                "never" => Expected::Never(rest.to_owned()),
                "names" => Expected::Names(rest.to_owned()),
                "language" => Expected::Language(Language::from_code(rest).unwrap()),
                _ => panic!("{name}: {line:?} says nothing"),
            });
        }
        assert!(!script.steps.is_empty() && script.steps.iter().any(|step| !step.expected.is_empty()), "{name} expects nothing");
        script
    }

    /// True where it has a meaning on that channel.
    pub fn applies(&self, channel: &str) -> bool {
        !self.not_on.iter().any(|not| not == channel)
    }

    /// Holds answers on that channel against what is expected.
    pub fn judge<'a>(&'a self, channel: &'static str, language: Language) -> Judge<'a> {
        Judge { script: self, channel, language, catalogue: Catalogue::shipped(), book: Book::shipped().unwrap(), vocabulary: Vocabulary::shipped().unwrap() }
    }
}

impl Step {
    /// What is typed in that language.
    pub fn typed(&self, language: Language) -> &str {
        let place = Language::ALL.iter().position(|known| *known == language).unwrap();
        self.typed.get(place).unwrap_or(&self.typed[0])
    }

    /// What a caller presses, key by key; nothing where they have to speak.
    pub fn pressed(&self, language: Language) -> Option<Vec<&str>> {
        match &self.pressed {
            Some(keys) => Some(keys.iter().map(String::as_str).collect()),
            None => Some(vec![self.typed(language)]).filter(|keys| keys[0].chars().count() == 1),
        }
    }
}

/// Holds answers against what is expected.
pub struct Judge<'a> {
    script: &'a Script,
    channel: &'static str,
    language: Language,
    catalogue: Catalogue,
    book: Book,
    vocabulary: Vocabulary,
}

impl Judge<'_> {
    /// Fails where the answer to a step is another one than expected.
    pub fn hold(&mut self, step: &Step, answer: &str) {
        for expected in &step.expected {
            let (holds, wanted) = self.holds(expected, answer);
            assert!(
                holds,
                "{}, {} in {}, after {:?}: expected {expected:?} ({wanted}), got:\n{answer}",
                self.script.name,
                self.channel,
                self.language.code(),
                if self.script.is_held { "a message that is held back" } else { step.typed(self.language) },
                answer = if self.script.is_held { "" } else { answer }
            );
        }
    }

    fn is_spoken(&self) -> bool {
        self.channel == "voice"
    }

    fn holds(&mut self, expected: &Expected, answer: &str) -> (bool, String) {
        match expected {
            Expected::Lists(count) => {
                let found = self.entries(answer);
                (if *count == 0 { found > 0 } else { found == *count }, format!("{found} found"))
            }
            Expected::Card => {
                let fragments = if self.is_spoken() {
                    [Heard::Phone, Heard::NoPhone].map(|heard| self.spoken(heard.key())).to_vec()
                } else {
                    [Phrase::Verified, Phrase::SourceOf, Phrase::Stale, Phrase::Unverified, Phrase::Doubtful].map(|phrase| self.written(phrase.key())).to_vec()
                };
                (fragments.iter().any(|fragments| all_in(fragments, answer)), format!("{fragments:?}"))
            }
            Expected::Doors => {
                let doors = self.vocabulary.doors().iter().filter(|door| door.page == 1);
                let labels: Vec<&str> = doors.filter_map(|door| door.label.best(self.language)).collect();
                (labels.iter().all(|label| answer.contains(label)), format!("{labels:?}"))
            }
            Expected::Says(written, spoken) => {
                let key = if self.channel == "telegram" && written == "call-back" { "chat-back" } else { written };
                let fragments = if self.is_spoken() { self.spoken(spoken) } else { self.written(key) };
                (all_in(&fragments, answer), format!("{fragments:?}"))
            }
            Expected::Never(key) => {
                let key = if self.channel == "telegram" && key == "call-back" { "chat-back" } else { key };
                let own = self.language;
                let said = Language::ALL.into_iter().find(|language| {
                    self.language = *language;
                    all_in(&if self.is_spoken() { self.spoken(key) } else { self.written(key) }, answer)
                });
                self.language = own;
                (said.is_none(), format!("{said:?}"))
            }
            Expected::Names(words) => {
                let spelled: String = words.chars().map(String::from).collect::<Vec<_>>().join(" ");
                (answer.contains(words) || (self.is_spoken() && answer.contains(&spelled)), words.clone())
            }
            Expected::Language(language) => {
                self.language = *language;
                (true, String::new())
            }
        }
    }

    /// Numbered entries, or those with a code in front where no digit leads on.
    fn entries(&self, answer: &str) -> usize {
        let begins = |line: &str| {
            let (first, rest) = line.split_once([' ', '.', ':']).unwrap_or((line, ""));
            let is_number = matches!(first, "1" | "2" | "3");
            let is_code = first.len() == 5 && directory::code::Code::parse(first).is_some();
            (is_number || is_code) && !rest.is_empty()
        };
        let lines = answer.lines().filter(|line| begins(line));
        // Doors, hours and languages are numbered too.
        if self.is_spoken() { lines.filter(|line| line.contains(" : ") || line.contains(": ")).count() } else { lines.count() }
    }

    /// What stands in a written sentence whatever its values are.
    fn written(&self, key: &str) -> Vec<String> {
        let phrase = Phrase::ALL.iter().find(|phrase| phrase.key() == key).unwrap_or_else(|| panic!("there is no sentence {key:?}"));
        let said = self.catalogue.exact(self.language, *phrase, &values()).unwrap();
        // A text message is folded to the letters that it can hold.
        let folded = if self.channel == "telegram" { said } else { application::sms::gsm7::fold(&said) };
        fragments(&folded)
    }

    fn spoken(&self, key: &str) -> Vec<String> {
        let heard = Heard::ALL.iter().find(|heard| heard.key() == key).unwrap_or_else(|| panic!("nobody hears {key:?}"));
        fragments(&self.book.say(self.language, *heard, &values()))
    }
}

/// A sign that stands for every value.
const VALUE: &str = "§";

fn values() -> Vec<Argument<'static>> {
    [
        "what", "place", "name", "phone", "code", "example", "day", "hour", "minutes", "price", "months", "number", "range", "country", "who", "label", "key",
        "when", "digits",
    ]
    .into_iter()
    .map(|name| (name, Cow::Borrowed(VALUE)))
    .collect()
}

fn fragments(text: &str) -> Vec<String> {
    text.split(VALUE).map(|part| part.trim().to_owned()).filter(|part| part.chars().filter(|letter| letter.is_alphabetic()).count() > 1).collect()
}

/// True where all parts are there, however lines and spaces fall.
fn all_in(fragments: &[String], answer: &str) -> bool {
    let even = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let answer = even(answer);
    !fragments.is_empty() && fragments.iter().all(|fragment| answer.contains(&even(fragment)))
}
