//! Reads `config/danger`, and stops with the line of what cannot be understood.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Made;
use crate::danger::table::{DangerKind, Part, Pattern, Table};
use crate::language::Language;

const LANGUAGES: [&str; 4] = ["fr", "nl", "de", "en"];

/// What no text says: each is one of the four.
const UNSPOKEN: &str = "no such language";

/// The longest run of words in a list.
const LONGEST_RUN: usize = 5;

/// Texts by language.
type ByLanguage = BTreeMap<String, Vec<String>>;

/// `config/danger/words.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    list: BTreeMap<String, ByLanguage>,
    small: ByLanguage,
    spelled: BTreeMap<String, Vec<String>>,
    kept: ByLanguage,
}

/// Another file: patterns by language.
#[derive(Debug, Deserialize)]
struct Patterns {
    #[serde(flatten)]
    sure: ByLanguage,
    #[serde(default)]
    alone: ByLanguage,
}

/// A file's name and text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct File<'t> {
    pub(crate) name: &'t str,
    pub(crate) text: &'t str,
}

impl File<'_> {
    /// What is wrong with a text of the file, with the line on which it stands.
    fn wrong(self, said: &str, problem: &str) -> Box<dyn std::error::Error> {
        let quoted = format!("\"{said}\"");
        let line = self.text.lines().position(|line| line.contains(&quoted)).map_or(0, |line| line + 1);
        format!("config/danger/{}.toml:{line}: \"{said}\": {problem}", self.name).into()
    }

    fn read<T: serde::de::DeserializeOwned>(self) -> Made<T> {
        toml::from_str(self.text).map_err(|error| format!("config/danger/{}.toml: {error}", self.name).into())
    }
}

/// The table in the making.
#[derive(Debug, Default)]
struct Making {
    table: Table,
    words: BTreeMap<String, u16>,
    /// Lists by what is said of them: `<who>` of a language, or words with `|` between them.
    lists: BTreeMap<String, u16>,
    named: BTreeMap<(String, String), Vec<Vec<String>>>,
}

/// The table of all files, each read by its name.
pub(crate) fn all(mut text: impl FnMut(&str) -> Made<String>) -> Made<Table> {
    let (words, ordinary, silence) = (text("words")?, text("ordinary")?, text("silence")?);
    let kinds = DangerKind::ALL.iter().map(|kind| Ok((kind.id(), text(kind.id())?))).collect::<Made<Vec<_>>>()?;
    let kinds: Vec<File<'_>> = kinds.iter().map(|(name, text)| File { name, text }).collect();
    read(File { name: "words", text: &words }, File { name: "ordinary", text: &ordinary }, File { name: "silence", text: &silence }, &kinds)
}

/// The table of these files: `words`, `ordinary`, `silence`, and one a kind, in the order of the kinds.
pub(crate) fn read(words: File<'_>, ordinary: File<'_>, silence: File<'_>, kinds: &[File<'_>]) -> Made<Table> {
    let mut making = Making::default();
    let said: Words = words.read()?;
    for (long, short) in &said.spelled {
        let long: Vec<String> = words::fold(long).split(' ').map(ToOwned::to_owned).collect();
        making.table.spelled.extend(short.iter().map(|short| (words::fold(short), long.clone())));
    }
    for name in said.list.keys() {
        for language in LANGUAGES {
            let mut above = Vec::new();
            let runs = runs(words, &said, name, language, &mut above)?;
            making.named.insert((name.clone(), language.to_owned()), runs);
        }
    }
    for small in said.small.values().flatten() {
        let id = making.word(&words::fold(small));
        making.table.small.push(id);
    }
    making.table.kept = said.kept.values().flatten().map(|word| words::fold(word)).collect();
    making.table.ordinary = making.patterns(ordinary, None)?;
    making.table.silence = making.patterns(silence, None)?;
    for (file, kind) in kinds.iter().zip(DangerKind::ALL) {
        let patterns = making.patterns(*file, Some(*kind))?;
        making.table.danger.extend(patterns);
    }
    Ok(making.table)
}

/// The runs of words of a list, with the lists that are named in it.
fn runs(file: File<'_>, said: &Words, name: &str, language: &str, above: &mut Vec<String>) -> Made<Vec<Vec<String>>> {
    if above.iter().any(|known| known == name) {
        return Err(file.wrong(&format!("<{name}>"), "a list that holds itself"));
    }
    let list = said.list.get(name).ok_or_else(|| file.wrong(&format!("<{name}>"), "no such list"))?;
    if let Some(unknown) = list.keys().find(|known| *known != "any" && !LANGUAGES.contains(&known.as_str())) {
        return Err(file.wrong(unknown, UNSPOKEN));
    }
    above.push(name.to_owned());
    let mut all = Vec::new();
    for entry in ["any", language].into_iter().filter_map(|language| list.get(language)).flatten() {
        let mut made: Vec<Vec<String>> = vec![Vec::new()];
        for piece in entry.split_whitespace() {
            let next = match piece.strip_prefix('<').and_then(|piece| piece.strip_suffix('>')) {
                Some(inner) => runs(file, said, inner, language, above).map_err(|error| file.wrong(entry, &error.to_string()))?,
                None => vec![folded(piece)],
            };
            made = made.iter().flat_map(|before| next.iter().map(move |after| before.iter().chain(after).cloned().collect())).collect();
        }
        if made.iter().any(|run| run.is_empty() || run.len() > LONGEST_RUN) {
            return Err(file.wrong(entry, "one to five words"));
        }
        all.extend(made);
    }
    above.pop();
    Ok(all)
}

/// A word, folded: several where it holds an apostrophe. What stands for others stays.
fn folded(piece: &str) -> Vec<String> {
    if piece.starts_with('#') {
        return vec![piece.to_owned()];
    }
    let mut words: Vec<String> = words::fold(piece).split(' ').map(ToOwned::to_owned).collect();
    if piece.ends_with('*')
        && let Some(last) = words.last_mut()
    {
        last.push('*');
    }
    words
}

impl Making {
    fn word(&mut self, word: &str) -> u16 {
        if let Some(known) = self.words.get(word) {
            return *known;
        }
        let id = u16::try_from(self.table.words.len()).unwrap_or(u16::MAX);
        self.table.words.push(word.to_owned());
        self.words.insert(word.to_owned(), id);
        id
    }

    /// A run as a message's words are read: what is short for others is those.
    fn spelled_out(&self, run: &[String]) -> Vec<String> {
        let long = |word: &String| self.table.spelled.iter().find(|(short, _)| short == word).map_or_else(|| vec![word.clone()], |(_, long)| long.clone());
        run.iter().flat_map(long).take(LONGEST_RUN).collect()
    }

    fn list(&mut self, called: String, runs: &[Vec<String>]) -> u16 {
        if let Some(known) = self.lists.get(&called) {
            return *known;
        }
        let runs = runs.iter().map(|run| self.spelled_out(run).iter().map(|word| self.word(word)).collect()).collect();
        let id = u16::try_from(self.table.lists.len()).unwrap_or(u16::MAX);
        self.table.lists.push(runs);
        self.lists.insert(called, id);
        id
    }

    fn patterns(&mut self, file: File<'_>, kind: Option<DangerKind>) -> Made<Vec<Pattern>> {
        let Patterns { sure, alone } = file.read()?;
        let mut patterns = Vec::new();
        for (by_language, is_sure) in [(&sure, true), (&alone, false)] {
            for (language, said) in by_language {
                let languages: &[&str] = if language == "any" { &LANGUAGES } else { &[language.as_str()] };
                if !languages.iter().all(|language| LANGUAGES.contains(language)) {
                    return Err(file.wrong(language, UNSPOKEN));
                }
                for (said, language) in said.iter().flat_map(|said| languages.iter().map(move |language| (said, language))) {
                    let apart = said.replace(" !", " &!");
                    let parts = apart.split('&').filter(|part| !part.trim().is_empty());
                    let parts = parts.map(|part| self.part(file, said, part, language)).collect::<Made<Vec<Part>>>()?;
                    if parts.iter().all(|part| part.is_refused) {
                        return Err(file.wrong(said, "says nothing"));
                    }
                    let language = Language::from_code(language).ok_or(UNSPOKEN)?;
                    let pattern = Pattern { kind, language, is_sure, parts };
                    if !patterns.contains(&pattern) {
                        patterns.push(pattern);
                    }
                }
            }
        }
        Ok(patterns)
    }

    fn part(&mut self, file: File<'_>, said: &str, part: &str, language: &str) -> Made<Part> {
        let part = part.trim();
        let (is_refused, part) = part.strip_prefix('!').map_or((false, part), |part| (true, part.trim()));
        let mut steps = Vec::new();
        let mut has_gap = false;
        for piece in part.split_whitespace() {
            if piece == ".." {
                has_gap = true;
                continue;
            }
            let mut runs: Vec<Vec<String>> = Vec::new();
            for one in piece.split('|') {
                let Some(name) = one.strip_prefix('<').and_then(|one| one.strip_suffix('>')) else {
                    if one.contains(['<', '>']) {
                        return Err(file.wrong(said, &format!("{one} is neither a word nor a list")));
                    }
                    runs.push(folded(one));
                    continue;
                };
                let named = self.named.get(&(name.to_owned(), language.to_owned())).ok_or_else(|| file.wrong(said, &format!("no list <{name}>")))?;
                if named.is_empty() {
                    return Err(file.wrong(said, &format!("the list <{name}> has no words in {language}")));
                }
                runs.extend(named.iter().cloned());
            }
            if runs.iter().any(|run| run.len() > LONGEST_RUN || run.iter().any(String::is_empty)) {
                return Err(file.wrong(said, &format!("{piece} is neither a word nor a list")));
            }
            let called = if piece.contains('<') { format!("{piece} {language}") } else { piece.to_owned() };
            let list = self.list(called, &runs);
            steps.push((list, has_gap));
            has_gap = false;
        }
        if steps.is_empty() || has_gap {
            return Err(file.wrong(said, "a part without an end"));
        }
        Ok(Part { is_refused, steps })
    }
}
