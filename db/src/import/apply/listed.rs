//! The index's part of an import: gathered, then written in the order in which each index keeps it.
//!
//! Ranks come in no order. FTS5 closes a segment whenever a number is lower than the one before: a
//! segment for each entry, all of which it must merge. A tree would be read and written anew, page by page,
//! for each row of a large directory; in its own order it meets each page once.

use directory::record::Packed;
use std::borrow::Cow;

use super::entry::{BuiltEntry, FoundUnder};
use crate::StoreError;
use crate::brief;
use crate::dialect::Dialect;
use crate::index;
use crate::store::Work;

/// Entries whose places in the indexes are in memory at most.
const MAX_GATHERED: usize = 20_000;

/// What the indexes lose and gain.
#[derive(Default)]
pub(super) struct Listed {
    /// The ranks that changed entries had.
    old_ranks: Vec<i64>,
    gained: Vec<(i64, FoundUnder)>,
    briefs: Vec<(i64, Packed)>,
}

impl Listed {
    /// Takes note of an entry; true when it is time to write.
    pub(super) fn take(&mut self, entry: BuiltEntry, old_rank: Option<i64>) -> bool {
        self.old_ranks.extend(old_rank);
        let rank = entry.rank;
        self.briefs.push((rank, entry.brief));
        self.gained.extend(entry.found.map(|found| (rank, found)));
        self.briefs.len() >= MAX_GATHERED
    }

    pub(super) async fn write(mut self, work: &mut Work, dialect: &Dialect) -> Result<(), StoreError> {
        // Aside there is nothing yet under the old ranks: in the file they are cleared when all is brought in.
        if !work.is_aside() {
            self.old_ranks.sort_unstable();
            index::remove(work, &self.old_ranks).await?;
        }
        self.briefs.sort_unstable_by_key(|(rank, _)| *rank);
        brief::add(work, &self.briefs).await?;
        self.gained.sort_unstable_by_key(|(rank, _)| *rank);
        index::add_words(work, dialect, &self.gained, |found| &found.words).await?;
        let listed: Vec<(&str, Cow<'_, str>, i64)> =
            self.gained.iter().flat_map(|(rank, found)| listings(*rank, found)).collect();
        let mut listings: Vec<(&str, &str, i64)> =
            listed.iter().map(|(topic, place, rank)| (*topic, place.as_ref(), *rank)).collect();
        listings.sort_unstable();
        listings.dedup();
        index::add_listings(work, &listings).await
    }
}

/// Under each topic in each place.
fn listings(rank: i64, found: &FoundUnder) -> impl Iterator<Item = (&str, Cow<'_, str>, i64)> {
    found.topics.iter().flat_map(move |topic| {
        index::places_of(topic, &found.localities).into_iter().map(move |place| (topic.as_str(), place, rank))
    })
}
