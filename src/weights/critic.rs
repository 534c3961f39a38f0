//! CRITIC weights: criteria importance through intercriteria correlation.

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::table::{Column, Table};
use crate::weights::{DecisionMatrix, Weights};

/// CRITIC weights: a criterion counts by its contrast and by how little the other criteria say the same.
///
/// # Formula
///
/// On columns scaled to [0, 1] by their least and greatest value, 1 the best: Cⱼ = σⱼ Σₖ (1 − rⱼₖ), wⱼ = Cⱼ / Σₖ Cₖ, with
/// σⱼ the standard deviation (divisor n − 1; the divisor cancels in the weights) and r the product-moment correlation.
///
/// # Examples
///
/// ```
/// use satindex::weights::DecisionMatrix;
///
/// let cars = [[3.0, 100.0, 7.0], [2.5, 80.0, 7.5], [1.8, 50.0, 6.0], [2.0, 70.0, 9.0]];
/// let critic = DecisionMatrix::new(["range", "price", "comfort"], cars)?.with_costs(["price"])?.critic()?;
/// // What has range has its price: the two are in conflict, and count more than comfort.
/// assert!(critic.weights().get("range")? > critic.weights().get("comfort")?);
/// # Ok::<(), satindex::Error>(())
/// ```
///
/// # References
///
/// Diakoulaki, Mavrotas & Papayannakis (1995), doi:10.1016/0305-0548(94)00059-H.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
#[doc(alias = "intercriteria correlation")]
pub struct Critic {
    weights: Weights,
    contrasts: Vec<f64>,
    conflicts: Vec<f64>,
    correlations: Vec<Vec<f64>>,
}

checked_when_read!(Critic);

/// Conflict below this is the rounding of perfect correlation.
const NO_CONFLICT: f64 = 1e-12;

impl DecisionMatrix {
    /// CRITIC weights.
    ///
    /// # Errors
    ///
    /// A column that is constant up to rounding, which has no correlation; all columns perfectly correlated.
    pub fn critic(&self) -> Result<Critic> {
        let (contrasts, directions) = self.standardised()?;
        let count = contrasts.len();
        // 1 − r as half the squared distance of the unit vectors: nothing cancels near perfect correlation.
        let conflict = |j: usize, k: usize| {
            directions[j].iter().zip(&directions[k]).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / 2.0
        };
        let dissent: Vec<Vec<f64>> = (0..count).map(|j| (0..count).map(|k| conflict(j, k)).collect()).collect();
        let conflicts: Vec<f64> = dissent.iter().map(|row| row.iter().sum()).collect();
        // A criterion that stands alone is in conflict with none and has all the weight.
        let information: Vec<f64> = match count {
            1 => vec![1.0],
            _ => contrasts.iter().zip(&conflicts).map(|(contrast, conflict)| contrast * conflict).collect(),
        };
        if count > 1 && conflicts.iter().all(|conflict| *conflict < NO_CONFLICT) {
            let reason = "all columns are perfectly correlated".into();
            return Err(ErrorKind::Degenerate { place: "the decision matrix".into(), reason }.into());
        }
        let weights = self.weights(information, "CRITIC")?;
        let correlations = dissent.into_iter().map(|row| row.into_iter().map(|value| 1.0 - value).collect()).collect();
        Ok(Critic { weights, contrasts, conflicts, correlations })
    }

    /// The standard deviation of each scaled column, and its deviations as a vector of length 1.
    fn standardised(&self) -> Result<(Vec<f64>, Vec<Vec<f64>>)> {
        let degrees = (self.alternatives().len() - 1) as f64;
        let mut faults = Faults::default();
        let mut columns = (Vec::new(), Vec::new());
        for (column, name) in self.criteria().iter().enumerate() {
            let Some(mut centred) = self.centred(column) else {
                faults.push(ErrorKind::Degenerate { place: format!("column `{name}`"), reason: "is constant".into() });
                continue;
            };
            let length = centred.iter().map(|d| d * d).sum::<f64>().sqrt();
            for deviation in &mut centred {
                *deviation /= length;
            }
            columns.0.push(length / degrees.sqrt());
            columns.1.push(centred);
        }
        faults.or(columns)
    }
}

impl Critic {
    /// The weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The weights alone.
    pub fn into_weights(self) -> Weights {
        self.weights
    }

    /// The contrast σⱼ of each criterion: the standard deviation (divisor n − 1) of its values scaled to [0, 1].
    pub fn contrasts(&self) -> &[f64] {
        &self.contrasts
    }

    /// The conflict Σₖ (1 − rⱼₖ) of each criterion with all others.
    pub fn conflicts(&self) -> &[f64] {
        &self.conflicts
    }

    /// The information Cⱼ, contrast times conflict, of each criterion.
    pub fn information(&self) -> Vec<f64> {
        self.contrasts.iter().zip(&self.conflicts).map(|(contrast, conflict)| contrast * conflict).collect()
    }

    /// Each criterion with its correlations with all criteria, where a cost counts by its negative.
    pub fn correlations(&self) -> impl ExactSizeIterator<Item = (&str, &[f64])> {
        self.weights.names().iter().map(String::as_str).zip(self.correlations.iter().map(Vec::as_slice))
    }

    fn check(&self) -> Result<()> {
        let count = self.weights.len();
        check::length(self.contrasts.len(), count, || "the list of contrasts".into())?;
        check::length(self.conflicts.len(), count, || "the list of conflicts".into())?;
        check::length(self.correlations.len(), count, || "the correlations".into())?;
        let rows = self.correlations().flat_map(|(name, row)| row.iter().map(move |value| (name, *value)));
        for (name, row) in self.correlations() {
            check::length(row.len(), count, || format!("the correlations of `{name}`"))?;
        }
        let figures = self.contrasts.iter().chain(&self.conflicts);
        let named = self.weights.names().iter().cycle().map(String::as_str).zip(figures.copied());
        for (name, value) in named.chain(rows) {
            check::finite(value, || format!("a figure of `{name}`"))?;
        }
        Ok(())
    }

    /// The weights with the contrast and the conflict that they come from.
    pub fn table(&self) -> Table {
        self.weights
            .table()
            .column(Column::number("contrast", self.contrasts.iter().copied()))
            .column(Column::number("conflict", self.conflicts.iter().copied()))
    }
}

impl fmt::Display for Critic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
