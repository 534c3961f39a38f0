//! The non-linear best–worst method.

use std::fmt;

use crate::error::Result;
use crate::numeric::check;
use crate::table::{Column, Table};
use crate::weights::{BestWorst, Origin, Weights};

/// The weights of the non-linear best–worst method, which leaves an interval for each.
///
/// # Examples
///
/// ```
/// use satindex::weights::BestWorst;
///
/// let judgements = BestWorst::new(
///     ["load", "access", "cost"],
///     ("cost", &[8.0, 2.0, 1.0]),
///     ("load", &[1.0, 5.0, 8.0]),
/// )?;
/// let result = judgements.nonlinear()?;
/// assert_eq!(format!("{:.4}", result.xi()), "0.2583"); // 4 − √14
/// let (least, greatest) = result.intervals()[2];
/// assert!((greatest - least).abs() < 1e-12); // one solution
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct NonlinearBestWorst {
    weights: Weights,
    intervals: Vec<(f64, f64)>,
    xi: f64,
    consistency_index: f64,
}

checked_when_read!(NonlinearBestWorst);

impl BestWorst {
    /// The weights that minimise `ξ = max {|w_B/w_j − a_Bj|, |w_j/w_W − a_jW|}` over all j.
    ///
    /// Many weights may have the least ξ. The weights of the result are the centres of their intervals, scaled to sum
    /// to 1; with a single solution they are that solution.
    ///
    /// # Numerical notes
    ///
    /// Each criterion admits the ratios `w_B/w_W` from `(a_Bj − ξ)(a_jW − ξ)` to `(a_Bj + ξ)(a_jW + ξ)`, the direct judgement those
    /// from `a_BW − ξ` to `a_BW + ξ`. The least ξ is the greatest one at which the lower end of one of these ranges meets the
    /// upper end of another: a root of a linear or quadratic equation for each pair. All weights with that ξ have one
    /// ratio `w_B/w_W`, and the other weights vary in ranges of their own; so the bounds of the intervals are exact as well.
    ///
    /// # Errors
    ///
    /// As for [`Weights::normalised`], when a weight leaves the range of `f64`.
    ///
    /// # References
    ///
    /// Rezaei (2015), doi:10.1016/j.omega.2014.11.009, model (3); the intervals and their centres: Rezaei (2016),
    /// doi:10.1016/j.omega.2015.12.001.
    pub fn nonlinear(&self) -> Result<NonlinearBestWorst> {
        let xi = self.least_xi();
        let intervals = intervals(&self.ranges(xi));
        let centres: Vec<f64> = intervals.iter().map(|(lower, upper)| f64::midpoint(*lower, *upper)).collect();
        let origin = Origin::Judgements("non-linear best–worst method".into());
        let weights = Weights::normalised(self.names.iter().cloned(), centres)?.with_origin(origin);
        Ok(NonlinearBestWorst { weights, intervals, xi, consistency_index: consistency_index(self.best_to_worst()) })
    }

    fn least_xi(&self) -> f64 {
        let direct = self.best_to_worst();
        let sum = |from_best: f64, to_worst: f64| from_best + to_worst;
        // The smaller root of ξ² − (s + 1) ξ + p − a = 0 when p > a, of ξ² + (s + 1) ξ + p − a = 0 when p < a.
        let against_direct = self.others().map(|other| {
            let half = 0.5 * (sum(other.from_best, other.to_worst) + 1.0);
            let gap = other.product() - direct;
            gap.abs() / (half + (half * half - gap).max(0.0).sqrt())
        });
        // (a − ξ)(b − ξ) = (c + ξ)(d + ξ): the squares cancel.
        let among_others = self.others().flat_map(|lower| {
            self.others().map(move |upper| {
                let sums = sum(lower.from_best, lower.to_worst) + sum(upper.from_best, upper.to_worst);
                (lower.product() - upper.product()) / sums
            })
        });
        against_direct.chain(among_others).fold(0.0, f64::max)
    }

    /// The range of every weight relative to `w_W`, at the least ξ.
    fn ranges(&self, xi: f64) -> Vec<(f64, f64)> {
        let direct = self.best_to_worst();
        // The ranges of the ratio w_B/w_W meet in one point.
        let ratio = self.others().map(|o| (o.from_best - xi).max(0.0) * (o.to_worst - xi).max(0.0));
        let ratio = ratio.fold(direct - xi, f64::max);
        let mut ranges = vec![(ratio, ratio); self.names.len()];
        ranges[self.places().worst] = (1.0, 1.0);
        for other in self.others() {
            let lower = (other.to_worst - xi).max(ratio / (other.from_best + xi));
            let loosest = other.to_worst + xi;
            let upper = if other.from_best > xi { loosest.min(ratio / (other.from_best - xi)) } else { loosest };
            // At a pair that decides ξ the ends are equal up to rounding.
            ranges[other.at] = (lower, upper.max(lower));
        }
        ranges
    }
}

/// The least and the greatest share of each in the sum, when each varies in its range.
fn intervals(ranges: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let least: f64 = ranges.iter().map(|range| range.0).sum();
    let greatest: f64 = ranges.iter().map(|range| range.1).sum();
    let share =
        |&(lower, upper): &(f64, f64)| (lower / (lower + (greatest - upper)), upper / (upper + (least - lower)));
    ranges.iter().map(share).collect()
}

/// The greatest possible ξ for `a_BW`: the smaller root of ξ² − (1 + 2a) ξ + a² − a = 0.
fn consistency_index(direct: f64) -> f64 {
    2.0 * direct * (direct - 1.0) / (1.0 + 2.0 * direct + (1.0 + 8.0 * direct).sqrt())
}

impl NonlinearBestWorst {
    /// The centres of the intervals, scaled to sum to 1.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The least and the greatest weight of each criterion among all solutions, in the order of the names.
    pub fn intervals(&self) -> &[(f64, f64)] {
        &self.intervals
    }

    /// The least possible greatest deviation ξ*.
    pub fn xi(&self) -> f64 {
        self.xi
    }

    /// The consistency index, the ξ of the most inconsistent judgements with the same `a_BW`; its table runs
    /// 0, 0.44, 1.00, 1.63, 2.30, 3.00, 3.73, 4.47, 5.23 for `a_BW` = 1, …, 9.
    pub fn consistency_index(&self) -> f64 {
        self.consistency_index
    }

    /// The consistency ratio ξ* / CI; 0 when the judgements are fully consistent.
    pub fn consistency_ratio(&self) -> f64 {
        if self.xi == 0.0 { 0.0 } else { self.xi / self.consistency_index }
    }

    fn check(&self) -> Result<()> {
        check::non_negative(self.xi, || "xi".into())?;
        check::non_negative(self.consistency_index, || "the consistency index".into())?;
        check::length(self.intervals.len(), self.weights.len(), || "the list of intervals".into())?;
        for (name, (least, greatest)) in self.weights.names().iter().zip(&self.intervals) {
            check::unit(*least, || format!("the least weight of `{name}`"))?;
            check::unit(*greatest, || format!("the greatest weight of `{name}`"))?;
            let place = || format!("the greatest weight of `{name}`");
            check::domain(*greatest, least <= greatest, place, &format!("at least {least}, the least"))?;
        }
        Ok(())
    }

    /// The weights with their intervals.
    pub fn table(&self) -> Table {
        self.weights
            .table()
            .column(Column::number("least", self.intervals.iter().map(|interval| interval.0)).decimals(4))
            .column(Column::number("greatest", self.intervals.iter().map(|interval| interval.1)).decimals(4))
            .note(format!("xi = {:.4}, CR = {:.4}", self.xi, self.consistency_ratio()))
    }
}

impl fmt::Display for NonlinearBestWorst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ξ* is least (a property tested from outside) only if it can be reached: both ends of every range must do so.
    #[test]
    fn the_ends_of_the_ranges_deviate_by_xi_at_most() {
        let names = ["a", "b", "c", "d", "e"];
        for from_best in [[1.0, 2.0, 4.0, 3.0, 8.0], [1.0, 8.0, 1.0, 8.0, 8.0], [1.0, 3.0, 2.0, 5.0, 8.0]] {
            for to_worst in [[8.0, 4.0, 4.0, 2.0, 1.0], [8.0, 8.0, 1.0, 1.0, 1.0], [8.0, 2.5, 4.0, 1.6, 1.0]] {
                let judgements = BestWorst::new(names, ("a", &from_best), ("e", &to_worst)).unwrap();
                let xi = judgements.least_xi();
                let ranges = judgements.ranges(xi);
                for end in [|range: &(f64, f64)| range.0, |range: &(f64, f64)| range.1] {
                    for (j, value) in ranges.iter().map(end).enumerate() {
                        let deviation = (ranges[0].0 / value - from_best[j]).abs().max((value - to_worst[j]).abs());
                        assert!(deviation <= xi + 1e-13, "{deviation} {xi}");
                    }
                }
            }
        }
    }
}
