//! Finds records: words with places in the full-text index, themes with places in a plain tree; both
//! in the order of a static rank, so that the first page costs the same at any size. The last word
//! on the order belongs to `directory::dialogue::rank`.

mod grammar;

use chrono::NaiveDateTime;
use directory::dialogue::{Candidate, Found, Query, rank};
use directory::locality::Point;
use directory::record::Scope;
use directory::words;
use sqlx::{AssertSqlSafe, Row};

use self::grammar::Beginnings;
use crate::StoreError;
use crate::brief::unpack;
use crate::dialect::Dialect;
use crate::edition::Edition;
use crate::index::{EVERYTHING, lexeme, theme_word, whole};
use crate::search_cache::Ranked;
use crate::store::{Store, on};

/// Candidates taken from each index where any of them answers.
const FEW_CANDIDATES: i64 = 24;

/// Candidates taken from each index where ranking drops some: what is closed, costs something, is no event.
const MAX_CANDIDATES: i64 = 50;

/// Once as many candidates are found near, places further away are not looked at.
const ENOUGH: usize = 24;

/// Postal codes looked up together.
const CODES_AT_ONCE: usize = 5;

/// Beginnings of words shorter than this are not looked for: too many words begin with them.
const SHORTEST_BEGINNING: usize = 5;

/// Records taken from around a place that has none with the word asked for.
const MAX_FROM_AROUND: usize = 3;

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
        let asked = edition.map(|edition| (question(query), edition));
        let known = asked.as_ref().and_then(|(question, edition)| self.cache.candidates(question, *edition));
        let candidates = match (known, asked) {
            (Some(known), _) => known,
            (None, Some((question, edition))) => self.cache.keep(question, edition, self.look_up(query).await?),
            (None, None) => self
                .look_up(query)
                .await?
                .into_iter()
                .map(|(found, by_word)| Candidate { brief: found.brief, by_word })
                .collect(),
        };
        Ok(Found { hits: rank(&candidates, query, scope, now), record: None })
    }

    /// What is found for a query, and whether by a word of it.
    async fn look_up(&self, query: &Query) -> Result<Vec<(Ranked, bool)>, StoreError> {
        let stems = |phrase: &String| {
            phrase
                .split(' ')
                .map(words::stem)
                .filter(|stem| !lexeme(stem).is_empty())
                .map(ToOwned::to_owned)
                .collect::<Vec<_>>()
        };
        let phrases: Vec<Vec<String>> =
            query.wanted.words.iter().map(stems).filter(|stems| !stems.is_empty()).collect();
        let topics = topics(query);
        let most = most_candidates(query);
        let mut by_word: Vec<Ranked> = Vec::new();
        let mut by_topic: Vec<Ranked> = Vec::new();
        for codes in query.postal_codes.chunks(CODES_AT_ONCE) {
            let mut localities: Vec<&str> = codes.iter().map(String::as_str).collect();
            if by_topic.is_empty() && by_word.is_empty() {
                localities.push(whole(query.country));
            }
            let [topics, whole_words, beginnings] = self
                .find([
                    Look::Topics { topics: &topics, localities: &localities, most },
                    Look::words(&phrases, Beginnings::No, &localities, &[], most),
                    Look::words(&phrases, Beginnings::Instead { of: 1 }, &localities, &[], most),
                ])
                .await?;
            by_topic.extend(topics);
            by_word.extend(whole_words.into_iter().chain(beginnings));
            if by_topic.len() + by_word.len() >= ENOUGH {
                break;
            }
        }
        if by_word.is_empty() && !phrases.is_empty() {
            by_word = self.nearest_by_words(&phrases, query).await?;
        }
        by_topic.retain(|found| !by_word.iter().any(|known| known.rank == found.rank));
        Ok(by_word
            .into_iter()
            .map(|found| (found, true))
            .chain(by_topic.into_iter().map(|found| (found, false)))
            .collect())
    }

    /// The nearest few records that hold the words: a yoga class two kilometres away answers "yoga"
    /// better than any other outing next door.
    async fn nearest_by_words(&self, phrases: &[Vec<String>], query: &Query) -> Result<Vec<Ranked>, StoreError> {
        let themes: Vec<String> = query.wanted.themes.iter().map(|theme| theme_word(theme.id())).collect();
        let (near, far) = query.around.split_at_checked(CODES_AT_ONCE).unwrap_or((&query.around, &[]));
        for codes in [near, far].into_iter().filter(|codes| !codes.is_empty()) {
            let localities: Vec<&str> = codes.iter().map(String::as_str).collect();
            let looks = [Beginnings::No, Beginnings::Instead { of: 0 }]
                .map(|beginnings| Look::words(phrases, beginnings, &localities, &themes, FEW_CANDIDATES));
            let mut found = self.find(looks).await?.into_iter().flatten().collect::<Vec<_>>();
            if found.len() > MAX_FROM_AROUND {
                // The nearest of them, among equals the surest.
                let distance = |found: &Ranked| {
                    let (lat, lon) = found.brief.open()?.site.position?;
                    Some(query.here?.distance_km(Point { lat, lon }))
                };
                let mut nearest: Vec<(f64, Ranked)> =
                    found.into_iter().map(|found| (distance(&found).unwrap_or(f64::MAX), found)).collect();
                nearest.sort_by(|one, other| one.0.total_cmp(&other.0));
                found = nearest.into_iter().map(|(_, found)| found).take(MAX_FROM_AROUND).collect();
            }
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
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

fn most_candidates(query: &Query) -> i64 {
    let wanted = &query.wanted;
    let drops_some = wanted.open_now
        || wanted.free
        || wanted.when.is_some()
        || !wanted.kinds.is_empty()
        || !wanted.audiences.is_empty();
    if drops_some { MAX_CANDIDATES } else { FEW_CANDIDATES }
}

/// All of a query that decides what is found in the indexes, in one text.
fn question(query: &Query) -> String {
    let wanted = &query.wanted;
    let themes: Vec<&str> = wanted.themes.iter().map(|theme| theme.id()).collect();
    let parts = [
        wanted.words.join("+"),
        topics(query).join("+"),
        themes.join("+"),
        whole(query.country).to_owned(),
        query.postal_codes.join("+"),
        query.around.join("+"),
        most_candidates(query).to_string(),
    ];
    parts.join("|")
}

/// What a query looks up in the tree. Words alone look nothing up there.
fn topics(query: &Query) -> Vec<String> {
    let wanted = &query.wanted;
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
