//! Every entry is found by its name, asked for without a place: as it is spelled, and with one letter wrong.

use std::collections::BTreeSet;

use directory::language::Language;
use directory::record::{Kind, Record};
use directory::words;
use harness::chance::Chance;

use super::{LOADED, Territory, share};

/// What must be found by its name as it is spelled, and with one letter wrong, in percent.
const FLOORS: (f64, f64) = (96.5, 84.5);

#[tokio::test]
async fn entries_are_found_by_their_names() {
    for (name, territory) in [("demo", Territory::demo().await), ("condroz", Territory::condroz().await)] {
        let mut chance = Chance::new(7);
        let (mut asked, mut exactly, mut nearly) = (0, 0, 0);
        for (number, record) in territory.records.values().filter(|record| may_be_asked(record)).enumerate() {
            let Some(written) = record.content.name.best(Language::Fr) else { continue };
            asked += 1;
            let found = territory.opens(number, written, record).await;
            exactly += usize::from(found);
            if !found {
                println!("    {name}: not found: {written}");
            }
            nearly += usize::from(territory.opens(100_000 + number, &misspelt(written, &mut chance), record).await);
        }
        let (exactly, nearly) = (share(exactly, asked), share(nearly, asked));
        println!("{name}: {asked} names, first or opened {exactly:.1} %, with one letter wrong {nearly:.1} %");
        assert!(exactly >= FLOORS.0 && nearly >= FLOORS.1, "{name}: {exactly:.1} %, {nearly:.1} %");
    }
}

/// What may be told by text message, and does not end before somebody asks.
fn may_be_asked(record: &Record) -> bool {
    let now = LOADED.parse::<chrono::DateTime<chrono::Utc>>().unwrap().naive_utc();
    let is_over = |when: &directory::record::When| directory::schedule::next(when, now).is_none();
    record.status.is_shown() && record.kind != Kind::Offer && !record.content.when.as_ref().is_some_and(is_over)
}

/// One letter in the middle of the longest word becomes another.
fn misspelt(name: &str, chance: &mut Chance) -> String {
    let longest = name.split(' ').max_by_key(|word| word.chars().count()).unwrap_or_default();
    let place = longest.chars().count() / 2;
    let other = *chance.one_of(&['a', 'e', 'i', 'o', 'r', 's', 't']);
    let wrong: String = longest.chars().enumerate().map(|(at, letter)| if at == place { other } else { letter }).collect();
    name.replacen(longest, &wrong, 1)
}

impl Territory {
    /// True where the entry, or one of the same name, is first or opened.
    async fn opens(&self, number: usize, text: &str, record: &Record) -> bool {
        let sender = Some(format!("+3248{number:07}"));
        let request = application::turn::Request::text(application::turn::Channel::Sms, sender, text, format!("SN{number}"));
        let reply = self.engine.explain(&request).await.unwrap();
        let names = |record: &Record| record.content.name.iter().map(|(_, name)| words::fold(name)).collect::<BTreeSet<_>>();
        let first = reply.answer.records().first().and_then(|code| self.records.get(code));
        first.is_some_and(|first| !names(first).is_disjoint(&names(record)))
    }
}
