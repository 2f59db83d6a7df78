//! How an entry is called and what it says of itself, in the languages of its place.

use directory::language::{Language, Localized};

use super::Topic;
use super::chance::Chance;
use super::subject::{Tongue, Tongues};

/// What one entry has to say.
#[derive(Debug)]
pub(super) struct Voice<'s> {
    topic: &'s Topic<'s>,
    house: String,
}

impl<'s> Voice<'s> {
    pub(super) fn new(topic: &'s Topic<'s>, tongues: &Tongues, chance: &mut Chance) -> Self {
        // A house has one name, whatever the language.
        Self { topic, house: house(tongues.of(topic.main), chance) }
    }

    pub(super) fn house(&self) -> &str {
        &self.house
    }

    pub(super) fn names(&self, chance: &mut Chance) -> Localized {
        self.say(chance, |language| &self.topic.subject.said(language).names)
    }

    pub(super) fn shorts(&self, chance: &mut Chance) -> Localized {
        self.say(chance, |language| &self.topic.subject.said(language).short)
    }

    /// What the source files it under, in the entry's first language.
    pub(super) fn terms(&self) -> Vec<String> {
        self.topic.words(self.topic.main)
    }

    fn say(&self, chance: &mut Chance, patterns: impl Fn(Language) -> &'s [String]) -> Localized {
        let mut said = Localized::default();
        for language in &self.topic.languages {
            said.insert(*language, self.fill(chance.word(patterns(*language)), *language));
        }
        said
    }

    fn fill(&self, pattern: &str, language: Language) -> String {
        let Topic { subject, site, item, .. } = self.topic;
        let place = site.name(language);
        let item = subject.said(language).items.get(*item).map(String::as_str).unwrap_or_default();
        // German nouns begin with a capital wherever they stand.
        let item = if language == Language::De { capitalised(item) } else { item.to_owned() };
        let filled = site.in_words(pattern).replace("{Item}", &capitalised(&item)).replace("{item}", &item).replace("{place}", place);
        filled.replace("{proper}", &self.house).replace("{de}", &of_place(place))
    }
}

impl Topic<'_> {
    /// What it is asked for with: its variant, then the words of all of them.
    pub(super) fn words(&self, language: Language) -> Vec<String> {
        let said = self.subject.said(language);
        said.items.get(self.item).into_iter().chain(&said.words).map(|word| self.site.in_words(word)).collect()
    }
}

fn house(tongue: &Tongue, chance: &mut Chance) -> String {
    if chance.percent(40) {
        return chance.word(&tongue.houses).to_owned();
    }
    let (thing, colour) = (chance.word(&tongue.things), chance.word(&tongue.colours));
    match tongue.article.as_str() {
        // In French the colour stands behind.
        "La" => format!("La {thing} {colour}"),
        article => format!("{article} {colour} {thing}"),
    }
}

/// "de Jette", "d'Ixelles", "du Roeulx", "des Bons Villers".
fn of_place(place: &str) -> String {
    if let Some(rest) = place.strip_prefix("Le ") {
        return format!("du {rest}");
    }
    if let Some(rest) = place.strip_prefix("Les ") {
        return format!("des {rest}");
    }
    let vowel = place.chars().next().is_some_and(|first| "AEÉÈIOUY".contains(first)) && !place.starts_with("Yv");
    if vowel { format!("d'{place}") } else { format!("de {place}") }
}

pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_says_of_a_place_as_people_do() {
        for (place, said) in
            [("Jette", "de Jette"), ("Ixelles", "d'Ixelles"), ("Le Roeulx", "du Roeulx"), ("Les Bons Villers", "des Bons Villers"), ("Éghezée", "d'Éghezée")]
        {
            assert_eq!(of_place(place), said);
        }
    }
}
