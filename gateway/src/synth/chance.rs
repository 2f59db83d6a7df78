//! Chance that is the same on every machine, for ever: `SplitMix64` (Steele, Lea, Flood 2014).
//!
//! Ten lines of our own rather than a crate: crates for chance change their algorithms between
//! versions, and then no directory of last year could be made again. Nothing here is secret.

/// Added at each step: 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of numbers that looks random and depends on nothing but how it began.
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// The stream of one record or question: it shares nothing with that of the next one.
    pub(super) fn of(seed: u64, purpose: u64, index: u64) -> Self {
        Self(mix(mix(mix(seed.wrapping_add(STEP)).wrapping_add(purpose)).wrapping_add(index)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number below `bound`; 0 where there is none.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// True this many times in a hundred.
    pub(super) fn percent(&mut self, often: u64) -> bool {
        self.below(100) < often
    }

    /// One of a list; `None` of an empty one.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.index(list.len()))
    }

    /// A position in a list of that length.
    pub(super) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    /// One of a list of texts; nothing of an empty one.
    pub(super) fn word<'a>(&mut self, list: &'a [String]) -> &'a str {
        self.pick(list).map(String::as_str).unwrap_or_default()
    }

    /// One of a list, each as often as its weight says.
    pub(super) fn weighted<'a, T>(&mut self, list: &'a Weighted<T>) -> Option<&'a T> {
        let drawn = self.below(list.ends.last().copied().unwrap_or_default());
        list.members.get(list.ends.partition_point(|end| *end <= drawn))
    }
}

/// Things with weights.
#[derive(Debug)]
pub(super) struct Weighted<T> {
    members: Vec<T>,
    /// The sum of the weights up to each member and with it.
    ends: Vec<u64>,
}

impl<T> Weighted<T> {
    pub(super) fn new(members: impl IntoIterator<Item = (T, u64)>) -> Self {
        let mut sum = 0;
        let (members, ends) = members
            .into_iter()
            .map(|(member, weight)| {
                sum += weight;
                (member, sum)
            })
            .unzip();
        Self { members, ends }
    }

    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.members.iter()
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_reference() {
        // The first numbers of SplitMix64 from the state 1234567, as its authors' program prints them.
        let mut chance = Chance(1_234_567);
        assert_eq!([chance.next(), chance.next(), chance.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn weights_decide_how_often() {
        let list = Weighted::new([("never", 0), ("often", 9), ("seldom", 1)]);
        let mut chance = Chance::of(1, 2, 3);
        let drawn: Vec<&str> = (0..1_000).filter_map(|_| chance.weighted(&list).copied()).collect();
        let often = drawn.iter().filter(|word| **word == "often").count();
        assert!(drawn.len() == 1_000 && !drawn.contains(&"never") && (850..950).contains(&often), "{often}");
    }
}
