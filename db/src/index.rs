//! What a record is found by: topics, localities, words and its rank.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::NaiveDate;
use directory::locality::{Territory, postal_area};
use directory::name;
use directory::need::Need;
use directory::phone::Country;
use directory::record::{Kind, Record};
use directory::words;
use sqlx::AssertSqlSafe;

use crate::StoreError;
use crate::dialect::Dialect;
use crate::statement::{blocks, blocks_of, placeholders, rows};
use crate::store::{Work, within};

/// At most this many words of a record are indexed.
const MAX_WORDS: usize = 200;

/// Longer words are found by their beginning; PostgreSQL takes none above 2 046 bytes.
const MAX_WORD: usize = 200;

/// How words are kept. Another number is another way: all are kept again when a database is opened.
pub(crate) const LAYOUT: i64 = 4;

/// Letters of a locality in front of each word; no real one has more.
const MAX_LOCALITY: usize = 16;

/// The topic every record is listed under.
pub(crate) const EVERYTHING: &str = "*";

/// The locality of what serves a whole country.
pub(crate) fn whole(country: Country) -> &'static str {
    match country {
        Country::Be => "be",
        Country::Fr => "fr",
    }
}

/// A folded word as both engines keep it. Letters beyond ASCII are spelled by their numbers: SQLite and
/// PostgreSQL know different letters, fold some of them again and cut words at others. The beginning of a
/// word stays the beginning of what is kept. Empty where nothing is kept: one letter alone says nothing.
pub(crate) fn lexeme(word: &str) -> String {
    if word.len() < 2 {
        return String::new();
    }
    let mut kept = String::with_capacity(word.len());
    for character in word.chars() {
        if character.is_ascii_alphanumeric() {
            kept.push(character.to_ascii_lowercase());
        } else if !character.is_ascii() {
            let _ = write!(kept, "x{:x}z", u32::from(character));
        }
        if kept.len() >= MAX_WORD {
            break;
        }
    }
    kept
}

/// A word as it is found in a place. Each word is kept once a place: a search reads the few entries that hold
/// the word there, at any size, where two lists as long as the directory would have to be compared. No
/// locality holds the letter between them.
pub(crate) fn word_in(locality: &str, word: &str) -> String {
    // What a source calls a postal code can be anything.
    let place = lexeme(locality);
    format!("{}z{word}", place.get(..MAX_LOCALITY).unwrap_or(&place))
}

/// The place under which the words of all names are found, wherever their entries are. No postal code is called so.
pub(crate) const NAMES: &str = "names";

/// A word of the index that stands for a theme.
pub(crate) fn theme_word(theme: &str) -> String {
    format!("tt{theme}")
}

/// Lower is shown first: trust, then freshness, then what can be reached at once; the record's
/// number makes it unique.
pub(crate) fn rank(record: &Record, number: i64, today: NaiveDate) -> i64 {
    let trust = 3 - i64::from(record.vouched().min(3));
    let freshness = match record.freshness.confirmed_on.map(|day| (today - day).num_days()) {
        // A day to come confirms nothing; yesterday's clock may be an hour behind the feed's.
        Some(-1..183) => 0,
        Some(..-1) | None => 3,
        Some(..366) => 1,
        Some(_) => 2,
    };
    let kind = match record.kind {
        Kind::Service | Kind::Organisation => 0,
        Kind::Event | Kind::Place => 1,
        Kind::Resource | Kind::Person => 2,
        Kind::Offer => 3,
    };
    ((trust * 4 + freshness) * 4 + kind) << 40 | number
}

/// The last day on which a record can answer anything: the end of an event that does not recur, or of
/// an offer.
pub(crate) fn last_day(record: &Record) -> Option<NaiveDate> {
    let when = record.content.when.as_ref()?;
    if when.rrule.is_some() {
        return None;
    }
    when.rdate.iter().copied().chain([when.end.unwrap_or(when.start)]).max().map(|end| end.date())
}

/// What the topics of needs begin with.
pub(crate) const NEED: &str = "need:";

/// The topic of a need.
pub(crate) fn need_topic(need: Need) -> String {
    format!("{NEED}{}", need.id())
}

/// The topics a record is listed under.
pub(crate) fn topics(record: &Record) -> Vec<String> {
    let themes = record.content.themes.iter().map(|theme| theme.id().to_owned());
    let audiences = record.content.audiences.iter().map(|welcome| format!("for:{}", welcome.audience.id()));
    let needs = record.content.all_needs(record.kind).0.into_iter().map(need_topic);
    std::iter::once(EVERYTHING.to_owned())
        .chain(themes)
        .chain(needs)
        .chain(audiences)
        .chain([format!("kind:{}", record.kind.id())])
        .collect()
}

/// Where a record is listed under a topic: in its localities; under a need also in their postal areas, so that the
/// nearest one is found where there is none around.
pub(crate) fn places_of<'a>(topic: &str, localities: &'a [String]) -> Vec<Cow<'a, str>> {
    let mut places: Vec<Cow<'a, str>> = localities.iter().map(|locality| Cow::Borrowed(locality.as_str())).collect();
    if topic.starts_with(NEED) {
        places.extend(localities.iter().filter_map(|locality| postal_area(locality)).map(Cow::Owned));
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// The postal codes a record is found under: its own, those of the communes it serves, the nearest
/// one where only a position is known, the country where it serves all of it.
pub(crate) fn localities(record: &Record, territory: &Territory<'_>) -> Vec<String> {
    let address = &record.content.address;
    let mut found: Vec<String> = address.postal_code.iter().cloned().collect();
    for area in &address.area {
        if area.eq_ignore_ascii_case(address.country.code()) || area == "france" {
            found.push(whole(address.country).to_owned());
        }
        found.extend(territory.areas().filter(|known| known.commune == area).map(|known| known.postal_code.to_owned()));
    }
    if found.is_empty()
        && let Some((lat, lon)) = address.position
    {
        found.extend(territory.nearest_code(address.country, directory::locality::Point { lat, lon }));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The words a record is found by in each of its localities: its names, short texts and terms, folded and
/// stemmed, and its themes.
pub(crate) fn words(record: &Record, localities: &[String]) -> String {
    let content = &record.content;
    let texts = content
        .name
        .iter()
        .chain(content.short.iter())
        .map(|(_, text)| text)
        .chain(content.terms.iter().map(String::as_str));
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        for word in words::fold(text).split(' ') {
            let kept = lexeme(words::stem(word));
            if found.len() < MAX_WORDS && !kept.is_empty() && !found.contains(&kept) {
                found.push(kept);
            }
        }
    }
    found.extend(content.themes.iter().map(|theme| theme_word(theme.id())));
    let here = |locality: &String| found.iter().map(|lexeme| word_in(locality, lexeme)).collect::<Vec<_>>().join(" ");
    let mut names: Vec<String> = Vec::new();
    let written: Vec<Vec<String>> = content.name.iter().map(|(_, name)| name::words_of(name)).collect();
    // "pointvirgule": short names are also written as one word.
    let joined =
        written.iter().filter(|name| (2..=3).contains(&name.len())).map(|name| name.concat()).collect::<Vec<_>>();
    for word in written.into_iter().flatten().chain(joined) {
        let kept = word_in(NAMES, &lexeme(words::stem(&word)));
        if names.len() < MAX_WORDS && !names.contains(&kept) {
            names.push(kept);
        }
    }
    localities.iter().map(here).chain(names).collect::<Vec<_>>().join(" ")
}

/// Gives records their words, each under its record's rank.
pub(crate) async fn add_words<T>(
    work: &mut Work,
    dialect: &Dialect,
    records: &[(i64, T)],
    words: impl Fn(&T) -> &String,
) -> Result<(), StoreError> {
    for block in blocks_of(records, 2) {
        let text = (dialect.insert_words)(&rows(1, block.len(), 2));
        within!(&mut *work, connection => {
            block
                .iter()
                .fold(sqlx::query(AssertSqlSafe(text)), |query, (rank, record)| query.bind(*rank).bind(words(record)))
                .execute(connection)
                .await?;
        });
    }
    Ok(())
}

/// Takes what is found under these ranks out of every index, briefs among them.
pub(crate) async fn remove(work: &mut Work, ranks: &[i64]) -> Result<(), StoreError> {
    for block in blocks(ranks) {
        let ranks = placeholders(1, block.len());
        for text in [
            format!("DELETE FROM listing WHERE rank IN ({ranks})"),
            format!("DELETE FROM word WHERE rowid IN ({ranks})"),
            format!("DELETE FROM brief WHERE rank IN ({ranks})"),
        ] {
            within!(&mut *work, connection => {
                block
                    .iter()
                    .fold(sqlx::query(AssertSqlSafe(text)), |query, rank| query.bind(*rank))
                    .execute(connection)
                    .await?;
            });
        }
    }
    Ok(())
}

/// Lists ranks under topics in places: topic, place, rank. In order, each index page is met once.
pub(crate) async fn add_listings(work: &mut Work, listings: &[(&str, &str, i64)]) -> Result<(), StoreError> {
    for block in blocks_of(listings, 3) {
        let text = format!(
            "INSERT INTO listing (topic, locality, rank) VALUES {} ON CONFLICT DO NOTHING",
            rows(1, block.len(), 3)
        );
        within!(&mut *work, connection => {
            let query = block.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, (topic, locality, rank)| {
                query.bind(*topic).bind(*locality).bind(*rank)
            });
            query.execute(connection).await?;
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_kept_so_that_no_engine_can_cut_it() {
        assert_eq!(lexeme("frigo"), "frigo");
        assert_eq!(lexeme("حمام"), "x62dzx645zx627zx645z");
        assert_eq!((lexeme("'\"\\\0"), lexeme("l")), (String::new(), String::new()));
        assert!(lexeme("حمامات").starts_with(&lexeme("حمام")));
        assert!(lexeme(&"ح".repeat(9_000)).len() < 2_046);
    }
}
