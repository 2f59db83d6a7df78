//! What the program's build learnt from examples: by the pieces that a message is made of, how likely each class is that
//! examples were put in. Always the same, and asks for no network. `build/examples.rs` learns it.

mod learn;
pub mod pieces;

pub use learn::learn;

/// What was learnt of so many classes: a scale, then for each piece a weight by class.
#[derive(Debug, Clone, Copy)]
pub struct Learnt<const N: usize>(pub &'static [u8]);

impl<const N: usize> Learnt<N> {
    /// How likely each class is, together 1, for a message of these pieces.
    pub fn likelihoods(self, found: &[u16]) -> [f32; N] {
        let mut sums = [0_i32; N];
        for weights in found.iter().filter_map(|piece| self.weights(*piece)) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i32::from(weight.cast_signed());
            }
        }
        let scale = self.0.first_chunk().map_or(0.0, |scale| f32::from_le_bytes(*scale));
        let length = pieces::length(found);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred weights of 8 bits")]
        let mut likely = sums.map(|sum| sum as f32 * scale / length);
        pieces::make_likelihoods(&mut likely);
        likely
    }

    /// How much a word as it is written speaks for a class rather than for the first one.
    pub fn gain(self, word: &str, class: usize) -> i32 {
        let at = |weights: &[u8], class: usize| weights.get(class).map_or(0, |weight| i32::from(weight.cast_signed()));
        self.weights(pieces::of_word(word)).map_or(0, |weights| at(weights, class) - at(weights, 0))
    }

    fn weights(self, piece: u16) -> Option<&'static [u8]> {
        let start = size_of::<f32>() + usize::from(piece) * N;
        self.0.get(start..start + N)
    }
}
