//! Random questions from the words and places that the program knows, and from letters that it does not:
//! both databases find the same. 600 of them, 2 000 with `PASSERELLE_PROMISES=full`.

use directory::dialogue::Query;
use directory::locality::Point;
use directory::phone::Country;
use directory::query::Wanted;
use directory::record::Kind;
use directory::theme::{Audience, Theme};
use harness::scale::Scale;
use serde_json::Value;

use super::lookup::{ask, demos, search};

#[tokio::test]
async fn random_questions_find_the_same_on_both_databases() {
    let demos = demos().await;
    let [sqlite, postgres] = demos.as_slice() else { return };
    let words = vocabulary();
    let territory = sqlite.engine.vocabulary.territory();
    let areas: Vec<_> = territory.areas().collect();
    let mut names: Vec<String> = Vec::new();
    let mut places: Vec<(Country, String)> = Vec::new();
    let each = |record: directory::record::Record| {
        names.extend(record.content.name.iter().map(|(_, name)| name.to_owned()));
        places.extend(record.content.address.postal_code.map(|code| (record.content.address.country, code)));
    };
    sqlite.engine.store.each_record(each).await.unwrap();
    let questions = Scale::of_this_run().pick(600, 2_000);
    let mut dice = Dice(2_026);
    let (mut found_any, mut most) = (0, 0);
    for number in 0..questions {
        // Most of the places have entries, the others are anywhere.
        let (country, code) = if dice.roll(4) > 0 {
            dice.pick(&places).clone()
        } else {
            let area = dice.pick(&areas);
            (area.country, area.postal_code.to_owned())
        };
        // Reading a text takes longer than finding: fewer of them.
        let found = if number.is_multiple_of(4) {
            let text = match dice.roll(6) {
                0 => format!("{} {code}", dice.pick(&names)),
                1 => format!("{code} {} {}", dice.pick(&words), dice.pick(&words)),
                2 => format!(
                    "{} {code} {}",
                    dice.pick(&words),
                    dice.pick(&["demain", "morgen", "ce soir", "heute", "weekend", "gratuit", "open now", "vrijdag"])
                ),
                3 => format!("{} {}", dice.letters(), code),
                _ => format!("{} {code}", dice.pick(&words)),
            };
            ask(&demos, &text).await.1
        } else {
            let around = if dice.roll(4) == 0 { territory.around(country, &code, 15.0, 40) } else { vec![code.clone()] };
            let query = query(&mut dice, &words, country, &code, around, territory.point(country, &code));
            let (one, other) = (search(sqlite, &query).await, search(postgres, &query).await);
            assert_eq!(one, other, "{query:?}");
            one
        };
        found_any += usize::from(!found.hits.is_empty());
        most = most.max(found.hits.len());
    }
    println!("{questions} questions, {found_any} find something, at most {most}");
    assert!(found_any > questions / 4);
}

fn query(dice: &mut Dice, words: &[String], country: Country, code: &str, around: Vec<String>, here: Option<Point>) -> Query {
    let mut wanted = Wanted { free: dice.roll(8) == 0, open_now: dice.roll(8) == 0, ..Wanted::default() };
    for _ in 0..dice.roll(3) {
        wanted.themes.push(*dice.pick(Theme::ALL));
    }
    for _ in 0..dice.roll(3) {
        let word = if dice.roll(4) == 0 { dice.letters() } else { dice.pick(words).clone() };
        wanted.words.push(directory::words::fold(&word));
    }
    if dice.roll(4) == 0 {
        wanted.kinds.push(*dice.pick(&[Kind::Event, Kind::Offer, Kind::Place, Kind::Service, Kind::Resource, Kind::Organisation]));
    }
    if dice.roll(4) == 0 {
        wanted.audiences.push(*dice.pick(Audience::ALL));
    }
    let near = around.iter().take(dice.roll(12)).cloned();
    Query {
        wanted,
        postal_codes: std::iter::once(code.to_owned()).chain(near).collect(),
        country,
        here,
        around: around.into(),
        areas: std::sync::Arc::default(),
        reach_km: 10.0,
        is_placed: true,
    }
}

/// Every word that names a theme, in the four languages.
fn vocabulary() -> Vec<String> {
    let text = std::fs::read_to_string(harness::repository().join("config/themes.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let lists = file["themes"].as_array().unwrap().iter().flat_map(|theme| theme["keywords"].as_object().unwrap().values());
    lists.flat_map(|list| list.as_array().unwrap()).map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// The same throws at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    /// Letters of any script, quotes and signs.
    fn letters(&mut self) -> String {
        let some = [
            "a", "é", "ß", "ı", "İ", "ς", "Σ", "ح", "م", "ّ", "图", "𝔖", "🙂", "'", "\"", "\\", "\0", "*", ":", "&", "|", "!", "<->", "(", ")", " ", "1", "٣",
            "½", "yo", "ga", "zz",
        ];
        (0..=self.roll(8)).map(|_| *self.pick(&some)).collect()
    }
}
