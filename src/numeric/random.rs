//! Randomness from the caller's seed: one independent stream for each replicate.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::function::gamma::ln_gamma;

/// The random numbers of one replicate.
///
/// The `ChaCha` generator with 8 rounds has 2⁶⁴ streams for each key, so a replicate's numbers depend on the seed and
/// its own number only: not on the thread that draws them, nor on what was drawn before.
pub(crate) fn stream(seed: u64, replicate: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(replicate);
    generator
}

/// Fewer draws than this are made one by one.
const FEW: u64 = 16;

/// How many of `draws` without replacement from `zeros` and `ones` are ones; there are no more draws than these.
///
/// By inversion, the likeliest number first and then outwards: √draws steps or so, whatever the numbers. (`rand_distr` has
/// the distribution too, but multiplies factorials out, one step for each of the population, and refuses large ones.)
pub(crate) fn hypergeometric(zeros: u64, ones: u64, draws: u64, generator: &mut impl Rng) -> u64 {
    if draws <= FEW {
        let (mut left, mut found) = (zeros + ones, 0);
        for _ in 0..draws {
            found += u64::from(generator.random_range(0..left) < ones - found);
            left -= 1;
        }
        return found;
    }
    let (least, most) = (draws.saturating_sub(zeros), draws.min(ones));
    let [z, o, d] = [zeros, ones, draws].map(|count| count as f64);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the mode lies among the numbers")]
    let mode = (((d + 1.0) * (o + 1.0) / (z + o + 2.0)) as u64).clamp(least, most);
    let choose = |n: f64, k: f64| ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0);
    let at_mode = mode as f64;
    let peak = (choose(o, at_mode) + choose(z, d - at_mode) - choose(z + o, d)).exp();
    let mut left = generator.random::<f64>() - peak;
    let (mut below, mut above) = ((mode, peak), (mode, peak));
    while left > 0.0 && (below.0 > least || above.0 < most) {
        let before = left;
        if above.0 < most {
            let x = above.0 as f64;
            above = (above.0 + 1, above.1 * ((o - x) / (x + 1.0)) * ((d - x) / (z - d + x + 1.0)));
            left -= above.1;
            if left <= 0.0 {
                return above.0;
            }
        }
        if below.0 > least {
            let x = below.0 as f64;
            below = (below.0 - 1, below.1 * (x / (o - x + 1.0)) * ((z - d + x) / (d - x + 1.0)));
            left -= below.1;
            if left <= 0.0 {
                return below.0;
            }
        }
        // What rounding has left over belongs to nobody.
        if left == before {
            break;
        }
    }
    mode
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the probabilities C(o, x)·C(z, d − x)/C(z + o, d), on both ways and where the ends cut off.
    #[test]
    fn draws_without_replacement_have_their_distribution() {
        let choose = |n: u64, k: u64| (1..=k).map(|i| (n - k + i) as f64 / i as f64).product::<f64>();
        for (zeros, ones, draws) in [(7, 5, 6), (20, 15, 18), (3, 40, 20), (40, 3, 20), (18, 0, 17), (0, 18, 17)] {
            let mut generator = stream(7, zeros);
            let times = 20_000;
            let mut counts = [0_u32; 50];
            for _ in 0..times {
                counts[usize::try_from(hypergeometric(zeros, ones, draws, &mut generator)).unwrap()] += 1;
            }
            for x in draws.saturating_sub(zeros)..=draws.min(ones) {
                let p = choose(ones, x) * choose(zeros, draws - x) / choose(zeros + ones, draws);
                let found = f64::from(counts[usize::try_from(x).unwrap()]) / f64::from(times);
                // Five standard errors and the weight of one draw.
                let slack = 5.0 * (p * (1.0 - p) / f64::from(times)).sqrt() + 1.0 / f64::from(times);
                assert!((found - p).abs() <= slack, "{zeros} {ones} {draws} {x}: {found} {p}");
            }
            let possible = draws.saturating_sub(zeros)..=draws.min(ones);
            let inside: u32 = possible.map(|x| counts[usize::try_from(x).unwrap()]).sum();
            assert_eq!(inside, times);
        }
    }

    #[test]
    fn huge_numbers_are_drawn_in_no_time() {
        let (zeros, ones, draws) = (600_000_000_000, 400_000_000_000, 100_000_000_000);
        let drawn = hypergeometric(zeros, ones, draws, &mut stream(1, 1)) as f64;
        // The standard deviation is √(d·0.4·0.6·0.9) = 147,000.
        assert!((drawn - 4e10).abs() < 1e6);
    }

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, replicate| stream(seed, replicate).next_u64();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }
}
