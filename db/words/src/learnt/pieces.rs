//! What a message is made of, for comparing it with examples: its words as they are written, without an ending and as
//! they sound, alone and two by two, their beginnings, and runs of the letters that are heard. Each is a number.

use crate::{phonetic, stem};

/// At most so many words of a message are looked at.
const MOST_WORDS: usize = 60;

/// Shorter words are compared as they are written.
const SHORTEST_HEARD: usize = 4;

/// Runs of so many letters.
const RUNS: [usize; 4] = [3, 4, 5, 6];

/// Beginnings of so many letters.
const BEGINNINGS: [usize; 3] = [4, 5, 6];

/// Words of a message, folded, each number as one.
pub fn words_of(folded: &str) -> Vec<&str> {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    folded.split(' ').filter(|word| !word.is_empty()).map(|word| if is_number(word) { "0" } else { word }).take(MOST_WORDS).collect()
}

/// The piece of one word as it is written.
pub fn of_word(word: &str) -> u32 {
    number(b'w', word)
}

/// The pieces of a folded message, each once, in order.
pub fn of(folded: &str) -> Vec<u32> {
    let words = words_of(folded);
    if words.is_empty() {
        return Vec::new();
    }
    let sounds: Vec<String> = words.iter().map(|word| if word.len() < SHORTEST_HEARD { (*word).to_owned() } else { phonetic(word) }).collect();
    // One that is always there: how often a class is meant at all.
    let mut pieces: Vec<u32> = std::iter::once(number(b'a', "")).chain(words.iter().map(|word| of_word(word))).collect();
    pieces.extend(words.iter().map(|word| number(b't', stem(word))));
    pieces.extend(sounds.iter().map(|sound| number(b's', sound)));
    pieces.extend(sounds.iter().flat_map(|sound| beginnings(sound)).map(|beginning| number(b'p', beginning)));
    pieces.extend(sounds.windows(2).map(|two| number(b'b', &two.join(" "))));
    let whole = format!("_{}_", sounds.join("_"));
    let starts: Vec<usize> = whole.char_indices().map(|(start, _)| start).chain([whole.len()]).collect();
    for length in RUNS {
        let runs = starts.iter().zip(starts.iter().skip(length)).filter_map(|(start, end)| whole.get(*start..*end));
        pieces.extend(runs.map(|run| number(b'c', run)));
    }
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// The beginnings of a longer word.
fn beginnings(sound: &str) -> impl Iterator<Item = &str> {
    BEGINNINGS.into_iter().filter_map(|length| sound.char_indices().nth(length).and_then(|(end, _)| sound.get(..end)))
}

/// Makes of the sum of each class's weights how likely it is, together 1.
pub fn make_likelihoods(sums: &mut [f32]) {
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    for sum in &mut *sums {
        *sum = (*sum - most).exp();
    }
    let all: f32 = sums.iter().sum();
    for one in sums {
        *one /= all;
    }
}

/// What the sums of the weights of so many pieces are divided by: long messages say no more than short ones.
pub fn length(pieces: usize) -> f32 {
    f32::from(u16::try_from(pieces.max(1)).unwrap_or(u16::MAX)).sqrt()
}

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>), its bits stirred (Murmur3's finalizer), since pieces are found by
/// their first ones.
fn number(kind: u8, text: &str) -> u32 {
    let mut hash: u32 = 2_166_136_261;
    let mut add = |byte: u8| hash = (hash ^ u32::from(byte)).wrapping_mul(16_777_619);
    add(kind);
    text.bytes().for_each(&mut add);
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}
