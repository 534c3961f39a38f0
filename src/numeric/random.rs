//! Randomness from the caller's seed: one independent stream for each replicate.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The random numbers of one replicate.
///
/// The `ChaCha` generator with 8 rounds has 2⁶⁴ streams for each key, so a replicate's numbers depend on the seed and
/// its own number only: not on the thread that draws them, nor on what was drawn before.
pub(crate) fn stream(seed: u64, replicate: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(replicate);
    generator
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, replicate| stream(seed, replicate).next_u64();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }
}
