//! The ranks that the data leave possible.

use std::ops::RangeInclusive;

use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::aggregate::linear::LinearForm;
use crate::index::Confidence;
use crate::numeric::{parallel, random};

/// From the best rank to the worst.
pub(super) type Ranks = RangeInclusive<usize>;

/// How intervals for ranks come about.
///
/// # References
///
/// Klein, M., Wright, T., Wieczorek, J. (2020). A joint confidence region for an overall ranking of populations. *Journal
/// of the Royal Statistical Society C*, 69(3), 589–606. <https://doi.org/10.1111/rssc.12402>
///
/// Šidák, Z. (1967). Rectangular confidence regions for the means of multivariate normal distributions. *Journal of the
/// American Statistical Association*, 62(318), 626–633. <https://doi.org/10.1080/01621459.1967.10482935>
///
/// Mogstad, M., Romano, J. P., Shaikh, A. M., Wilhelm, D. (2024). Inference for ranks with applications to mobility across
/// neighbourhoods and academic achievement across countries. *Review of Economic Studies*, 91(1), 476–518.
/// <https://doi.org/10.1093/restud/rdad006>
///
/// Goldstein, H., Spiegelhalter, D. J. (1996). League tables and their limitations. *Journal of the Royal Statistical
/// Society A*, 159(3), 385–409. <https://doi.org/10.2307/2983325>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case", deny_unknown_fields))]
pub enum RankMethod {
    /// Joint (Klein et al. 2020): with the level wanted, all true ranks lie in their intervals at once. Each of the K
    /// indices gets an interval I ± z·SE of the level (1 − α)^(1/K), and the rank of i is from 1 + #{j: Lⱼ > Uᵢ} to
    /// K − #{j: Uⱼ < Lᵢ}. The factor is that of independent indices. It holds for those that share entities too, since
    /// they are jointly normal and their intervals symmetric (Šidák 1967).
    #[default]
    Sidak,
    /// The same with the level 1 − α/K, which also holds when the indices are not jointly normal. Hardly wider.
    Bonferroni,
    /// Each for itself (Mogstad et al. 2024): against each other member both one-sided hypotheses are tested, all 2(K − 1)
    /// at once by Holm's method, and the rank of i is from 1 + the number that are surely higher to K − the number that
    /// are surely lower. Holds under any dependence; what two members share is allowed for in their test. A single rank of
    /// interest is known better this way than jointly. Takes K² tests.
    Tests,
    /// Each for itself (Goldstein & Spiegelhalter 1996): the quantiles of the ranks in so many normal draws around the
    /// indices, with entities drawn once for all whom they belong to. Widely used, and not to be relied on where true
    /// values are close: each draw adds error to error and so scatters the ranks about the middle of those that are
    /// nearly equal, so that an interval may cover the true rank far too rarely, and may even miss the observed one (Klein
    /// et al. 2020; Mogstad et al. 2024).
    Simulation {
        /// How many; each takes four bytes for each member.
        replicates: usize,
        /// Of the random numbers.
        seed: u64,
    },
}

/// The intervals from simultaneous ones, value ± z·SE, of all.
///
/// All standard errors are known. Bounds that touch do not separate: with a standard error of 0 equal values stay equal.
pub(super) fn joint(values: &[f64], errors: &[LinearForm], critical: f64) -> Vec<Ranks> {
    let reaches = || errors.iter().map(|error| critical * error.std_error().unwrap_or(0.0));
    let mut lower: Vec<f64> = values.iter().zip(reaches()).map(|(value, reach)| value - reach).collect();
    let mut upper: Vec<f64> = values.iter().zip(reaches()).map(|(value, reach)| value + reach).collect();
    let bounds: Vec<(f64, f64)> = lower.iter().copied().zip(upper.iter().copied()).collect();
    lower.sort_by(f64::total_cmp);
    upper.sort_by(f64::total_cmp);
    let count = values.len();
    let ranks = |(lowest, highest): &(f64, f64)| {
        let above = count - lower.partition_point(|lower| lower <= highest);
        let below = upper.partition_point(|upper| upper < lowest);
        1 + above..=count - below
    };
    bounds.iter().map(ranks).collect()
}

/// The normal quantile of each of `count` simultaneous intervals.
pub(super) fn critical(method: RankMethod, confidence: Confidence, count: usize) -> f64 {
    let count = count as f64;
    let tail = match method {
        RankMethod::Bonferroni => confidence.tail() / count,
        // (1 − level^(1/K))/2 without taking a number near 1 from 1.
        _ => -(confidence.level().ln() / count).exp_m1() / 2.0,
    };
    -Normal::standard().inverse_cdf(tail)
}

/// From tests of each against every other.
pub(super) fn tested(values: &[f64], errors: &[LinearForm], confidence: Confidence) -> Vec<Ranks> {
    let count = values.len();
    let normal = Normal::standard();
    parallel::map(count, |here| {
        // By how much each other one is higher, and the p value of its not being so; that of the hypothesis the other way
        // round is above one half and comes last.
        let mut tests: Vec<(f64, f64)> = (0..count)
            .filter(|there| *there != here && values[*there] != values[here])
            .map(|there| {
                let difference = values[there] - values[here];
                let std_error = errors[here].std_error_of_difference(&errors[there]).unwrap_or(0.0);
                let p = if std_error > 0.0 { normal.cdf(-(difference / std_error).abs()) } else { 0.0 };
                (difference, p)
            })
            .collect();
        tests.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        let hypotheses = 2 * (count - 1);
        let rejected = tests.iter().enumerate().take_while(|(before, (_, p))| {
            let left = hypotheses - before;
            *p <= 2.0 * confidence.tail() / left as f64
        });
        let (mut above, mut below) = (0, 0);
        rejected.for_each(|(_, (difference, _))| if *difference > 0.0 { above += 1 } else { below += 1 });
        1 + above..=count - below
    })
}

/// From normal draws; at least one.
pub(super) fn simulated(
    values: &[f64],
    errors: &[LinearForm],
    confidence: Confidence,
    (draws, seed): (usize, u64),
) -> Vec<Ranks> {
    let errors: Vec<Vec<(usize, f64)>> = errors.iter().map(|form| form.errors().unwrap_or_default()).collect();
    let mut entities: Vec<usize> = errors.iter().flatten().map(|(entity, _)| *entity).collect();
    entities.sort_unstable();
    entities.dedup();
    let place = |entity: usize| entities.binary_search(&entity).unwrap_or(0);
    let placed = |error: &Vec<(usize, f64)>| error.iter().map(|(entity, term)| (place(*entity), *term)).collect();
    let terms: Vec<Vec<(usize, f64)>> = errors.iter().map(placed).collect();
    let drawn: Vec<Vec<u32>> = parallel::map(draws, |draw| {
        let mut generator = random::stream(seed, draw as u64);
        let normal: Vec<f64> = entities.iter().map(|_| StandardNormal.sample(&mut generator)).collect();
        let error = |terms: &[(usize, f64)]| terms.iter().map(|(at, term)| term * normal[*at]).sum::<f64>();
        let drawn: Vec<f64> = values.iter().zip(&terms).map(|(value, terms)| value + error(terms)).collect();
        ranks(&drawn).into_iter().map(|rank| u32::try_from(rank).unwrap_or(u32::MAX)).collect()
    });
    let cut = tail_count(draws, confidence);
    let mut of_one = vec![0; draws];
    let mut interval = |at: usize| {
        of_one.iter_mut().zip(&drawn).for_each(|(rank, drawn)| *rank = drawn[at]);
        of_one.sort_unstable();
        of_one[cut] as usize..=of_one[draws - 1 - cut] as usize
    };
    (0..values.len()).map(&mut interval).collect()
}

/// How many draws are cut off at each end; the middle one stays.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tail of a count is a smaller count")]
fn tail_count(draws: usize, confidence: Confidence) -> usize {
    ((draws as f64 * confidence.tail()).floor() as usize).min((draws - 1) / 2)
}

/// The rank of each value, 1 for the highest; equal ones share the best.
pub(super) fn ranks(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*other].total_cmp(&values[*one]));
    let mut ranks = vec![1; values.len()];
    for (at, pair) in order.windows(2).enumerate() {
        ranks[pair[1]] = if values[pair[1]] == values[pair[0]] { ranks[pair[0]] } else { at + 2 };
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// The factors for the 51 states in Klein, Wright & Wieczorek (2020), printed as "around 3.081" and "around 3.096".
    #[test]
    fn factors_of_the_states() {
        for (method, printed) in [(RankMethod::Sidak, 3.081), (RankMethod::Bonferroni, 3.096)] {
            assert!((critical(method, Confidence::P90, 51) - printed).abs() < 5e-4);
        }
        // One alone has the usual interval; the quantile is good to about 1e-12.
        for method in [RankMethod::Sidak, RankMethod::Bonferroni] {
            let usual = 1.959_963_984_540_054;
            assert_relative_eq!(critical(method, Confidence::P95, 1), usual, max_relative = 1e-11, epsilon = 0.0);
        }
    }

    #[test]
    fn equal_values_share_the_best_rank() {
        assert_eq!(ranks(&[3.0, 5.0, 3.0, 1.0, 5.0]), [3, 1, 3, 5, 1]);
        assert_eq!(ranks(&[2.0]), [1]);
    }

    /// 2.5 % of 1000 draws are 25 at each end; of one draw none.
    #[test]
    fn the_tails_of_the_draws() {
        assert_eq!(tail_count(1000, Confidence::P95), 25);
        assert_eq!(tail_count(1, Confidence::P95), 0);
        let hardly = Confidence::new(1e-300).unwrap();
        assert_eq!((tail_count(2, hardly), tail_count(3, hardly)), (0, 1));
    }
}
