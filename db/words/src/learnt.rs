//! What the program's build learnt from examples: by the pieces that a message is made of, how likely each class is
//! that examples were put in. Always the same, and asks for no network.

mod learn;
pub mod pieces;

pub use learn::learn;

/// How many bytes tell the number of classes, and the scale of the weights.
const HEAD: usize = 2 * size_of::<u32>();

/// So many words are named as reasons, and those that speak as much as the last of them.
const MOST_REASONS: usize = 3;

/// What was learnt: the number of classes, a scale, then for each piece a weight by class.
#[derive(Debug, Clone, Copy)]
pub struct Learnt(pub &'static [u8]);

impl Learnt {
    /// How many classes there are.
    pub fn classes(self) -> usize {
        let count = self.0.first_chunk().map_or(0, |count| u32::from_le_bytes(*count));
        usize::try_from(count).unwrap_or_default()
    }

    /// How likely each class is, together 1, for a message of these pieces.
    pub fn likelihoods(self, found: &[u16]) -> Vec<f32> {
        let mut sums = vec![0_i32; self.classes()];
        for weights in found.iter().filter_map(|piece| self.weights(*piece)) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i32::from(weight.cast_signed());
            }
        }
        let scale = self.0.get(HEAD / 2..).and_then(<[u8]>::first_chunk).map_or(0.0, |scale| f32::from_le_bytes(*scale));
        let length = pieces::length(found);
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

    fn weights(self, piece: u16) -> Option<&'static [u8]> {
        let classes = self.classes();
        let all = self.0.get(HEAD..)?;
        let start = usize::from(piece) % (all.len() / classes.max(1)).max(1) * classes;
        all.get(start..start + classes)
    }
}
