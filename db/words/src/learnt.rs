//! What the program's build learnt from examples: by the pieces that a message is made of, how likely each class is
//! that examples were put in. Always the same, and asks for no network.

mod learn;
pub mod pieces;

pub use learn::{Lesson, learn};

/// So many numbers tell how many classes there are, the scale of the weights, and by how many first bits pieces are found.
const HEAD: usize = 3;

/// So many words are named as reasons, and those that speak as much as the last of them.
const MOST_REASONS: usize = 3;

/// What was learnt: a head, where the pieces of each beginning start, the pieces, and for each a weight by class
/// ([`learn()`] writes it).
#[derive(Debug, Clone, Copy)]
pub struct Learnt(pub &'static [u8]);

impl Learnt {
    /// How many classes there are.
    pub fn classes(self) -> usize {
        place(self.number(0))
    }

    /// The number at a place of four bytes.
    fn number(self, at: usize) -> u32 {
        let start = at * size_of::<u32>();
        self.0.get(start..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    /// Where in it, in numbers, the pieces start, behind those that tell where the pieces of each beginning do.
    fn pieces(self) -> usize {
        HEAD + (1 << self.number(2)) + 1
    }

    /// The number of a piece among those that are kept.
    fn place_of(self, piece: u32) -> Option<usize> {
        let beginning = HEAD + place(piece >> (u32::BITS - self.number(2)));
        let pieces = self.pieces();
        let mut candidates = place(self.number(beginning))..place(self.number(beginning + 1));
        candidates.find(|candidate| self.number(pieces + candidate) == piece)
    }

    /// How likely each class is, together 1, for a message of these pieces.
    pub fn likelihoods(self, found: &[u32]) -> Vec<f32> {
        let mut sums = vec![0_i32; self.classes()];
        for weights in found.iter().filter_map(|piece| self.weights(*piece)) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i32::from(weight.cast_signed());
            }
        }
        let scale = f32::from_bits(self.number(1));
        let length = pieces::length(found.len());
        #[expect(clippy::cast_precision_loss, reason = "a few hundred weights of 8 bits")]
        let mut likely: Vec<f32> = sums.into_iter().map(|sum| sum as f32 * scale / length).collect();
        pieces::make_likelihoods(&mut likely);
        likely
    }

    /// How much a word as it is written speaks for a class rather than for the first one.
    fn gain(self, word: &str, class: usize) -> i32 {
        let at = |weights: &[u8], class: usize| weights.get(class).map_or(0, |weight| i32::from(weight.cast_signed()));
        self.weights(pieces::of_word(word)).map_or(0, |weights| at(weights, class) - at(weights, 0))
    }

    /// The words, as they are written, that speak most for a class.
    pub fn reasons<'w>(self, words: &[&'w str], class: usize) -> Vec<&'w str> {
        let speaking: Vec<(&str, i32)> = words.iter().map(|word| (*word, self.gain(word, class))).filter(|(_, gain)| *gain > 0).collect();
        let mut gains: Vec<i32> = speaking.iter().map(|(_, gain)| *gain).collect();
        gains.sort_unstable_by(|one, other| other.cmp(one));
        let least = gains.get(MOST_REASONS - 1).copied().unwrap_or_default();
        speaking.into_iter().filter(|(_, gain)| *gain >= least).map(|(word, _)| word).collect()
    }

    fn weights(self, piece: u32) -> Option<&'static [u8]> {
        let kept = place(self.number(self.pieces() - 1));
        let weights = (self.pieces() + kept) * size_of::<u32>();
        let start = weights + self.place_of(piece)? * self.classes();
        self.0.get(start..start + self.classes())
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or_default()
}
