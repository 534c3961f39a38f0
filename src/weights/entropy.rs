//! Entropy weights.

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::table::{Column, Table};
use crate::weights::decision_matrix::{extremes, is_constant};
use crate::weights::{DecisionMatrix, Weights};

/// Entropy weights: a criterion counts by how unevenly it is spread over the alternatives.
///
/// # Formula
///
/// pᵢⱼ = xᵢⱼ / Σᵢ xᵢⱼ; Eⱼ = −Σᵢ pᵢⱼ ln pᵢⱼ / ln n; wⱼ = (1 − Eⱼ) / Σₖ (1 − Eₖ), with 0 ln 0 = 0 and n the number of rows.
///
/// # Numerical notes
///
/// The divergence 1 − Eⱼ is the sum of the non-negative terms φ(n pᵢⱼ) / (n ln n), φ(x) = x ln x − x + 1: no digits are
/// lost to cancellation when a column varies little, and a column that is constant up to rounding has exactly the
/// weight 0.
///
/// # References
///
/// Shannon (1948), doi:10.1002/j.1538-7305.1948.tb01338.x; Zeleny (1982), Multiple Criteria Decision Making.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
#[doc(alias = "entropy weight method")]
pub struct Entropy {
    weights: Weights,
    divergences: Vec<f64>,
}

checked_when_read!(Entropy);

impl DecisionMatrix {
    /// Entropy weights. The direction of a criterion makes no difference.
    ///
    /// # Errors
    ///
    /// A value that is negative, a column of zeros; every column constant.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::weights::DecisionMatrix;
    ///
    /// let entropy = DecisionMatrix::new(["a", "b"], [[1.0, 5.0], [0.0, 5.0]])?.entropy()?;
    /// assert_eq!(entropy.weights().values(), [1.0, 0.0]);
    /// assert_eq!(entropy.entropies(), [0.0, 1.0]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn entropy(&self) -> Result<Entropy> {
        let mut faults = Faults::default();
        let mut divergences = Vec::with_capacity(self.criteria().len());
        for (at, name) in self.criteria().iter().enumerate() {
            let column = self.column(at);
            for (row, value) in self.alternatives().iter().zip(&column).filter(|(_, value)| **value < 0.0) {
                let place = || format!("row `{row}` of column `{name}` is");
                let expected = || "a number that is not negative".into();
                faults.note(|| ErrorKind::Domain { place: place(), value: *value, expected: expected() });
            }
            let (_, greatest) = extremes(&column);
            faults.check(check::positive(greatest, || format!("the greatest value of column `{name}`")));
            divergences.push(divergence(&column));
        }
        faults.or(())?;
        let weights = self.weights(divergences.clone(), "entropy")?;
        Ok(Entropy { weights, divergences })
    }
}

/// 1 − E of a column.
fn divergence(column: &[f64]) -> f64 {
    let n = column.len() as f64;
    if is_constant(column) {
        return 0.0;
    }
    let (_, greatest) = extremes(column);
    // A sum that overflows or has lost its digits to underflow is taken again in units of the greatest value.
    let sum: f64 = column.iter().sum();
    let unit = if sum.is_normal() { 1.0 } else { greatest };
    let mean = column.iter().map(|value| value / unit).sum::<f64>() / n;
    column.iter().map(|value| phi((value / unit - mean) / mean)).sum::<f64>() / (n * n.ln())
}

/// (1 + t) ln(1 + t) − t for t ≥ −1: about t²/2 near 0, where the formula itself would cancel.
fn phi(t: f64) -> f64 {
    if t <= -1.0 {
        return 1.0;
    }
    if t.abs() > 0.05 {
        return (1.0 + t) * t.ln_1p() - t;
    }
    // Σ (−t)ᵏ / (k (k − 1)) from k = 2; the first term left out is below 10⁻¹⁶ of the sum.
    (2..=12).rev().fold(0.0, |tail, k| f64::from(k * (k - 1)).recip() - t * tail) * t * t
}

impl Entropy {
    /// The weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The weights alone.
    pub fn into_weights(self) -> Weights {
        self.weights
    }

    /// The entropies Eⱼ, from 0 (all in one alternative) to 1 (the same for all).
    pub fn entropies(&self) -> Vec<f64> {
        self.divergences.iter().map(|divergence| 1.0 - divergence).collect()
    }

    /// The divergences 1 − Eⱼ.
    pub fn divergences(&self) -> &[f64] {
        &self.divergences
    }

    fn check(&self) -> Result<()> {
        check::length(self.divergences.len(), self.weights.len(), || "the list of divergences".into())?;
        let mut faults = Faults::default();
        for (name, divergence) in self.weights.names().iter().zip(&self.divergences) {
            faults.check(check::finite(*divergence, || format!("the divergence of `{name}`")));
        }
        faults.or(())
    }

    /// The weights with the entropies that they come from.
    pub fn table(&self) -> Table {
        self.weights.table().column(Column::number("entropy", self.entropies()).decimals(4))
    }
}

impl fmt::Display for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
