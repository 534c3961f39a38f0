//! The least change of some judgements that reaches a consistency index.

use crate::ahp::completion;
use crate::ahp::excess::excess;
use crate::ahp::incomplete::{equal_confidence, log_least_squares};
use crate::ahp::judgement::{Judgements, cells, index_pairs};
use crate::ahp::perron::Pair;
use crate::error::Result;
use crate::numeric::linalg::dot;
use crate::numeric::minimise;

/// Prices of inconsistency that are tried.
const PRICES: usize = 100;

/// A consistency index that is rounding.
pub(super) const CONSISTENT: f64 = 1e-12;

/// The search for the least change of some cells.
pub(super) struct Search<'a> {
    judgements: &'a Judgements,
    /// The cells that may change.
    free: Vec<usize>,
    /// ln λ of the judgements.
    given: f64,
    /// The change in logs of the free cells to where λ is least, and ln λ and CI there.
    farthest: Vec<f64>,
    least: f64,
    least_ci: f64,
}

impl<'a> Search<'a> {
    /// All cells may change: the nearest consistent judgements are those of the geometric mean.
    pub(super) fn all(judgements: &'a Judgements) -> Result<Self> {
        let n = judgements.len();
        let u = log_least_squares(judgements, &equal_confidence(judgements))?;
        let rest = index_pairs(n).zip(judgements.raw_upper());
        let farthest = rest.map(|((i, j), ratio)| u[i] - u[j] - ratio.ln()).collect();
        let (given, _) = log_lambda(judgements.raw_upper(), n)?;
        let free = (0..cells(n)).collect();
        Ok(Self { judgements, free, given, farthest, least: (n as f64).ln(), least_ci: 0.0 })
    }

    /// Some cells may change.
    pub(super) fn of(judgements: &'a Judgements, free: Vec<usize>) -> Result<Self> {
        let n = judgements.len();
        let mut rest = judgements.raw_upper().to_vec();
        for cell in &free {
            rest[*cell] = 0.0;
        }
        let completion = completion::complete(&judgements.replaced(rest))?;
        let filled: Vec<f64> = index_pairs(n).map(|(i, j)| completion.z[i] / completion.z[j]).collect();
        let farthest = free.iter().map(|cell| (filled[*cell] / judgements.raw_upper()[*cell]).ln()).collect();
        let size = n as f64;
        let least = (size + completion.excess / size).ln();
        let least_ci = completion.excess / (size * (size - 1.0));
        let (given, _) = log_lambda(judgements.raw_upper(), n)?;
        Ok(Self { judgements, free, given, farthest, least, least_ci })
    }

    pub(super) fn free(&self) -> &[usize] {
        &self.free
    }

    pub(super) fn into_farthest(self) -> Vec<f64> {
        self.farthest
    }

    /// Can the free cells bring the judgements to this consistency index?
    pub(super) fn reaches(&self, ci: f64) -> bool {
        self.least_ci <= ci.max(CONSISTENT)
    }

    /// ln λ at a consistency index.
    fn wanted(&self, ci: f64) -> f64 {
        let n = self.judgements.len() as f64;
        (n + (n - 1.0) * ci).ln()
    }

    /// The share of the way to the least λ at which a parabola through both ends reaches the target.
    fn expected_share(&self, ci: f64) -> f64 {
        let left = (self.wanted(ci) - self.least).max(0.0) / (self.given - self.least).max(f64::MIN_POSITIVE);
        1.0 - left.sqrt().min(1.0)
    }

    /// About how far in logs the free cells must move.
    pub(super) fn expected_change(&self, ci: f64) -> f64 {
        self.expected_share(ci) * squares(&self.farthest).sqrt()
    }

    /// The upper triangle with the least change in logs that reaches the target.
    ///
    /// The change δ minimises ½|δ|² + μ ln λ for the price μ at which the target is met. ln λ falls as μ grows, and the
    /// price is found on a logarithmic scale by false position (Illinois).
    pub(super) fn least_change(&self, ci: f64) -> Vec<f64> {
        let wanted = self.wanted(ci);
        let share = self.expected_share(ci);
        if 1.0 - share <= 1e-6 {
            return self.apply(&self.farthest);
        }
        let mut change: Vec<f64> = self.farthest.iter().map(|far| share * far).collect();
        // For the parabola μ is share/(1 − share) over its curvature.
        let curvature = 2.0 * (self.given - self.least) / squares(&self.farthest);
        let mut price = (share.max(1e-6) / (1.0 - share) / curvature).ln();
        let (mut low, mut high) = (None::<(f64, f64)>, None::<(f64, f64)>);
        for _ in 0..PRICES {
            change = self.priced(price.exp(), change);
            let over = self.log_lambda(&change, None).map_or(f64::INFINITY, |reached| reached - wanted);
            if over.abs() <= 1e-13 * wanted || price.abs() > 60.0 {
                break;
            }
            // The end that stays is held for half of its value, so that it moves the next time.
            if over > 0.0 {
                low = Some((price, over));
                high = high.map(|(at, over)| (at, 0.5 * over));
            } else {
                high = Some((price, over));
                low = low.map(|(at, over)| (at, 0.5 * over));
            }
            price = match (low, high) {
                (Some((a, over)), Some((b, under))) if b - a > 1e-14 => a + (b - a) * over / (over - under),
                (Some((a, _)), None) => a + 1.0,
                (None, Some((b, _))) => b - 1.0,
                _ => break,
            };
        }
        self.apply(&self.within(change, wanted))
    }

    /// The change at a price of inconsistency.
    fn priced(&self, price: f64, start: Vec<f64>) -> Vec<f64> {
        let tolerance = 1e-11 * squares(&self.farthest).sqrt();
        let (change, _) = minimise::lbfgs(start, tolerance, 400, |change, gradient| {
            let value = self.log_lambda(change, Some(&mut *gradient))?;
            gradient.iter_mut().zip(change).for_each(|(g, change)| *g = price * *g + change);
            Some(0.5 * squares(change) + price * value)
        });
        change
    }

    /// The change, moved towards the least λ until the target is met.
    fn within(&self, change: Vec<f64>, wanted: f64) -> Vec<f64> {
        let towards = |share: f64| -> Vec<f64> {
            change.iter().zip(&self.farthest).map(|(change, far)| change + share * (far - change)).collect()
        };
        let met = |change: &[f64]| self.log_lambda(change, None).is_some_and(|reached| reached <= wanted);
        if met(&change) {
            return change;
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if met(&towards(middle)) { high = middle } else { low = middle }
        }
        towards(high)
    }

    fn apply(&self, change: &[f64]) -> Vec<f64> {
        let mut upper = self.judgements.raw_upper().to_vec();
        self.free.iter().zip(change).for_each(|(cell, change)| upper[*cell] *= change.exp());
        upper
    }

    /// ln λ after a change, and its gradient; `None` where there is none.
    fn log_lambda(&self, change: &[f64], gradient: Option<&mut [f64]>) -> Option<f64> {
        let n = self.judgements.len();
        let upper = self.apply(change);
        if !upper.iter().all(|ratio| (1e-150..1e150).contains(ratio)) {
            return None;
        }
        let (value, pair) = log_lambda(&upper, n).ok()?;
        if let Some(gradient) = gradient {
            let flow = |((i, j), ratio): ((usize, usize), &f64)| pair.flow(i, j, *ratio) - pair.flow(j, i, 1.0 / ratio);
            let slopes: Vec<f64> = index_pairs(n).zip(&upper).map(flow).collect();
            self.free.iter().zip(gradient).for_each(|(cell, slope)| *slope = slopes[*cell]);
        }
        Some(value)
    }
}

fn log_lambda(upper: &[f64], n: usize) -> Result<(f64, Pair)> {
    let mut matrix = vec![1.0; n * n];
    for ((i, j), ratio) in index_pairs(n).zip(upper) {
        matrix[i * n + j] = *ratio;
        matrix[j * n + i] = 1.0 / ratio;
    }
    let pair = Pair::of(&matrix, n)?;
    let size = n as f64;
    Ok(((size + excess(upper, &pair.right) / size).ln(), pair))
}

/// Σ x².
fn squares(x: &[f64]) -> f64 {
    dot(x, x)
}
