//! The correlations that a model implies.

use nalgebra::DMatrix;

use crate::structural::assess::Assessment;
use crate::structural::assess::estimates::Estimates;
use crate::structural::assess::figures::Figures;
use crate::structural::model::effects::{carried, implied_correlations};

/// What a construct's unexplained variance is in the correlations that the estimated model implies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ResidualVariance {
    /// 1 − R² of the observed construct correlations. The variances that this implies are not quite 1 and are set to 1
    /// afterwards, as in cSEM and ADANCO.
    #[default]
    Observed,
    /// What makes every implied variance 1.
    Implied,
}

/// Which structural model implies the correlations of the constructs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub(crate) enum Structure {
    /// All constructs correlate freely: only the measurement is judged.
    Saturated,
    /// That of the paths.
    Estimated(ResidualVariance),
}

/// The correlations of the constructs that a structure implies.
pub(crate) fn implied_constructs(estimates: &Estimates<'_>, structure: Structure) -> DMatrix<f64> {
    let Structure::Estimated(residual) = structure else { return estimates.constructs.clone() };
    let Estimates { shape, constructs, paths, .. } = *estimates;
    let mut implied = implied_correlations(shape, paths, constructs.clone(), |implied, to| match residual {
        ResidualVariance::Observed => {
            carried(shape, paths, implied, (to, to)) + 1.0 - carried(shape, paths, constructs, (to, to))
        }
        ResidualVariance::Implied => 1.0,
    });
    implied.fill_diagonal(1.0);
    implied
}

/// The correlations of the indicators, Σ̂: λᵢλⱼ times the correlation of their constructs, ones on the diagonal, and as
/// observed between the indicators of a composite.
pub(crate) fn implied_indicators(estimates: &Estimates<'_>, structure: Structure) -> DMatrix<f64> {
    let constructs = implied_constructs(estimates, structure);
    let Estimates { shape, indicators, loadings, .. } = *estimates;
    DMatrix::from_fn(loadings.len(), loadings.len(), |row, column| {
        if row == column {
            1.0
        } else if shape.in_composite(row, column) {
            indicators[(row, column)]
        } else {
            loadings[row] * constructs[(shape.owners[row], shape.owners[column])] * loadings[column]
        }
    })
}

impl Assessment<'_> {
    /// The correlations Σ̂ of the indicators that the estimated model implies; for the formula see [`Assessment::model_fit`].
    pub fn implied_correlations(&self, residual: ResidualVariance) -> Figures {
        let structure = Structure::Estimated(residual);
        let implied = self.fit.with_estimates(|estimates| implied_indicators(estimates, structure));
        let rows = ("indicator", self.fit.model().indicators());
        let columns = ("indicator", self.fit.model().indicators());
        Figures::new("Implied correlations", rows, columns, |row, column| Some(implied[(row, column)])).triangular()
    }
}
