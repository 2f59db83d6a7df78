//! An answer as a chat message: short, with a button for every key, and each button's digit before it: old clients show
//! no buttons.

use directory::answer::{Action, Answer, Block, Card, Sentence};
use directory::phrase::Phrase;
use directory::vocabulary::Vocabulary;

use application::plain::{Plain, Said, capital, cut, shorten};
use application::say::Words;

/// More is not read on a small screen.
const LONGEST: usize = 600;

/// A name of more letters is cut between two words.
const LONGEST_NAME: usize = 100;

/// A button's name is cut here: three stand side by side.
const BUTTON: usize = 24;

/// Of the numbers to call in danger, those behind these go first where there is no room.
const OUTSTANDING: usize = 4;

/// What a button does, before its value: a key of the page, a door that does the same on every page, the code of a
/// record. At most 64 bytes go into a button.
pub const KEY: &str = "k";
/// See [`KEY`].
pub const DOOR: &str = "d";
/// See [`KEY`].
pub const CODE: &str = "c";
/// See [`KEY`]: the page again, aloud.
pub const LISTEN: &str = "l";
/// See [`KEY`]: this message and the question before it are erased; behind it the language, then the question's number.
pub const ERASE: &str = "x";

/// Pictures of doors, by their names.
const PICTURES: [(&str, &str); 12] = [
    ("eat", "🍲"),
    ("home", "🛏"),
    ("health", "🩺"),
    ("papers", "📄"),
    ("learn", "🎓"),
    ("out", "📅"),
    ("family", "👪"),
    ("care", "🧓"),
    ("goods", "👕"),
    ("mobility", "🚌"),
    ("together", "🤝"),
    ("safety", "🆘"),
];

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Button {
    /// What is on it.
    pub label: String,
    /// What comes back when it is pressed.
    pub data: String,
}

/// A message ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// Its text.
    pub text: String,
    /// Its buttons, row by row.
    pub rows: Vec<Vec<Button>>,
    /// The asker's position is an answer to it.
    pub asks_place: bool,
}

/// Renders an answer. `speaks` where it can be listened to.
pub fn render(answer: &Answer, words: &Words<'_>, vocabulary: &Vocabulary, speaks: bool) -> Chat {
    let page = Page(Plain { words, vocabulary, answer });
    let asks_place = answer.blocks.iter().any(|block| matches!(block, Block::Say(Sentence::Where(_) | Sentence::WhereAgain)));
    Chat { text: page.text(), rows: page.rows(speaks), asks_place }
}

struct Page<'a>(Plain<'a>);

impl Page<'_> {
    /// All lines while there is room; what is only nice to know goes first.
    fn text(&self) -> String {
        let lines = self.lines();
        let joined =
            |most: u8| lines.iter().filter(|(wish, text)| *wish <= most && !text.is_empty()).map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
        (0..=3).rev().map(joined).find(|text| text.chars().count() <= LONGEST).unwrap_or_else(|| joined(0))
    }

    /// Lines, with 0 for what must stay.
    fn lines(&self) -> Vec<(u8, String)> {
        let Plain { words, answer, .. } = &self.0;
        let mut lines = Vec::new();
        for block in &answer.blocks {
            match block {
                Block::Title(title) => {
                    let heading = [Some(self.0.title(title)), self.0.all_free()].into_iter().flatten().filter(|part| !part.is_empty());
                    lines.push((0, self.0.marked(&capital(&heading.collect::<Vec<_>>().join(", ")))));
                }
                Block::Entry(entry) => {
                    let key = if answer.leaves_no_trace { entry.code.to_string() } else { entry.number.to_string() };
                    let facts = self.0.facts(entry);
                    lines.push((0, format!("{key}. {}\n    {}", facts.called(Said::ALL, LONGEST_NAME), facts.behind(Said::ALL))));
                }
                Block::Card(card) => self.card(card, &mut lines),
                Block::Say(Sentence::CallBack(desk)) => {
                    lines.push((0, words.say(Phrase::ChatBack)));
                    lines.extend(desk.as_ref().map(|desk| (0, self.0.desk(Phrase::OrCall, desk))));
                }
                Block::Say(sentence) => lines.extend(self.0.sentence(sentence).into_iter().map(|text| (0, text))),
                Block::Emergency(numbers) => {
                    let line = |(place, number)| (u8::from(place > OUTSTANDING), self.0.to_call(number));
                    lines.extend(numbers.iter().enumerate().map(line));
                }
                Block::Needs(needs) => lines.push((0, self.0.needs(needs))),
                Block::Doors(doors) => lines.push((0, doors.iter().map(|(key, label)| format!("{key} {label}")).collect::<Vec<_>>().join("\n"))),
            }
        }
        lines.push((0, self.0.keys()));
        lines
    }

    fn card(&self, card: &Card, lines: &mut Vec<(u8, String)>) {
        let words = self.0.words;
        lines.push((0, self.0.marked(&card.entry.name)));
        lines.extend(self.0.what_alone(&card.entry).map(|what| (0, what)));
        lines.extend(card.short.as_deref().map(|text| (3, cut(text, 160))));
        lines.push((0, [card.street.as_deref(), card.locality.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")));
        lines.extend(card.hint.as_deref().map(|text| (2, cut(text, 120))));
        if let directory::answer::Coming::Off(_) = card.entry.coming {
            lines.push((0, words.coming(&card.entry.coming)));
        }
        lines.push((0, cut(&words.hours(&card.hours), 160)));
        lines.push((0, words.cost(&card.entry.cost).unwrap_or_default()));
        let restriction = [words.only_for(self.0.answer.only_for(&card.entry)), words.way_in(card.entry.way_in)];
        lines.extend(restriction.into_iter().flatten().map(|text| (0, capital(&text))));
        lines.extend(card.conditions.as_deref().map(|text| (1, cut(text, 120))));
        // International: a touch dials it.
        lines.extend(card.phone.as_ref().map(|phone| (0, words.with(Phrase::Telephone, &[("phone", phone.as_str().into())]))));
        lines.push((0, words.freshness(card.entry.shown)));
        lines.push((1, card.entry.code.to_string()));
    }

    fn rows(&self, speaks: bool) -> Vec<Vec<Button>> {
        let answer = self.0.answer;
        let mut rows = self.picks();
        let mut keys: Vec<Button> = Vec::new();
        for choice in &answer.choices {
            let label = match choice.action {
                Action::Pick => continue,
                _ => format!("{} {}", choice.key, self.0.key(*choice).unwrap_or_default()),
            };
            keys.push(Button { label, data: format!("{KEY}{}", choice.key) });
        }
        let is_listened_to = answer.blocks.iter().any(|block| !matches!(block, Block::Say(Sentence::WhichLanguage)));
        if speaks && is_listened_to && !answer.leaves_no_trace {
            keys.push(Button { label: "# 🔊".to_owned(), data: LISTEN.to_owned() });
        }
        rows.extend(keys.chunks(2).map(<[Button]>::to_vec));
        rows
    }

    /// Doors as on the kiosk, entries one below the other, languages in their own names.
    fn picks(&self) -> Vec<Vec<Button>> {
        let Plain { vocabulary, answer, .. } = &self.0;
        let mut rows = Vec::new();
        for block in &answer.blocks {
            match block {
                Block::Doors(doors) => {
                    let page = |key: u8, label: &str| {
                        vocabulary.doors().iter().find(|door| door.key == key && door.label.best(answer.language).is_some_and(|known| known == label))
                    };
                    let buttons: Vec<Button> = doors
                        .iter()
                        .filter_map(|(key, label)| {
                            let door = page(*key, label)?;
                            let picture = PICTURES.iter().find(|(id, _)| *id == door.id).map_or("", |(_, picture)| picture);
                            Some(Button { label: format!("{key} {picture} {}", cut(label, BUTTON)), data: format!("{DOOR}{}{key}", door.page) })
                        })
                        .collect();
                    rows.extend(buttons.chunks(2).map(<[Button]>::to_vec));
                }
                Block::Entry(entry) => {
                    let number = if answer.leaves_no_trace { entry.code.to_string() } else { entry.number.to_string() };
                    rows.push(vec![Button { label: format!("{number} {}", shorten(&entry.name, BUTTON)), data: format!("{CODE}{}", entry.code) }]);
                }
                Block::Say(Sentence::WhichLanguage) => {
                    let names = ["Français", "Nederlands", "Deutsch", "English"];
                    let button = |(key, name): (usize, &&str)| Button { label: format!("{} {name}", key + 1), data: format!("{KEY}{}", key + 1) };
                    let buttons: Vec<Button> = names.iter().enumerate().map(button).collect();
                    rows.extend(buttons.chunks(2).map(<[Button]>::to_vec));
                }
                _ => {}
            }
        }
        rows
    }
}
