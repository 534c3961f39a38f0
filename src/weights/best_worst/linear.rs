//! The linear best–worst method.

use std::fmt;

use crate::error::Result;
use crate::numeric::check;
use crate::table::Table;
use crate::weights::{BestWorst, Origin, Weights};

/// The weights of the linear best–worst method.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct LinearBestWorst {
    weights: Weights,
    xi: f64,
}

checked_when_read!(LinearBestWorst);

/// The bound that one criterion, or the direct judgement, puts on `w_B` and `w_W` in units of ξ:
/// `|w_B − slope · w_W| ≤ width`.
#[derive(Clone, Copy)]
struct Band {
    slope: f64,
    width: f64,
}

impl BestWorst {
    /// The weights that minimise `ξ = max {|w_B − a_Bj w_j|, |w_j − a_jW w_W|}` over all j: the solution of the linear
    /// program, which is unique.
    ///
    /// # Numerical notes
    ///
    /// In units of ξ the program is to make Σ wⱼ as large as the bounds of width 1 allow. Every other criterion takes its
    /// upper bound `min {(w_B + 1)/a_Bj, a_jW w_W + 1}`. What remains are bounds on `w_B` that rise with `w_W`, and bounds on
    /// `w_W` that rise with `w_B`; such a set has a greatest point, at the nearest crossing of two bounds, and there all
    /// weights are at their greatest together. So the program is solved exactly, without a solver.
    ///
    /// # Errors
    ///
    /// As for [`Weights::normalised`], when a weight leaves the range of `f64`.
    ///
    /// # References
    ///
    /// Rezaei (2016), doi:10.1016/j.omega.2015.12.001, model (3).
    pub fn linear(&self) -> Result<LinearBestWorst> {
        let (values, unit) = match self.greatest_point() {
            Some((best, worst)) => (self.upper_bounds(best, worst), 1.0),
            // Without a crossing nothing contradicts: a_jW w_W holds exactly.
            None => (self.others_to_worst.clone(), 0.0),
        };
        let xi = unit / values.iter().sum::<f64>();
        let origin = Origin::Judgements("linear best–worst method".into());
        let weights = Weights::normalised(self.names.iter().cloned(), values)?.with_origin(origin);
        Ok(LinearBestWorst { weights, xi })
    }

    /// The greatest `w_B` and `w_W` in units of ξ, if there is one.
    fn greatest_point(&self) -> Option<(f64, f64)> {
        let direct = Band { slope: self.best_to_worst(), width: 1.0 };
        let others = self.others().map(|other| Band { slope: other.product(), width: 1.0 + other.from_best });
        let bands: Vec<Band> = others.chain([direct]).collect();
        // The upper bound of a flat band on w_B meets that of a steep one on w_W.
        let crossing = |flat: &Band, steep: &Band| {
            let best = (flat.slope * steep.width + steep.slope * flat.width) / (steep.slope - flat.slope);
            (best, (best + steep.width) / steep.slope)
        };
        let pairs = bands.iter().flat_map(|flat| bands.iter().map(move |steep| (flat, steep)));
        let crossings = pairs.filter(|(flat, steep)| flat.slope < steep.slope);
        crossings.map(|(flat, steep)| crossing(flat, steep)).min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// Every weight at its upper bound, in units of ξ.
    fn upper_bounds(&self, best: f64, worst: f64) -> Vec<f64> {
        let mut values = vec![best; self.names.len()];
        values[self.places().worst] = worst;
        for other in self.others() {
            values[other.at] = ((best + 1.0) / other.from_best).min(other.to_worst * worst + 1.0);
        }
        values
    }
}

impl LinearBestWorst {
    /// The weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The least possible greatest deviation ξ^L, which is itself the measure of consistency: 0 when the judgements are
    /// fully consistent, close to 0 when they nearly are.
    pub fn xi(&self) -> f64 {
        self.xi
    }

    fn check(&self) -> Result<()> {
        check::non_negative(self.xi, || "xi".into()).map(|_| ())
    }

    /// The weights as a table.
    pub fn table(&self) -> Table {
        self.weights.table().note(format!("xi = {:.4}", self.xi))
    }
}

impl fmt::Display for LinearBestWorst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
