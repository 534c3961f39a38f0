//! The exact range of row-geometric-mean weights over all reciprocal matrices between bounds.
//!
//! For the least weight of i its judgements are at their lower bounds, and the judgements among the others make the sum of
//! the others' geometric means, Σ exp yₖ, as great as possible; for the greatest weight they make it as small as possible.
//! Each judgement xₖₗ moves yₖ up and yₗ down by the same amount. The points y that can be reached form the base
//! polytope of the submodular function f(S) = max Σₖ∈S yₖ, on which both problems have a finite, exact solution:
//!
//! - a convex function is greatest at a vertex, and the vertices are f(S ∪ k) − f(S) along an order of the others
//!   (Edmonds 1970); the best order comes from the best orders of all subsets;
//! - a sum of one convex function of each yₖ is least at the lexicographically optimal base (Fujishige 1980,
//!   doi:10.1287/moor.5.2.186): the set with the least mean of f has equal values, then the next beyond it.

use crate::error::{ErrorKind, Result};

/// All 2ⁿ⁻¹ subsets of the others are looked at.
pub(super) const LARGEST: usize = 16;

/// The bounds of the judgements, ln(a)/n, row by row; `lower[ji]` = −`upper[ij]`.
pub(super) struct Bounds {
    n: usize,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl Bounds {
    /// From the bounds of the full matrix, row by row.
    pub(super) fn new(n: usize, ratios: impl Iterator<Item = (f64, f64)>) -> Result<Self> {
        if n > LARGEST {
            let (place, expected) =
                ("the number of labels is".into(), format!("at most {LARGEST} for constrained weights"));
            return Err(ErrorKind::Domain { place, value: n as f64, expected }.into());
        }
        let (lower, upper) = ratios.map(|(lower, upper)| (lower.ln() / n as f64, upper.ln() / n as f64)).unzip();
        Ok(Self { n, lower, upper })
    }

    /// The least and the greatest weight of each.
    pub(super) fn weights(&self) -> Vec<(f64, f64)> {
        if self.lower == self.upper {
            // Every number is plain: one weight each, without the rounding of two ways to it.
            return (0..self.n).map(|i| self.plain_weight(i)).map(|weight| (weight, weight)).collect();
        }
        (0..self.n)
            .map(|i| {
                let least = 1.0 / (1.0 + greatest_sum(&self.reach(i, &self.lower, &self.upper)));
                let greatest = 1.0 / (1.0 + least_sum(&self.reach(i, &self.upper, &self.lower)));
                (least, greatest)
            })
            .collect()
    }

    fn row_sum(&self, row: usize, bounds: &[f64]) -> f64 {
        bounds[row * self.n..(row + 1) * self.n].iter().sum()
    }

    fn plain_weight(&self, i: usize) -> f64 {
        let own = self.row_sum(i, &self.lower);
        1.0 / (0..self.n).map(|k| (self.row_sum(k, &self.lower) - own).exp()).sum::<f64>()
    }

    /// f(S) for all sets S of the others, as bits, with yₖ the log of k's geometric mean relative to that of i; `own` are
    /// the bounds that the judgements of i take, `opposite` those that the reciprocals then have.
    fn reach(&self, i: usize, own: &[f64], opposite: &[f64]) -> Vec<f64> {
        let others: Vec<usize> = (0..self.n).filter(|k| *k != i).collect();
        let mean = self.row_sum(i, own);
        let up = |k: usize, l: usize| self.upper[others[k] * self.n + others[l]];
        let mut reach = vec![0.0; 1 << others.len()];
        for set in 1..reach.len() {
            let k = set.trailing_zeros() as usize;
            let before = set & (set - 1);
            let mut sum = reach[before] + opposite[others[k] * self.n + i] - mean;
            for l in (0..others.len()).filter(|l| *l != k) {
                // Against those outside k gains; those inside lose what they had gained against k.
                sum += if before >> l & 1 == 1 { -up(l, k) } else { up(k, l) };
            }
            reach[set] = sum;
        }
        reach
    }
}

/// max Σ exp yₖ over the base polytope.
fn greatest_sum(reach: &[f64]) -> f64 {
    let mut best = vec![0.0_f64; reach.len()];
    for set in 1..reach.len() {
        let mut rest = set;
        while rest != 0 {
            let before = set & !(1 << rest.trailing_zeros());
            best[set] = best[set].max(best[before] + (reach[set] - reach[before]).exp());
            rest &= rest - 1;
        }
    }
    best[reach.len() - 1]
}

/// min Σ exp yₖ over the base polytope.
fn least_sum(reach: &[f64]) -> f64 {
    let all = reach.len() - 1;
    let (mut done, mut sum) = (0, 0.0);
    while done != all {
        let beyond = (1..=all).filter(|set| set & done == done && *set != done);
        let size = |set: usize| f64::from((set ^ done).count_ones());
        let mean = |set: usize| (reach[set] - reach[done]) / size(set);
        let Some(flattest) = beyond.min_by(|a, b| mean(*a).total_cmp(&mean(*b))) else { break };
        sum += size(flattest) * mean(flattest).exp();
        done = flattest;
    }
    sum
}
