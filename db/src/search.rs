//! Finds records: words with places in the full-text index, themes with places in a plain tree; both
//! in the order of a static rank, so that the first page costs the same at any size. The last word
//! on the order belongs to `directory::dialogue::rank`.

mod grammar;

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDateTime;
use directory::dialogue::{Candidate, Found, FoundBy, Query, offered, rank};
use directory::locality::{FARTHEST_KM, Point};
use directory::name;
use directory::query::Wanted;
use directory::record::Scope;
use directory::words;
use sqlx::{AssertSqlSafe, Row};

use self::grammar::Beginnings;
use crate::StoreError;
use crate::brief::unpack;
use crate::dialect::Dialect;
use crate::edition::Edition;
use crate::index::{EVERYTHING, NAMES, lexeme, need_topic, whole};
use crate::search_cache::Ranked;
use crate::store::{Store, on};

/// Candidates taken from each index where any of them answers.
const FEW_CANDIDATES: i64 = 24;

/// Candidates taken from each index where ranking drops some: what is closed, costs something, is no event.
const MAX_CANDIDATES: i64 = 50;

/// Once as many candidates are found near, places further away are not looked at.
const ENOUGH: usize = 24;

/// Entries of a door that are counted, at most: of more than these the most present needs are the same.
const MAX_COUNTED: usize = 240;

/// Postal codes looked up together at first, and then as many more at most.
const FIRST_CODES: usize = 6;
const MORE_CODES: usize = 24;

/// Beginnings of words shorter than this are not looked for: too many words begin with them.
const SHORTEST_BEGINNING: usize = 5;

impl Store {
    /// The records that answer a query, in the order to show them. Where the directory is known to be in an
    /// edition that was asked the same before, its indexes are not read again.
    pub async fn search(
        &self,
        query: &Query,
        edition: Option<Edition>,
        scope: Scope,
        now: NaiveDateTime,
    ) -> Result<Found, StoreError> {
        let candidates = self.candidates(query, edition, false).await?;
        Ok(Found { hits: rank(&candidates, query, scope, now), ..Found::default() })
    }

    /// What is behind a door: the same and, where it is much, the needs that it is there for. More is read for that
    /// than a list shows.
    pub async fn behind_door(
        &self,
        query: &Query,
        edition: Option<Edition>,
        scope: Scope,
        now: NaiveDateTime,
    ) -> Result<Found, StoreError> {
        let candidates = self.candidates(query, edition, true).await?;
        let needs = offered(&candidates, query, scope, now);
        Ok(Found { hits: rank(&candidates, query, scope, now), needs, record: None })
    }

    /// What may answer a query; `counts` reads as much as is counted behind a door.
    async fn candidates(
        &self,
        query: &Query,
        edition: Option<Edition>,
        counts: bool,
    ) -> Result<Arc<[Candidate]>, StoreError> {
        let asked = edition.map(|edition| (question(query, counts), edition));
        let known = asked.as_ref().and_then(|(question, edition)| self.cache.candidates(question, *edition));
        Ok(match (known, asked) {
            (Some(known), _) => known,
            (None, Some((question, edition))) => self.cache.keep(question, edition, self.look_up(query, counts).await?),
            (None, None) => self
                .look_up(query, counts)
                .await?
                .into_iter()
                .map(|(found, by)| Candidate { brief: found.brief, by })
                .collect(),
        })
    }

    /// What is found for a query, and whether by a word of it: around the place, nearer codes first, until enough is found;
    /// and whatever is called as the message says, wherever it is.
    async fn look_up(&self, query: &Query, counts: bool) -> Result<Vec<(Ranked, FoundBy)>, StoreError> {
        let stems = |phrase: &String| {
            let stems = phrase.split(' ').map(words::stem).filter(|stem| !lexeme(stem).is_empty());
            stems.map(ToOwned::to_owned).collect::<Vec<_>>()
        };
        let phrases: Vec<Vec<String>> =
            query.wanted.words.iter().map(stems).filter(|stems| !stems.is_empty()).collect();
        let (names, nearly) = names_said(&query.wanted);
        let topics = topics(query);
        // What stands in takes no place of what was asked for.
        let own = if query.wanted.needs.is_empty() { topics.len() } else { query.wanted.needs.len() };
        let (topics, stand_ins) = topics.split_at_checked(own).unwrap_or((&topics, &[]));
        let most = most_candidates(query, counts);
        let mut read = 0;
        let mut by_word: Vec<Ranked> = Vec::new();
        let mut by_topic: Vec<Ranked> = Vec::new();
        let mut standing_in: Vec<Ranked> = Vec::new();
        let mut called: Vec<Ranked> = Vec::new();
        let beyond = query.around.iter().filter(|code| !query.postal_codes.contains(code));
        let codes: Vec<&str> = query.postal_codes.iter().chain(beyond).map(String::as_str).collect();
        let mut parts = parts(&codes, query.postal_codes.len());
        let mut part = parts.next();
        let mut is_first = true;
        while is_first || part.is_some() {
            let mut localities = part.unwrap_or_default().to_vec();
            read += localities.len();
            if is_first && !codes.is_empty() {
                localities.push(whole(query.country));
            }
            let names_now = if is_first { (names.as_slice(), nearly.as_slice()) } else { (&[][..], &[][..]) };
            let [of_topics, whole_words, beginnings, by_name, by_part, of_stand_ins] = self
                .find([
                    Look::Topics { topics, localities: &localities, most },
                    Look::words(&phrases, Beginnings::No, &localities, &[], most),
                    Look::words(&phrases, Beginnings::Instead { of: 1 }, &localities, &[], most),
                    Look::names(names_now.0, Beginnings::No),
                    Look::names(names_now.1, Beginnings::Instead { of: 3 }),
                    Look::Topics { topics: stand_ins, localities: &localities, most: FEW_CANDIDATES },
                ])
                .await?;
            by_topic.extend(of_topics);
            standing_in.extend(of_stand_ins);
            called.extend(by_name.into_iter().chain(by_part));
            by_word.extend(whole_words.into_iter().chain(beginnings));
            is_first = false;
            // All that is in reach is counted, and no more.
            let enough = if counts && read < query.postal_codes.len() { MAX_COUNTED } else { ENOUGH };
            if by_topic.len() + by_word.len() >= enough {
                break;
            }
            part = parts.next();
        }
        by_topic.extend(self.beyond(query, &by_topic).await?);
        by_topic.extend(standing_in);
        let mut seen = HashSet::new();
        let mut all = Vec::with_capacity(by_word.len() + by_topic.len() + called.len());
        for (found, by) in [(by_word, FoundBy::Word), (by_topic, FoundBy::Topic), (called, FoundBy::Name)] {
            all.extend(found.into_iter().filter(|found| seen.insert(found.rank)).map(|found| (found, by)));
        }
        Ok(all)
    }

    /// What answers a need further away, where nothing around does.
    async fn beyond(&self, query: &Query, around: &[Ranked]) -> Result<Vec<Ranked>, StoreError> {
        let needs = &query.wanted.needs;
        let answers = |found: &Ranked| {
            found.brief.open().is_some_and(|brief| needs.iter().any(|need| brief.needs.contains(need)))
        };
        if needs.is_empty() || query.areas.is_empty() || around.iter().any(answers) {
            return Ok(Vec::new());
        }
        let topics: Vec<String> = needs.iter().copied().map(need_topic).collect();
        let areas: Vec<&str> = query.areas.iter().map(String::as_str).collect();
        let [found] = self.find([Look::Topics { topics: &topics, localities: &areas, most: MAX_CANDIDATES }]).await?;
        // An area reaches further than people go.
        let is_near = |found: &Ranked| {
            let far = || {
                let (lat, lon) = found.brief.open()?.site.position?;
                Some(query.here?.distance_km(Point { lat, lon }))
            };
            far().is_none_or(|far| far <= FARTHEST_KM.max(query.reach_km))
        };
        Ok(found.into_iter().filter(is_near).collect())
    }

    /// Looks in the indexes, everywhere in one statement: handing one over costs more than looking. What each look
    /// found, in the order of ranks.
    async fn find<const N: usize>(&self, looks: [Look<'_>; N]) -> Result<[Vec<Ranked>; N], StoreError> {
        let mut found = [const { Vec::new() }; N];
        let dialect = self.dialect();
        let (mut ranks, mut briefs, mut values) = (Vec::with_capacity(N), Vec::with_capacity(N), Vec::new());
        for (place, look) in looks.iter().enumerate() {
            if let Some(look) = look.write(dialect, &mut values) {
                ranks.push(format!("l{place} (rank) AS MATERIALIZED ({look})"));
                briefs.push(format!(
                    " SELECT CAST({place} AS BIGINT), b.rank, b.packed FROM l{place} \
                     JOIN brief b ON b.rank = l{place}.rank"
                ));
            }
        }
        if ranks.is_empty() {
            return Ok(found);
        }
        let text = format!(" WITH {}{}", ranks.join(", "), briefs.join(" UNION ALL"));
        let rows: Vec<(i64, Ranked)> = on!(self, db => {
            let query = values.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, value| query.bind(value.as_str()));
            let rows = query.fetch_all(&mut *db.read().await?).await?;
            rows.iter()
                .map(|row| Ok((row.try_get(0)?, Ranked { rank: row.try_get(1)?, brief: unpack(row.try_get(2)?)? })))
                .collect::<Result<_, StoreError>>()?
        });
        for (place, ranked) in rows {
            if let Some(found) = usize::try_from(place).ok().and_then(|place| found.get_mut(place)) {
                found.push(ranked);
            }
        }
        for found in &mut found {
            found.sort_unstable_by_key(|ranked| ranked.rank);
        }
        Ok(found)
    }
}

/// One way to look for records.
enum Look<'a> {
    /// What is listed under some topics. Each pair of a topic and a place is a range in the order of ranks: a few of
    /// each are read, at any size.
    Topics { topics: &'a [String], localities: &'a [&'a str], most: i64 },
    /// What holds words.
    Words {
        phrases: Vec<&'a Vec<String>>,
        beginnings: Beginnings,
        localities: &'a [&'a str],
        themes: &'a [String],
        most: i64,
    },
}

impl<'a> Look<'a> {
    /// "kleider" is in "Kleiderkammer": where no whole word is found, the beginnings of long words.
    fn words(
        phrases: &'a [Vec<String>],
        beginnings: Beginnings,
        localities: &'a [&'a str],
        themes: &'a [String],
        most: i64,
    ) -> Self {
        let long_enough = |phrase: &&Vec<String>| {
            beginnings == Beginnings::No || phrase.iter().all(|word| word.chars().count() >= SHORTEST_BEGINNING)
        };
        Self::Words { phrases: phrases.iter().filter(long_enough).collect(), beginnings, localities, themes, most }
    }

    /// What is called as a message says. The last word of a name is looked for by its beginning where it is spelled wrong.
    fn names(phrases: &'a [Vec<String>], beginnings: Beginnings) -> Self {
        let phrases = phrases.iter().collect();
        Self::Words { phrases, beginnings, localities: &[NAMES], themes: &[], most: FEW_CANDIDATES }
    }

    /// The query that gives the ranks; none where nothing can be found. Adds what is bound to it.
    fn write(&self, dialect: &Dialect, values: &mut Vec<String>) -> Option<String> {
        match self {
            Self::Topics { topics, localities, most } => {
                let mut ranges = Vec::with_capacity(topics.len() * localities.len());
                for (topic, locality) in
                    topics.iter().flat_map(|topic| localities.iter().map(move |locality| (topic, locality)))
                {
                    let range = ranges.len();
                    values.extend([topic.clone(), (*locality).to_owned()]);
                    let (topic, locality) = (values.len() - 1, values.len());
                    ranges.push(format!(
                        "rank FROM (SELECT rank FROM listing WHERE topic = ${topic} AND locality = ${locality} \
                         ORDER BY rank LIMIT {most}) p{range}"
                    ));
                }
                let ranges = ranges.join(" UNION SELECT ");
                (!ranges.is_empty())
                    .then(|| format!(" SELECT rank FROM (SELECT {ranges}) ranges ORDER BY rank LIMIT {most}"))
            }
            Self::Words { phrases, localities, .. } if phrases.is_empty() || localities.is_empty() => None,
            Self::Words { phrases, beginnings, localities, themes, most } => {
                values.push(dialect.grammar.write(phrases, *beginnings, localities, themes));
                let matches = match beginnings {
                    Beginnings::No => (dialect.matches)(values.len()),
                    Beginnings::Instead { of } => {
                        (dialect.matches_unless)(values.len(), &format!("EXISTS (SELECT 1 FROM l{of})"))
                    }
                };
                Some((dialect.first_words)(&matches, *most))
            }
        }
    }
}

fn most_candidates(query: &Query, counts: bool) -> i64 {
    if counts {
        return i64::try_from(MAX_COUNTED).unwrap_or(MAX_CANDIDATES);
    }
    let wanted = &query.wanted;
    let drops_some = wanted.open_now
        || wanted.free
        || wanted.when.is_some()
        || wanted.part.is_some()
        || !wanted.kinds.is_empty()
        || !wanted.audiences.is_empty();
    if drops_some { MAX_CANDIDATES } else { FEW_CANDIDATES }
}

/// The codes asked for first, nearest first, then those beyond: a few, then more at once.
fn parts<'a>(codes: &'a [&'a str], asked: usize) -> impl Iterator<Item = &'a [&'a str]> {
    let (near, beyond) = codes.split_at_checked(asked).unwrap_or((codes, &[]));
    let (first, rest) = near.split_at_checked(FIRST_CODES).unwrap_or((near, &[]));
    let first = Some(first).filter(|first| !first.is_empty());
    first.into_iter().chain(rest.chunks(MORE_CODES)).chain(beyond.chunks(MORE_CODES))
}

/// Letters of a word by which its beginning is looked for.
const BEGINNING: usize = 4;

/// At most so many words of a message are looked for as names by themselves.
const MOST_ALONE: usize = 3;

/// A word by itself is looked for as a name where it has so many letters.
const SHORTEST_ALONE: usize = 4;

/// What a message may call by its name: each two words that follow each other, and words alone where there are few.
/// First as they are spelled, then each with one of them as its beginning: a letter of its end may be wrong.
fn names_said(wanted: &Wanted) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let stem = |word: &String| words::stem(word).to_owned();
    let start = |word: &String| words::stem(word).chars().take(BEGINNING).collect::<String>();
    let stems: Vec<String> = wanted.said.iter().map(stem).filter(|stem| !lexeme(stem).is_empty()).collect();
    let place: Vec<String> = wanted.locality.iter().flat_map(|place| name::words_of(&place.name)).collect();
    let is_alone = |word: &&String| word.chars().count() >= SHORTEST_ALONE && !place.contains(word);
    let alone: Vec<&String> = wanted.said.iter().filter(is_alone).collect();
    let alone = if alone.len() <= MOST_ALONE { alone } else { Vec::new() };
    let pairs = stems.windows(2);
    let exact = pairs.clone().map(<[String]>::to_vec).chain(alone.iter().map(|word| vec![stem(word)])).collect();
    let nearly = pairs.flat_map(|pair| {
        let [first, second] = pair else { return Vec::new() };
        let long = |word: &String| word.chars().count() >= BEGINNING;
        let begun = [(first, vec![start(first), second.clone()]), (second, vec![first.clone(), start(second)])];
        begun.into_iter().filter(|(word, _)| long(word)).map(|(_, phrase)| phrase).collect()
    });
    (exact, nearly.chain(alone.iter().map(|word| vec![start(word)])).collect())
}

/// All of a query that decides what is found in the indexes, in one text.
fn question(query: &Query, counts: bool) -> String {
    let wanted = &query.wanted;
    let themes: Vec<&str> = wanted.themes.iter().map(|theme| theme.id()).collect();
    let parts = [
        wanted.words.join("+"),
        topics(query).join("+"),
        themes.join("+"),
        whole(query.country).to_owned(),
        query.postal_codes.join("+"),
        query.around.join("+"),
        query.areas.join("+"),
        most_candidates(query, counts).to_string(),
        wanted.needs.iter().map(|need| need.id()).collect::<Vec<_>>().join("+"),
        wanted.said.join("+"),
        wanted.locality.as_ref().map(|place| place.name.clone()).unwrap_or_default(),
    ];
    parts.join("|")
}

/// What a query looks up in the tree. Words alone look nothing up there.
fn topics(query: &Query) -> Vec<String> {
    let wanted = &query.wanted;
    if !wanted.needs.is_empty() {
        let mut needs = wanted.needs.clone();
        for other in wanted.needs.iter().flat_map(|need| need.stand_ins()) {
            if !needs.contains(&other) {
                needs.push(other);
            }
        }
        return needs.into_iter().map(need_topic).collect();
    }
    let themes: Vec<String> = wanted.themes.iter().map(|theme| theme.id().to_owned()).collect();
    if !themes.is_empty() {
        return themes;
    }
    if !wanted.kinds.is_empty() {
        return wanted.kinds.iter().map(|kind| format!("kind:{}", kind.id())).collect();
    }
    if !wanted.audiences.is_empty() {
        return wanted.audiences.iter().map(|audience| format!("for:{}", audience.id())).collect();
    }
    if wanted.words.is_empty() { vec![EVERYTHING.to_owned()] } else { Vec::new() }
}
